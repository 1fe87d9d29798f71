package import Datasets
package import NeuralNetworks
package import Tensors

/// One place where steps are taken: a network with its activations, and room for m_k ⊙ θ.
///
/// Not sendable: each worker thread that trains or evaluates owns one.
package final class SubnetworkTrainer {
  package let network: Network
  package let pool: WorkerPool
  /// m ⊙ θ of the latest step, before it.
  let effective: FloatBuffer
  /// The loss's gradient by m ⊙ θ of the latest step; what it holds outside the mask does not matter.
  let gradients: FloatBuffer
  private let task: any LotteryTask
  /// Made with the first step: who only evaluates has no use for its memory.
  private lazy var feeder = task.makeFeeder(pool: pool)

  /// A trainer whose steps are shared out over a pool.
  package init(task: any LotteryTask, pool: WorkerPool) {
    self.task = task
    self.pool = pool
    network = task.makeNetwork(pool: pool)
    effective = FloatBuffer(count: network.layout.count)
    gradients = FloatBuffer(count: network.layout.count)
  }

  /// One step of subnetwork k (paper §3): forward with m_k ⊙ θ on its mini-batch, backward, and an
  /// update of θ that touches nothing outside m_k.
  /// - Parameter random: the stream of the augmentation.
  /// - Returns: the mini-batch's mean loss before the step.
  /// - Throws: `DatasetError` if an image can no longer be read; nothing has moved then.
  package func step(
    _ batch: Minibatch, subnetwork: Int, mask: BitVector, learner: Learner,
    statistics: BatchNormStatistics, learningRate: Double, random: inout RandomStream
  ) throws -> Double {
    try feeder.load(batch, into: network.input, random: &random, pool: pool)
    effective.copy(from: learner.parameters, keeping: mask)
    network.use(mask: mask)
    network.forward(weights: effective, statistics: statistics, mode: .training)
    let loss = feeder.loss(batch, subnetwork: subnetwork, network: network)
    network.backward(weights: effective, gradients: gradients)
    learner.optimizer.step(
      parameters: learner.parameters, gradients: gradients, mask: mask, subnetwork: subnetwork,
      learningRate: learningRate,
      frozen: task.frozenRanges(subnetwork: subnetwork, layout: network.layout))
    return loss
  }

  /// Makes m ⊙ θ the weights of the following `evaluate` calls.
  package func useWeights(_ parameters: FloatBuffer, mask: BitVector) {
    effective.copy(from: parameters, keeping: mask)
    network.use(mask: mask)
  }

  /// Forward in evaluation mode; the logits are in `network.logits`.
  package func evaluate(statistics: BatchNormStatistics) {
    network.forward(weights: effective, statistics: statistics, mode: .evaluation)
  }
}
