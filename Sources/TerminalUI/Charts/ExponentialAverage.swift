/// A running mean that forgets: `m ← βm + (1 − β)y`, shown as `m / (1 − βⁿ)`.
///
/// The division corrects the start (as in Adam), so that a constant stays exactly itself.
public struct ExponentialAverage: Hashable, Sendable {
  /// β: 0 keeps each value as it is, close to 1 forgets slowly.
  public let smoothing: Double
  private var mean = 0.0
  private var weight = 0.0

  /// A mean that forgets by `smoothing`, bounded to 0…0.9999.
  public init(smoothing: Double) {
    self.smoothing = smoothing.isFinite ? min(max(smoothing, 0), 0.9999) : 0
  }

  /// The smoothed value after `y`; what isn't finite comes back as it is and changes nothing.
  public mutating func next(_ y: Double) -> Double {
    guard y.isFinite else { return y }
    // Weighted so that the correction is exact for a constant: the mean moves by the rest only.
    weight = smoothing * weight + (1 - smoothing)
    mean += (y - mean) * (1 - smoothing) / weight
    return mean
  }

  /// The points with their `y` smoothed, from the first on.
  public static func smoothed(_ points: [ChartPoint], by smoothing: Double) -> [ChartPoint] {
    var average = ExponentialAverage(smoothing: smoothing)
    return points.map { ChartPoint(x: $0.x, y: average.next($0.y)) }
  }
}
