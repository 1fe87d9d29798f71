package import Tensors

/// One strided or transposed convolution over spectra by itself, without normalisation: for benchmarks, and
/// for tests against the reference.
package final class SingleSpectralLayer {
  /// The kinds of layer.
  package enum Kind: Sendable, CaseIterable {
    /// From many frequencies to half as many.
    case convolution
    /// The way back.
    case transposed
  }

  /// The input, a group of lanes for each sample.
  package let input: LaneBatch
  /// The output.
  package let output: LaneBatch
  /// The gradient of the output; callers fill it before the backward pass.
  package let outputGradient: LaneBatch
  /// The gradient of the input after the backward pass.
  package let inputGradient: LaneBatch
  /// The shapes of both.
  package let inputShape: SpectralShape
  package let outputShape: SpectralShape

  private let step: SpectralStep
  private let source: FeatureMap
  private let pool: WorkerPool
  private let scratch: [FloatBuffer]
  private let shardGradients: FloatBuffer

  /// - Parameters:
  ///   - fineBins: frequencies on the side that has more of them.
  ///   - samples: the batch.
  package init(
    _ kind: Kind, inputs: Int, outputs: Int, frames: Int, fineBins: Int, kernel: Int, samples: Int,
    pool: WorkerPool
  ) {
    let isTransposed = kind == .transposed
    let geometry = SpectralGeometry(
      frames: frames, fineBins: fineBins, fineChannels: isTransposed ? outputs : inputs,
      coarseChannels: isTransposed ? inputs : outputs, kernel: kernel)
    let fine = SpectralShape(frames: frames, bins: fineBins)
    let coarse = SpectralShape(frames: frames, bins: geometry.coarseBins)
    (inputShape, outputShape) = isTransposed ? (coarse, fine) : (fine, coarse)
    input = inputShape.batch(channels: inputs, samples: samples)
    inputGradient = inputShape.batch(channels: inputs, samples: samples)
    output = outputShape.batch(channels: outputs, samples: samples)
    outputGradient = outputShape.batch(channels: outputs, samples: samples)
    func map(_ shape: SpectralShape, _ values: LaneBatch) -> FeatureMap {
      FeatureMap(
        channels: values.channels, height: shape.stretch, width: shape.bins,
        capacity: values.capacity, values: values.storage)
    }
    source = map(inputShape, input)
    let map = map(outputShape, output)
    let weights = 0..<geometry.weightCount
    step =
      isTransposed
      ? SpectralTransposedConvolution(
        sources: [source], output: map, weights: weights, bias: nil, geometry: geometry,
        isFirst: false)
      : SpectralConvolution(
        sources: [source], output: map, weights: weights, geometry: geometry, isFirst: false)
    _ = map.contribute()
    map.useGradient(outputGradient.storage)
    step.wire()
    source.useGradient(inputGradient.storage)
    step.findGradients()
    self.pool = pool
    let count = step.scratchCount * LaneBatch.lanes
    scratch = (0..<pool.threads).map { _ in FloatBuffer(count: count) }
    shardGradients = FloatBuffer(count: Network.shards * weights.count)
  }

  /// Weights, `[outputs, inputs, 3, k]`, of a transposed convolution `[inputs, outputs, 3, k]`.
  package var weightCount: Int { step.weights.count }

  /// Multiply-adds of one forward pass of one sample, padding not counted.
  package var multiplyAdds: Int {
    step.weights.count * inputShape.frames * min(inputShape.bins, outputShape.bins)
  }

  /// Computes the output.
  package func forward(weights: FloatBuffer) { run(weights) { step.forward($0) } }

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
    precondition(weights.count == weightCount, "weights of another layer")
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
