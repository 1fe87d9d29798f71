package import Tensors

/// A weight is worth what the loss would change without it, to first order: Σ |g · w| over the
/// mini-batches of the round's last epoch.
///
/// L(w = 0) − L ≈ −g w for one mini-batch (Molchanov et al. 2017, 2019). At the end of a training the
/// gradients of a whole epoch nearly cancel, so it is their magnitudes that are added up; absolute
/// values rather than squares, which single precision would lose. g and w are those of the step
/// itself: the gradient by m ⊙ θ, and m ⊙ θ before Adam moved it.
package struct TaylorCriterion: PruningCriterion {
  package init() {}

  package var gathersGradients: Bool { true }

  package func worth(of weights: TrainedWeights) -> FloatBuffer {
    guard let sensitivities = weights.sensitivities else {
      preconditionFailure("gradients were not gathered")
    }
    return sensitivities
  }
}

extension SubnetworkTrainer {
  /// Adds |g · w| of every prunable weight in the latest step to the sums of an epoch.
  ///
  /// Weight by weight, and one step after the other: the bits do not depend on the threads.
  package func addSensitivities(to sums: FloatBuffer) {
    let (sums, count) = (sums.pointer, sums.count)
    let (weights, gradients) = (effective.pointer, gradients.pointer)
    for index in 0..<count { sums[index] += abs(gradients[index] * weights[index]) }
  }
}
