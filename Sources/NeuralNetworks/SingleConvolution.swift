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

  private let single: SingleStep

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
    let source = FeatureMap(
      channels: inputs, height: height, width: width, capacity: batch, values: input.storage)
    let map = FeatureMap(
      channels: outputs, height: height, width: width, capacity: batch, values: output.storage)
    let weightCount = outputs * inputs * kernel * kernel
    let step: Step
    switch method ?? NetworkBuilder.method(inputs: inputs, outputs: outputs, kernel: kernel) {
    case .direct:
      step = DirectConvolution(
        source: source, output: map, weights: 0..<weightCount, kernel: kernel, isFirst: false)
    case .winograd:
      step = WinogradConvolution(
        source: source, output: map, weights: 0..<weightCount, isFirst: false)
    }
    single = SingleStep(
      step, source: source, map: map, inputGradient: inputGradient,
      outputGradient: outputGradient, weightCount: weightCount, pool: pool)
  }

  /// Multiply-adds of one forward pass of one sample.
  package var multiplyAdds: Int { single.multiplyAdds }

  /// Computes the output; weights `[outputs, inputs, kernel, kernel]`.
  package func forward(weights: FloatBuffer) {
    single.forward(weights: weights, groups: input.groups)
  }

  /// Computes the gradients of the input and of the weights.
  /// - Parameter gradients: overwritten; as long as the weights.
  package func backward(weights: FloatBuffer, gradients: FloatBuffer) {
    single.backward(weights: weights, gradients: gradients, groups: input.groups)
  }
}
