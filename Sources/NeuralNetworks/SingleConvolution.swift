package import Tensors

/// One convolution of stride 1 by itself, without normalisation: for benchmarks, and for tests against
/// the reference.
package final class SingleConvolution {
  /// The input, `[inputs, side, side]` per sample.
  package let input: LaneBatch
  /// The output, `[outputs, side, side]` per sample.
  package let output: LaneBatch
  /// The gradient of the output; callers fill it before the backward pass.
  package let outputGradient: LaneBatch
  /// The gradient of the input after the backward pass.
  package let inputGradient: LaneBatch

  private let step: Step
  private let source: FeatureMap
  private let map: FeatureMap
  private let pool: WorkerPool
  private let scratch: [FloatBuffer]
  private let weightCount: Int
  private let shardGradients: FloatBuffer

  /// The ways to compute it.
  package enum Method: Sendable, CaseIterable {
    /// With as many multiplications as the definition.
    case direct
    /// Winograd's; for kernels of side 3.
    case winograd
  }

  /// - Parameters:
  ///   - batch: samples.
  ///   - method: `nil` chooses as networks do.
  package init(
    inputs: Int, outputs: Int, height: Int, width: Int, kernel: Int, batch: Int,
    method: Method? = nil, pool: WorkerPool
  ) {
    func maps(_ channels: Int) -> LaneBatch {
      LaneBatch(channels: channels, pixels: height * width, capacity: batch)
    }
    (input, inputGradient) = (maps(inputs), maps(inputs))
    (output, outputGradient) = (maps(outputs), maps(outputs))
    source = FeatureMap(
      channels: inputs, height: height, width: width, capacity: batch, values: input.storage)
    map = FeatureMap(
      channels: outputs, height: height, width: width, capacity: batch, values: output.storage)
    weightCount = outputs * inputs * kernel * kernel
    switch method ?? NetworkBuilder.method(inputs: inputs, outputs: outputs, kernel: kernel) {
    case .direct:
      step = DirectConvolution(
        source: source, output: map, weights: 0..<weightCount, kernel: kernel, isFirst: false)
    case .winograd:
      step = WinogradConvolution(
        source: source, output: map, weights: 0..<weightCount, isFirst: false)
    }
    _ = map.contribute()
    map.useGradient(outputGradient.storage)
    step.wire()
    source.useGradient(inputGradient.storage)
    step.findGradients()
    self.pool = pool
    let count = step.scratchCount * LaneBatch.lanes
    scratch = (0..<pool.threads).map { _ in FloatBuffer(count: count) }
    shardGradients = FloatBuffer(count: Network.shards * weightCount)
  }

  /// Multiply-adds of one forward pass of one sample.
  package var multiplyAdds: Int { step.multiplyAdds }

  /// Computes the output; weights `[outputs, inputs, kernel, kernel]`.
  package func forward(weights: FloatBuffer) {
    run(weights) { step.forward($0) }
  }

  /// Computes the gradients of the input and of the weights.
  /// - Parameter gradients: overwritten; as long as the weights.
  package func backward(weights: FloatBuffer, gradients: FloatBuffer) {
    pool.parallel(shards: shards) { shard in
      (shardGradients.pointer + shard * weightCount).update(repeating: 0, count: weightCount)
    }
    run(weights) { step.backward($0) }
    OrderedSum.reduce(
      shardGradients.pointer, count: shards, stride: weightCount, into: gradients.pointer,
      range: 0..<weightCount)
  }

  private var shards: Int { min(Network.shards, input.groups) }

  private func run(_ weights: FloatBuffer, _ body: (ShardPass) -> Void) {
    precondition(weights.count == weightCount, "weights of another convolution")
    let groups = input.groups
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
