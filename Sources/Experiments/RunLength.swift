/// How far a run goes before it stands still.
///
/// Batches and epochs are counted for each subnetwork by itself: the run stands still once every
/// subnetwork that is being trained has had its share, at the latest before one of them would begin
/// with more. Subnetworks that are trained side by side so stand after the same count, whatever
/// their speed; one after another, the first whose share is used up stops the run. Rounds are pruning
/// rounds, the present one included.
public struct RunLength: Sendable, Codable, Hashable {
  /// What is counted.
  public enum Unit: String, Sendable, Codable, CaseIterable {
    /// Optimizer steps.
    case batches
    /// Passes over a subset; the present one counts as the first.
    case epochs
    /// Pruning rounds, with the joint retraining that may follow the last of them.
    case rounds
  }

  /// The largest count that is taken.
  public static let mostUnits = 1_000_000_000

  /// How many.
  public var count: Int
  /// Of what.
  public var unit: Unit

  /// A length.
  public init(_ count: Int, _ unit: Unit) {
    self.count = count
    self.unit = unit
  }

  /// The length in words.
  public var description: String {
    count == 1
      ? "1 \(unit == .batches ? "batch" : String(unit.rawValue.dropLast()))"
      : "\(count) \(unit.rawValue)"
  }
}
