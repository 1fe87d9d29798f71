package import Tensors

/// A weight is worth its magnitude |θ| (paper §2).
package struct MagnitudeCriterion: PruningCriterion {
  package init() {}

  package func worth(of weights: TrainedWeights) -> FloatBuffer { weights.trained }
}
