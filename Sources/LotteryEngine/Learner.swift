package import NeuralNetworks
package import Tensors

/// Weights that are being trained, with the optimizer that moves them.
package struct Learner {
  /// θ, dense.
  package let parameters: FloatBuffer
  package let optimizer: Adam

  /// A learner that starts from a copy of θ₀, with fresh moments.
  package init(
    _ task: any LotteryTask, layout: ParameterLayout, initial: FloatBuffer, pool: WorkerPool
  ) {
    parameters = FloatBuffer(count: initial.count)
    parameters.copy(from: initial)
    optimizer = task.makeOptimizer(layout: layout, pool: pool)
  }
}
