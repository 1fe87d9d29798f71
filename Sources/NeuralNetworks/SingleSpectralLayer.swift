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

  /// Weights, `[outputs, inputs, 3, k]`, of a transposed convolution `[inputs, outputs, 3, k]`.
  package let weightCount: Int

  private let single: SingleStep

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
    let (source, target) = (map(inputShape, input), map(outputShape, output))
    weightCount = geometry.weightCount
    let weights = 0..<weightCount
    let step: Step =
      isTransposed
      ? SpectralTransposedConvolution(
        sources: [source], output: target, weights: weights, bias: nil, geometry: geometry,
        isFirst: false)
      : SpectralConvolution(
        sources: [source], output: target, weights: weights, geometry: geometry, isFirst: false)
    single = SingleStep(
      step, source: source, map: target, inputGradient: inputGradient,
      outputGradient: outputGradient, weightCount: weightCount, pool: pool)
  }

  /// Multiply-adds of one forward pass of one sample, padding not counted.
  package var multiplyAdds: Int {
    weightCount * inputShape.frames * min(inputShape.bins, outputShape.bins)
  }

  /// Computes the output.
  package func forward(weights: FloatBuffer) {
    single.forward(weights: weights, groups: input.groups)
  }

  /// Computes the gradients of the input and of the weights.
  /// - Parameter gradients: overwritten; as long as the weights.
  package func backward(weights: FloatBuffer, gradients: FloatBuffer) {
    single.backward(weights: weights, gradients: gradients, groups: input.groups)
  }
}
