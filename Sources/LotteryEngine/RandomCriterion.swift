package import Tensors

/// A weight is worth what the seed draws: every surviving one is as likely to go as any other.
///
/// The control for criteria: the same rounds and trainings, and masks that know nothing of them.
package struct RandomCriterion: PruningCriterion {
  package init() {}

  package func worth(of weights: TrainedWeights) -> FloatBuffer {
    var random = RandomStream(
      seed: weights.seed, purpose: "random criterion", weights.round, weights.subnetwork)
    let worth = FloatBuffer(count: weights.count)
    for index in 0..<weights.count { worth.pointer[index] = random.uniform() }
    return worth
  }
}
