package import Experiments
package import TerminalUI

/// How far one subnetwork is in one stage, and its figures on the way.
package struct StageProgress: Sendable {
  /// A stretch of steps between two starts from θ₀ or from the masks.
  package struct Segment: Sendable, Equatable {
    /// The pruning round.
    package var round: Int
    /// Steps taken before it.
    package var firstStep: Int
    /// Steps it takes.
    package var plannedSteps: Int
    /// Epochs that passed before it.
    var firstEpoch: Int
    /// Epochs it takes.
    var epochs: Int
    /// When its first step that was seen ended, seconds since the run started; that step.
    var start: (step: Int, seconds: Double)
    /// The same of its last step so far.
    var end: (step: Int, seconds: Double)

    package static func == (left: Segment, right: Segment) -> Bool {
      left.round == right.round && left.firstStep == right.firstStep && left.start == right.start
        && left.end == right.end && left.plannedSteps == right.plannedSteps
        && left.firstEpoch == right.firstEpoch && left.epochs == right.epochs
    }
  }

  /// Buckets of a figure of which there is one per round.
  static let roundBuckets = 512
  /// More steps or epochs than any stage has: figures from a log may be anything.
  static let most = 1 << 40

  /// The pruning round, 0 before the first.
  package private(set) var round = 0
  /// Epoch within the stage.
  package private(set) var epoch = 0
  /// Step within the stage.
  package private(set) var step = 0
  /// Steps of the stage.
  package private(set) var plannedSteps = 0
  /// The loss of the newest step.
  package private(set) var lastLoss: Double?
  /// Mean loss of the newest finished epoch.
  package private(set) var epochLoss: Double?
  /// Steps whose loss was not finite.
  package private(set) var brokenSteps = 0
  /// The stretches so far, one a round.
  package private(set) var segments: [Segment] = []
  /// Loss over the steps counted through all rounds; one history per smoothing level.
  package private(set) var histories: [MinMaxSeries]
  /// When the steps were taken.
  private(set) var clock = StepClock()

  private var figures: [ChartMetric: MinMaxSeries] = [:]
  /// What there is once a round, over the seconds since the run started: masks are compared when all
  /// have been pruned, which is after the last step of most.
  private var timedFigures: [ChartMetric: MinMaxSeries] = [:]
  private var averages: [(value: Double, weight: Double)]

  /// Nothing yet.
  package init() {
    histories = Smoothing.allCases.map { _ in MinMaxSeries() }
    averages = Smoothing.allCases.map { _ in (0, 0) }
  }

  /// Steps taken through all rounds.
  package var totalSteps: Int { (segments.last?.firstStep ?? 0) + step }

  /// The share of the stage that is done, 0…1.
  package var fraction: Double {
    plannedSteps > 0 ? min(1, Double(step) / Double(plannedSteps)) : 0
  }

  /// The history of a metric over the steps counted through all rounds; `nil` while there is none.
  package func history(of metric: ChartMetric, smoothing: Smoothing = .none) -> MinMaxSeries? {
    metric == .loss ? histories[smoothing.rawValue] : figures[metric]
  }

  /// The history over the seconds since the run started of a metric that is told once a round; `nil` for
  /// others, whose times follow from the steps.
  package func timedHistory(of metric: ChartMetric) -> MinMaxSeries? { timedFigures[metric] }

  /// Takes a step in.
  /// - Parameters:
  ///   - seconds: when it ended, since the run started.
  ///   - epochs: how many the stage has; 0 if that is not known.
  /// - Returns: by how many steps the subnetwork moved on, thinned ones included.
  package mutating func record(
    _ report: StepReport, seconds: Double = 0, epochs: Int = 0
  ) -> Int {
    let before = totalSteps
    let reported = min(max(0, report.step), Self.most)
    if report.round != round || segments.isEmpty || reported < step {
      begin(report, step: reported, after: before, seconds: seconds)
    }
    let taken = reported - step
    epoch = report.epoch
    step = reported
    plannedSteps = report.plannedSteps
    lastLoss = report.loss
    let total = totalSteps
    let last = segments.count - 1
    segments[last].epochs = min(max(segments[last].epochs, epochs, report.epoch), Self.most)
    segments[last].end = (total, max(seconds, segments[last].end.seconds))
    clock.record(step: Double(total), seconds: seconds)
    record(report.loss, steps: taken)
    return taken
  }

  /// Takes an epoch's mean in.
  package mutating func record(_ report: EpochReport) {
    epochLoss = report.meanLoss
    epoch = max(epoch, report.epoch)
  }

  /// Takes a figure in that belongs to the newest step.
  /// - Parameter seconds: when it was known, since the run started.
  package mutating func record(_ value: Double, of metric: ChartMetric, seconds: Double) {
    let capacity = metric.isPerStep ? 2048 : Self.roundBuckets
    figures[metric, default: MinMaxSeries(capacity: capacity)]
      .append(x: Double(totalSteps), y: value)
    guard !metric.isPerStep else { return }
    timedFigures[metric, default: MinMaxSeries(capacity: Self.roundBuckets)]
      .append(x: seconds, y: value)
  }

  /// The memory of all histories, in bytes.
  var historyBytes: Int {
    histories.reduce(0) { $0 + $1.byteCount } + figures.values.reduce(0) { $0 + $1.byteCount }
      + timedFigures.values.reduce(0) { $0 + $1.byteCount }
  }

  private mutating func begin(
    _ report: StepReport, step first: Int, after before: Int, seconds: Double
  ) {
    let previous = segments.last
    let total = before + first
    segments.append(
      Segment(
        round: report.round, firstStep: before, plannedSteps: report.plannedSteps,
        firstEpoch: previous.map { $0.firstEpoch + $0.epochs } ?? 0, epochs: 0,
        start: (total, seconds), end: (total, seconds)))
    round = report.round
    step = 0
    for level in histories.indices { averages[level] = (0, 0) }
  }

  private mutating func record(_ loss: Double, steps: Int) {
    let position = Double(totalSteps)
    guard loss.isFinite else {
      brokenSteps += 1
      for level in histories.indices { histories[level].append(x: position, y: .nan) }
      return
    }
    for (level, smoothing) in Smoothing.allCases.enumerated() {
      // Bias-corrected moving average over steps, of which some may not have been seen.
      var kept = 1.0
      for _ in 0..<min(max(1, steps), 1000) { kept *= smoothing.factor }
      averages[level].value = averages[level].value * kept + loss * (1 - kept)
      averages[level].weight = averages[level].weight * kept + (1 - kept)
      histories[level].append(x: position, y: averages[level].value / averages[level].weight)
    }
  }
}
