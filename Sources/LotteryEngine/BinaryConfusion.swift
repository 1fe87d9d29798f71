/// The four counts of a binary decision and the metrics made from them (paper §4).
public struct BinaryConfusion: Sendable, Equatable {
  /// Positives found.
  public var truePositives = 0
  /// Negatives taken for positives.
  public var falsePositives = 0
  /// Negatives recognised.
  public var trueNegatives = 0
  /// Positives missed.
  public var falseNegatives = 0

  /// No decision yet.
  public init() {}

  /// Counts a decision.
  public mutating func count(predicted: Bool, actual: Bool) {
    switch (predicted, actual) {
    case (true, true): truePositives += 1
    case (true, false): falsePositives += 1
    case (false, false): trueNegatives += 1
    case (false, true): falseNegatives += 1
    }
  }

  /// How many there were to be found.
  public var positives: Int { truePositives + falseNegatives }

  /// TP / (TP + FN); 0 without positives.
  public var recall: Double { ratio(truePositives, positives) }

  /// TN / (TN + FP); 0 without negatives.
  public var specificity: Double { ratio(trueNegatives, trueNegatives + falsePositives) }

  /// TP / (TP + FP); 0 where nothing was predicted positive.
  public var precision: Double { ratio(truePositives, truePositives + falsePositives) }

  /// (recall + specificity) / 2.
  public var balancedAccuracy: Double { (recall + specificity) / 2 }

  /// Harmonic mean of precision and recall: 2 TP / (2 TP + FP + FN); 0 without any.
  public var f1: Double {
    ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives)
  }

  private func ratio(_ part: Int, _ whole: Int) -> Double {
    whole == 0 ? 0 : Double(part) / Double(whole)
  }
}
