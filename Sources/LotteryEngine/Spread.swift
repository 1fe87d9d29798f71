/// Minimum, median and maximum of a figure that was measured several times.
public struct Spread: Sendable, Encodable {
  /// The smallest.
  public let min: Double
  /// The middle one; of an even number the upper of the two.
  public let median: Double
  /// The largest.
  public let max: Double

  /// The spread of at least one value.
  init(_ values: [Double]) {
    let sorted = values.sorted()
    (min, median, max) = (sorted[0], sorted[sorted.count / 2], sorted[sorted.count - 1])
  }
}

extension Array {
  /// At most so many of the elements, evenly spread over their order; the first is among them.
  func spread(to count: Int) -> [Element] {
    guard count < self.count else { return self }
    return (0..<count).map { self[$0 * self.count / count] }
  }
}
