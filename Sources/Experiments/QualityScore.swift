/// What the subnetworks of a task are judged by above all; higher is better.
public enum QualityMetric: String, Sendable, Codable, CaseIterable {
  /// (recall + specificity) / 2 of a classifier.
  case balancedAccuracy = "balanced_accuracy"
  /// The peak signal-to-noise ratio of a picture, in dB.
  case psnr
  /// By how much the scale-invariant signal-to-noise ratio of enhanced speech is above that of the noisy
  /// sound, in dB.
  case siSNRImprovement = "si_snr_improvement"

  /// The words for it.
  public var title: String {
    switch self {
    case .balancedAccuracy: "balanced accuracy"
    case .psnr: "PSNR"
    case .siSNRImprovement: "SI-SNRi"
    }
  }

  /// Its unit, with a blank before it; nothing for a ratio.
  public var unit: String {
    switch self {
    case .balancedAccuracy: ""
    case .psnr, .siSNRImprovement: " dB"
    }
  }

  /// How many decimals tell something.
  public var decimals: Int {
    switch self {
    case .balancedAccuracy: 3
    case .psnr, .siSNRImprovement: 2
    }
  }
}

/// A figure of quality with its metric.
public struct QualityScore: Sendable, Codable, Equatable {
  /// What was measured.
  public var metric: QualityMetric
  /// How much; higher is better.
  public var value: Double

  /// A score.
  public init(_ metric: QualityMetric, _ value: Double) {
    self.metric = metric
    self.value = value
  }

  /// The mean of scores of one metric; `nil` of none.
  public static func mean(_ scores: [QualityScore]) -> QualityScore? {
    scores.first.map { first in
      QualityScore(first.metric, scores.reduce(0) { $0 + $1.value } / Double(scores.count))
    }
  }
}
