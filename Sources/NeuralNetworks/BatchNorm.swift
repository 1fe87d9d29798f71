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

  /// One per channel; readers find them here.
  let coefficients: UnsafeMutablePointer<Normalization.Coefficients>
  /// Two sums per group and channel, of values or of gradients.
  let sums: UnsafeMutablePointer<(Float, Float)>
  private var inverseDeviation: [Float]

  init(weight: Range<Int>, bias: Range<Int>, statistics: Range<Int>, groups: Int) {
    channels = weight.count
    (self.weight, self.bias, self.statistics) = (weight, bias, statistics)
    inverseDeviation = Array(repeating: 0, count: channels)
    coefficients = .allocate(capacity: channels)
    coefficients.initialize(repeating: Normalization.Coefficients(), count: channels)
    sums = .allocate(capacity: max(1, groups * channels))
    sums.initialize(repeating: (0, 0), count: max(1, groups * channels))
  }

  deinit {
    coefficients.deallocate()
    sums.deallocate()
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
    for c in 0..<channels {
      let (sum, products) = total(channel: c, groups: groups)
      let inverse = Double(inverseDeviation[c])
      gradients[bias.lowerBound + c] = Float(sum)
      gradients[weight.lowerBound + c] = Float(products * inverse)
      coefficients[c].gain = Float(Double(parameters[weight.lowerBound + c]) * inverse)
      coefficients[c].offset = Float(sum / Double(count))
      coefficients[c].slope = Float(products * inverse * inverse / Double(count))
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
    inverseDeviation[channel] = Float(inverse)
    coefficients[channel].mean = Float(mean)
    coefficients[channel].scale = Float(scale)
    coefficients[channel].shift = Float(
      Double(parameters[bias.lowerBound + channel]) - mean * scale)
  }
}
