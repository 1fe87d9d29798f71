internal import Datasets
internal import Experiments
internal import NeuralNetworks
package import Tensors

/// Whether anything of the input still reaches the outputs of a subnetwork.
///
/// A layer without weights cuts a plain stack in two, while a residual block goes on by its shortcut. No list
/// of layers tells the one from the other, so the network itself is asked: after a training pass of
/// m ⊙ θ₀ over a mini-batch, whose batch statistics keep even a faint signal of normal size, all samples
/// have the same outputs exactly when nothing of them got through.
package struct InputPath {
  private let task: any LotteryTask
  private let initial: FloatBuffer
  private let pool: WorkerPool

  /// - Parameter initial: θ₀.
  package init(task: any LotteryTask, initial: FloatBuffer, pool: WorkerPool) {
    (self.task, self.initial, self.pool) = (task, initial, pool)
  }

  /// For each mask whether the input reaches the outputs. One without an empty layer is taken to let it
  /// through.
  /// - Throws: `DatasetError` if a sample can no longer be read.
  package func reaches(_ masks: [BitVector], layers: [Range<Int>]) throws -> [Bool] {
    var trainer: SubnetworkTrainer?
    return try masks.enumerated().map { k, mask in
      guard layers.contains(where: { mask.populationCount(in: $0) == 0 }) else { return true }
      let network = trainer ?? SubnetworkTrainer(task: task, pool: pool)
      trainer = network
      return try reaches(mask, subnetwork: k, with: network)
    }
  }

  private func reaches(
    _ mask: BitVector, subnetwork k: Int, with trainer: SubnetworkTrainer
  ) throws -> Bool {
    let network = trainer.network
    guard let batch = task.epoch(stage: .extraction, round: 1, subnetwork: k, epoch: 1).first else {
      return true
    }
    var random = RandomStream(seed: task.config.seed, purpose: "input path", k)
    try task.makeFeeder(pool: pool).load(batch, into: network.input, random: &random, pool: pool)
    trainer.useWeights(initial, mask: mask)
    network.forward(
      weights: trainer.effective, statistics: BatchNormStatistics(layout: network.batchNormLayout),
      mode: .training)
    return differs(network.logits, lanesPerSample: task.architecture.lanesPerSample)
  }

  /// Whether some sample's values are not those of the first.
  private func differs(_ batch: LaneBatch, lanesPerSample: Int) -> Bool {
    let values = batch.storage.pointer
    for channel in 0..<batch.channels {
      for pixel in 0..<batch.pixels {
        for lane in lanesPerSample..<max(lanesPerSample, batch.count) {
          let value = values[batch.offset(sample: lane, channel: channel, pixel: pixel)]
          let first = values[
            batch.offset(sample: lane % lanesPerSample, channel: channel, pixel: pixel)]
          if value != first, !(value.isNaN && first.isNaN) { return true }
        }
      }
    }
    return false
  }
}
