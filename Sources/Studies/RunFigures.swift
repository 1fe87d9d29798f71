public import Experiments

/// What a run came to at each sparsity it was judged at, folded from its log.
public struct RunFigures: Sendable, Equatable {
  /// The state it was last in.
  public private(set) var state = RunState.preparing
  /// The instruction sets behind the numbers.
  public private(set) var computedWith: String?
  /// Its figures by target; 0 where nothing is pruned.
  public private(set) var targets: [Double: TargetFigures] = [:]

  private var clock = ActiveClock()
  private var samples = 0
  private var subnetworks = 1
  private var prunable = 0
  private var weightsLeft: [Int: Int] = [:]
  private var overlap: (round: Int, report: OverlapReport)?

  /// A run of which nothing is known.
  public init() {}

  /// Reads the log of a run.
  /// - Throws: `ExperimentError.file` if it cannot be read.
  public init(of directory: RunDirectory) throws {
    var figures = RunFigures()
    _ = try EventLog.scan(directory.eventsPath) { figures.take($0) }
    self = figures
  }

  /// Whether two runs came to the same.
  public static func == (first: RunFigures, second: RunFigures) -> Bool {
    first.state == second.state && first.computedWith == second.computedWith
      && first.targets == second.targets
  }

  /// Takes the next event of the log into account.
  public mutating func take(_ recorded: RecordedEvent) {
    clock.take(recorded)
    switch recorded.event {
    case .runStarted(let description):
      computedWith = description.computedWith
      subnetworks = description.subnetworks.count
      prunable = description.prunableParameters
    case .stateChanged(let next), .runEnded(let next):
      state = next
    case .stepFinished(let report):
      samples += report.samples
    case .pruned(let report):
      weightsLeft[report.subnetwork] = report.weightsLeft
    case .overlapMeasured(let report):
      overlap = (report.round, report)
    case .evaluated(let report) where report.stage == .retraining:
      // Retrainings between two targets are no part of the table.
      if let target = report.target { targets[target] = figures(of: report) }
    default:
      break
    }
  }

  private func figures(of report: EvaluationReport) -> TargetFigures {
    let qualities = report.subnetworks
    func mean(_ value: (SubnetworkQuality) -> Double) -> Double {
      qualities.reduce(0) { $0 + value($1) } / Double(max(1, qualities.count))
    }
    let present = overlap.flatMap { $0.round == report.round ? $0.report : nil }
    return TargetFigures(
      balancedAccuracy: mean(\.balancedAccuracy), precision: mean(\.precision),
      recall: mean(\.recall), f1: mean(\.f1), argmaxAccuracy: report.argmaxAccuracy,
      unionParameters: report.unionParameters.map(Double.init),
      allParameters: Double(allParameters(present, of: report)),
      meanJaccard: present.flatMap { Self.mean($0.meanJaccard) },
      meanChance: present.flatMap { Self.mean($0.meanChance) }, score: report.meanScore,
      hours: clock.seconds / 3600,
      samplesPerSecond: clock.seconds > 0 ? Double(samples) / clock.seconds : nil)
  }

  /// The sizes of all masks together: a weight counts for every subnetwork that uses it.
  private func allParameters(_ overlap: OverlapReport?, of report: EvaluationReport) -> Int {
    if let overlap {
      return overlap.ownership.enumerated().reduce(0) { $0 + $1.offset * $1.element }
    }
    return (0..<subnetworks).reduce(0) { $0 + (weightsLeft[$1] ?? prunable) }
  }

  /// The mean of the numbers among some values; of one mask there is no overlap.
  private static func mean(_ values: [Double]) -> Double? {
    let numbers = values.filter(\.isFinite)
    return numbers.isEmpty ? nil : numbers.reduce(0, +) / Double(numbers.count)
  }
}

/// The figures of a run at one sparsity; quality as the mean over the subnetworks.
public struct TargetFigures: Sendable, Equatable {
  /// (recall + specificity) / 2.
  public var balancedAccuracy: Double
  /// True positives among the predicted positives.
  public var precision: Double
  /// True positives among the positives.
  public var recall: Double
  /// The mean of the subnetworks' F1.
  public var f1: Double
  /// Accuracy of the argmax over the subnetworks' scores.
  public var argmaxAccuracy: Double?
  /// Weights used by at least one subnetwork.
  public var unionParameters: Double?
  /// Weights of all subnetworks added up.
  public var allParameters: Double
  /// Mean J over all pairs of masks; `nil` of a single one.
  public var meanJaccard: Double?
  /// What it would be for independent masks of the same densities.
  public var meanChance: Double?
  /// What the subnetworks are judged by above all; of a classifier the balanced accuracy.
  public var score: QualityScore?
  /// Hours of work from the run's beginning until it was judged, without pauses.
  public var hours: Double
  /// Training samples a second over that time, everything else included.
  public var samplesPerSecond: Double?
}
