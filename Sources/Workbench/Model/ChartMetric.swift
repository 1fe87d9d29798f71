package import Experiments

/// What the charts show over the course of a run, one curve per subnetwork.
package enum ChartMetric: String, Sendable, CaseIterable {
  /// The training loss of every step.
  case loss
  /// (recall + specificity) / 2 on held-out data.
  case balancedAccuracy
  /// The harmonic mean of precision and recall on held-out data.
  case f1
  /// True positives among the predicted positives, on held-out data.
  case precision
  /// True positives among the positives, on held-out data.
  case recall
  /// Mean J of a mask to the others.
  case jaccard
  /// Mean J less the mean chance level.
  case excess
  /// Fraction of a mask's weights removed.
  case sparsity
  /// The run's samples per second while the subnetwork trained.
  case speed
  /// The peak signal-to-noise ratio of a picture's region, in dB.
  case psnr
  /// The SI-SNR improvement of a scene, in dB.
  case siSNRImprovement

  /// The word for it.
  package var title: String {
    switch self {
    case .loss: "loss"
    case .balancedAccuracy: "balanced accuracy"
    case .f1: "F1"
    case .precision: "precision"
    case .recall: "recall"
    case .jaccard: "mean J"
    case .excess: "J - chance"
    case .sparsity: "sparsity"
    case .speed: "samples/s"
    case .psnr: "PSNR"
    case .siSNRImprovement: "SI-SNRi"
    }
  }

  /// Its word on the command line.
  package var word: String {
    switch self {
    case .balancedAccuracy: "balanced-accuracy"
    case .jaccard: "mean-j"
    case .excess: "excess"
    case .speed: "speed"
    case .siSNRImprovement: "si-snr-improvement"
    case .loss, .f1, .precision, .recall, .sparsity, .psnr: rawValue
    }
  }

  /// Its head in a table of figures.
  package var column: String {
    switch self {
    case .jaccard: "mean_jaccard"
    case .speed: "samples_per_second"
    default: word.split(separator: "-").joined(separator: "_")
    }
  }

  /// The chart of a score.
  package init(_ metric: QualityMetric) {
    switch metric {
    case .balancedAccuracy: self = .balancedAccuracy
    case .psnr: self = .psnr
    case .siSNRImprovement: self = .siSNRImprovement
    }
  }

  /// Whether it is of the masks, which change in extraction only.
  package var isOfMasks: Bool {
    switch self {
    case .jaccard, .excess, .sparsity: true
    default: false
    }
  }

  /// Whether there is a value for every step, rather than one for each round.
  package var isPerStep: Bool { self == .loss || self == .speed }

  /// Whether it may stretch over powers of ten, so that a logarithmic scale makes sense.
  package var canBeLogarithmic: Bool { isPerStep }

  /// Whether a run can have values of it whose subnetworks are judged by a score; before any was
  /// judged, which is `nil`, every chart may come.
  package func isPossible(judgedBy score: QualityMetric?) -> Bool {
    guard let score else { return true }
    return switch self {
    case .balancedAccuracy, .psnr, .siSNRImprovement: self == ChartMetric(score)
    case .f1, .precision, .recall: score == .balancedAccuracy
    case .loss, .jaccard, .excess, .sparsity, .speed: true
    }
  }

  /// The next one that a run judged by a score can have, around.
  package func next(judgedBy score: QualityMetric?) -> ChartMetric {
    let all = Self.allCases.filter { $0 == self || $0.isPossible(judgedBy: score) }
    let index = all.firstIndex(of: self) ?? 0
    return all[(index + 1) % all.count]
  }
}
