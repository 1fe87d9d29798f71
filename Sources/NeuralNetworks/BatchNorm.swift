internal import Tensors

/// The coefficients of one batch normalisation, between the sums over the batch and the loops that
/// apply it.
///
/// Training: z = γ · (y − mean) / √(var + ε) + β over the batch's samples and pixels, padding lanes
/// excluded; the running variance is unbiased. Evaluation: the running statistics instead.
final class BatchNorm {
  let channels: Int
  /// Places of γ and β in the flat parameter store.
  let weight: Range<Int>
  let bias: Range<Int>
  /// Place in the running statistics.
  let statistics: Range<Int>

  static let epsilon = 1e-5

  var scale: [Float]
  var shift: [Float]
  var mean: [Float]
  var inverseDeviation: [Float]
  var backward: [Normalization.Backward] = []
  /// Two sums per group and channel, of values or of gradients.
  var sums: UnsafeMutableBufferPointer<(Float, Float)>

  init(weight: Range<Int>, bias: Range<Int>, statistics: Range<Int>) {
    channels = weight.count
    (self.weight, self.bias, self.statistics) = (weight, bias, statistics)
    let zeros = [Float](repeating: 0, count: channels)
    (scale, shift, mean, inverseDeviation) = (zeros, zeros, zeros, zeros)
    sums = .allocate(capacity: 0)
  }

  deinit { sums.deallocate() }

  func allocate(groups: Int) {
    sums.deallocate()
    sums = .allocate(capacity: groups * channels)
    sums.initialize(repeating: (0, 0))
  }

  /// Takes the running statistics.
  func useRunning(_ running: BatchNormStatistics, parameters: UnsafePointer<Float>) {
    for c in 0..<channels {
      let variance = Double(running.variance[statistics.lowerBound + c])
      set(
        channel: c, mean: Double(running.mean[statistics.lowerBound + c]), variance: variance,
        parameters)
    }
  }

  /// Takes the batch's statistics from the sums and moves the running ones towards them.
  /// - Parameter count: samples × pixels.
  func useBatch(
    groups: Int, count: Int, momentum: Double, running: BatchNormStatistics,
    parameters: UnsafePointer<Float>
  ) {
    for c in 0..<channels {
      let (sum, squares) = total(channel: c, groups: groups)
      let mean = sum / Double(count)
      let variance = max(0, squares / Double(count) - mean * mean)
      set(channel: c, mean: mean, variance: variance, parameters)
      let at = statistics.lowerBound + c
      let unbiased = variance * Double(count) / Double(max(1, count - 1))
      running.mean[at] = Float(Double(running.mean[at]) * (1 - momentum) + mean * momentum)
      running.variance[at] = Float(
        Double(running.variance[at]) * (1 - momentum) + unbiased * momentum)
    }
  }

  /// The gradients of γ and β from the sums over the gradient, and the coefficients of dy.
  func useGradient(
    groups: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>
  ) {
    backward.removeAll(keepingCapacity: true)
    for c in 0..<channels {
      let (sum, products) = total(channel: c, groups: groups)
      let inverse = Double(inverseDeviation[c])
      gradients[bias.lowerBound + c] = Float(sum)
      gradients[weight.lowerBound + c] = Float(products * inverse)
      backward.append(
        Normalization.Backward(
          scale: scale[c], shift: shift[c], mean: mean[c],
          gain: Float(Double(parameters[weight.lowerBound + c]) * inverse),
          offset: Float(sum / Double(count)),
          slope: Float(products * inverse * inverse / Double(count))))
    }
  }

  private func total(channel: Int, groups: Int) -> (Double, Double) {
    var total = (0.0, 0.0)
    for group in 0..<groups {
      let (a, b) = sums[group * channels + channel]
      total.0 += Double(a)
      total.1 += Double(b)
    }
    return total
  }

  private func set(
    channel: Int, mean: Double, variance: Double, _ parameters: UnsafePointer<Float>
  ) {
    let inverse = 1 / (variance + Self.epsilon).squareRoot()
    let scale = Double(parameters[weight.lowerBound + channel]) * inverse
    self.mean[channel] = Float(mean)
    inverseDeviation[channel] = Float(inverse)
    self.scale[channel] = Float(scale)
    shift[channel] = Float(Double(parameters[bias.lowerBound + channel]) - mean * scale)
  }
}
