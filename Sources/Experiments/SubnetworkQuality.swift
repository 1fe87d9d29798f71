/// The quality of one subnetwork on held-out data.
///
/// A classifier has balanced accuracy, precision, recall and F1; another task has a score of its own,
/// and those are no numbers (`nan`) and not in its record.
public struct SubnetworkQuality: Sendable, Codable, Equatable {
  /// Index of the subnetwork.
  public var subnetwork: Int
  /// Mean loss.
  public var loss: Double
  private var knownBalancedAccuracy: Double?
  private var knownPrecision: Double?
  private var knownRecall: Double?
  private var knownF1: Double?
  private var knownScore: QualityScore?

  private enum CodingKeys: String, CodingKey {
    case subnetwork, loss
    case knownBalancedAccuracy = "balancedAccuracy"
    case knownPrecision = "precision"
    case knownRecall = "recall"
    case knownF1 = "f1"
    case knownScore = "score"
  }

  /// A judged classifier.
  public init(
    subnetwork: Int, loss: Double, balancedAccuracy: Double, precision: Double, recall: Double,
    f1: Double
  ) {
    self.subnetwork = subnetwork
    self.loss = loss
    knownBalancedAccuracy = balancedAccuracy
    knownPrecision = precision
    knownRecall = recall
    knownF1 = f1
  }

  /// A judged subnetwork of another task.
  public init(subnetwork: Int, loss: Double, score: QualityScore) {
    self.subnetwork = subnetwork
    self.loss = loss
    knownScore = score
  }

  /// What it is judged by above all.
  public var score: QualityScore {
    knownScore ?? QualityScore(.balancedAccuracy, balancedAccuracy)
  }

  /// (recall + specificity) / 2.
  public var balancedAccuracy: Double { knownBalancedAccuracy ?? .nan }

  /// True positives among the predicted positives; 0 where none is predicted.
  public var precision: Double { knownPrecision ?? .nan }

  /// True positives among the positives.
  public var recall: Double { knownRecall ?? .nan }

  /// 2 · precision · recall / (precision + recall); 0 where both are 0.
  public var f1: Double { knownF1 ?? .nan }
}

extension EvaluationReport {
  /// What the judged subnetworks come to: the score of all together where there is one, else the mean
  /// of their own; `nil` where nothing was judged.
  public var meanScore: QualityScore? {
    overall ?? QualityScore.mean(subnetworks.map(\.score))
  }
}
