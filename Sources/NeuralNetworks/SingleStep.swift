internal import Tensors

/// One step of a network by itself, over its shards: what a layer alone needs to be run, for benchmarks and
/// for tests against the reference.
final class SingleStep {
  private let step: Step
  // The step only refers to what it reads.
  private let source: FeatureMap
  private let pool: WorkerPool
  private let scratch: [FloatBuffer]
  private let weightCount: Int
  private let shardGradients: FloatBuffer

  /// - Parameters:
  ///   - step: from `source` to `map`; its weights are the first `weightCount` parameters.
  ///   - inputGradient: gets the gradient of the source.
  ///   - outputGradient: holds that of the map when `backward` is called.
  init(
    _ step: Step, source: FeatureMap, map: FeatureMap, inputGradient: LaneBatch,
    outputGradient: LaneBatch, weightCount: Int, pool: WorkerPool
  ) {
    self.step = step
    self.source = source
    self.pool = pool
    self.weightCount = weightCount
    _ = map.contribute()
    map.useGradient(outputGradient.storage)
    step.wire()
    source.useGradient(inputGradient.storage)
    step.findGradients()
    let count = step.scratchCount * LaneBatch.lanes
    scratch = (0..<pool.threads).map { _ in FloatBuffer(count: count) }
    shardGradients = FloatBuffer(count: Network.shards * weightCount)
  }

  /// Multiply-adds of one forward pass of one sample.
  var multiplyAdds: Int { step.multiplyAdds }

  /// Computes the output of so many groups of samples.
  func forward(weights: FloatBuffer, groups: Int) {
    run(weights, groups) { step.forward($0) }
  }

  /// Computes the gradients of the input and of the weights.
  /// - Parameter gradients: overwritten; as long as the weights.
  func backward(weights: FloatBuffer, gradients: FloatBuffer, groups: Int) {
    let shards = shards(groups)
    pool.parallel(shards: shards) { shard in
      (shardGradients.pointer + shard * weightCount).update(repeating: 0, count: weightCount)
    }
    run(weights, groups) { step.backward($0) }
    OrderedSum.reduce(
      shardGradients.pointer, count: shards, stride: weightCount, into: gradients.pointer,
      range: 0..<weightCount)
  }

  private func shards(_ groups: Int) -> Int { min(Network.shards, groups) }

  private func run(_ weights: FloatBuffer, _ groups: Int, _ body: (ShardPass) -> Void) {
    precondition(weights.count == weightCount, "weights of another layer")
    let shards = shards(groups)
    pool.parallel(shards: shards) { shard, worker in
      body(
        ShardPass(
          weights: UnsafePointer(weights.pointer),
          gradients: shardGradients.pointer + shard * weightCount,
          groups: groups * shard / shards..<groups * (shard + 1) / shards,
          scratch: scratch[worker].lanes, isTraining: true, partialGroup: -1,
          partialPresence: Lanes(repeating: 1)))
    }
  }
}
