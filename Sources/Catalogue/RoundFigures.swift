public import Experiments

/// The figures of one pruning round, folded from a run's events.
public struct RoundFigures: Sendable, Codable, Equatable {
  /// Counted from 1.
  public var round: Int
  /// Mean over the subnetworks: fraction of prunable weights removed.
  public var sparsity: Double?
  /// Mean J over all pairs of masks; `nil` for K = 1.
  public var meanJaccard: Double?
  /// Mean of J − chance over all pairs; `nil` for K = 1.
  public var excess: Double?
  /// Weights used by at least one subnetwork.
  public var unionParameters: Int?
  /// Mean over the subnetworks, each judged at the end of its extraction.
  public var balancedAccuracy: Double?
  /// Mean over the subnetworks after joint retraining.
  public var jointBalancedAccuracy: Double?
  /// What the subnetworks are judged by if not by balanced accuracy: the same means of that; `nil` for
  /// classifiers, and not written then.
  public var score: QualityScore?
  /// The same after joint retraining: of all together where a task judges that.
  public var jointScore: QualityScore?
  /// The target sparsity that the retraining belongs to.
  public var target: Double?

  private enum CodingKeys: String, CodingKey {
    case round, sparsity, meanJaccard, excess, unionParameters, balancedAccuracy
    case jointBalancedAccuracy, score, jointScore, target
  }

  /// Writes every key, `null` where there is no figure.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(round, forKey: .round)
    try container.encode(sparsity, forKey: .sparsity)
    try container.encode(meanJaccard, forKey: .meanJaccard)
    try container.encode(excess, forKey: .excess)
    try container.encode(unionParameters, forKey: .unionParameters)
    try container.encode(balancedAccuracy, forKey: .balancedAccuracy)
    try container.encode(jointBalancedAccuracy, forKey: .jointBalancedAccuracy)
    try container.encodeIfPresent(score, forKey: .score)
    try container.encodeIfPresent(jointScore, forKey: .jointScore)
    try container.encode(target, forKey: .target)
  }

  /// The quality before the rewind, by what the subnetworks are judged by.
  public var quality: QualityScore? {
    score ?? balancedAccuracy.map { QualityScore(.balancedAccuracy, $0) }
  }

  /// The quality after joint retraining, by what the subnetworks are judged by.
  public var jointQuality: QualityScore? {
    jointScore ?? jointBalancedAccuracy.map { QualityScore(.balancedAccuracy, $0) }
  }

  /// A round without figures.
  init(round: Int) {
    self.round = round
  }

  /// The finished rounds of a run, ascending.
  /// - Throws: `ExperimentError` if the log cannot be read.
  static func rounds(of directory: RunDirectory) throws -> [RoundFigures] {
    var fold = Fold()
    _ = try EventLog.scan(directory.eventsPath, keepsProgress: false) { fold.apply($0.event) }
    return fold.finished
  }

  private struct Fold {
    private var rounds: [Int: RoundFigures] = [:]
    private var sparsities: [Int: [Int: Double]] = [:]
    private var qualities: [Int: [Int: Double]] = [:]
    private var metric = QualityMetric.balancedAccuracy
    private var ended: Set<Int> = []

    var finished: [RoundFigures] {
      ended.sorted().map { number in
        var figures = rounds[number] ?? RoundFigures(round: number)
        figures.sparsity = mean(sparsities[number])
        if let quality = mean(qualities[number]) {
          if metric == .balancedAccuracy {
            figures.balancedAccuracy = quality
          } else {
            figures.score = QualityScore(metric, quality)
          }
        }
        return figures
      }
    }

    private func mean(_ values: [Int: Double]?) -> Double? {
      guard let values, !values.isEmpty else { return nil }
      // In the order of the subnetworks, so that the sum has the same bits each time.
      let sum = values.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value }
      return sum / Double(values.count)
    }

    mutating func apply(_ event: Event) {
      switch event {
      case .pruned(let report):
        sparsities[report.round, default: [:]][report.subnetwork] = report.sparsity
      case .overlapMeasured(let report):
        var figures = rounds[report.round] ?? RoundFigures(round: report.round)
        figures.meanJaccard = PairMean.of(report.jaccard)
        figures.excess = PairMean.excess(report.jaccard, over: report.chance)
        figures.unionParameters = report.unionParameters
        rounds[report.round] = figures
      case .evaluated(let report) where report.stage == .extraction:
        for quality in report.subnetworks where quality.score.value.isFinite {
          metric = quality.score.metric
          qualities[report.round, default: [:]][quality.subnetwork] = quality.score.value
        }
      case .evaluated(let report):
        var figures = rounds[report.round] ?? RoundFigures(round: report.round)
        let finite = QualityScore.mean(report.subnetworks.map(\.score).filter(\.value.isFinite))
        if let quality = report.overall ?? finite {
          if quality.metric == .balancedAccuracy {
            figures.jointBalancedAccuracy = quality.value
          } else {
            figures.jointScore = quality
          }
        }
        figures.target = report.target
        rounds[report.round] = figures
      case .roundFinished(let round):
        ended.insert(round)
      default:
        break
      }
    }
  }
}
