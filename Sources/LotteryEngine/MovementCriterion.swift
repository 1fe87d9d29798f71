package import Tensors

/// A weight is worth how far training moved it from its beginning: |θ − θ₀|.
///
/// After the rewind a weight starts from θ₀ again, so what training does not move is, to the next
/// extraction, the same with any subset of the data.
package struct MovementCriterion: PruningCriterion {
  package init() {}

  package func worth(of weights: TrainedWeights) -> FloatBuffer {
    let worth = FloatBuffer(count: weights.count)
    for index in 0..<weights.count {
      worth.pointer[index] = weights.trained.pointer[index] - weights.initial.pointer[index]
    }
    return worth
  }
}
