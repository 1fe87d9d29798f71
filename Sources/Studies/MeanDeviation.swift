/// Mean and standard deviation of a figure over seeds.
public struct MeanDeviation: Sendable, Codable, Equatable {
  /// The mean.
  public let mean: Double
  /// √(Σ (x − mean)² / (n − 1)); `nil` of a single value.
  public let deviation: Double?
  /// How many values.
  public let count: Int

  /// Of some values; `nil` of none.
  public init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    self.mean = mean
    count = values.count
    guard values.count > 1 else {
      deviation = nil
      return
    }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    deviation = (squares / Double(values.count - 1)).squareRoot()
  }
}
