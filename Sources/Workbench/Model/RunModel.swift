package import Experiments

/// Everything the screens know of a run: a pure fold of its events.
package struct RunModel: Sendable {
  /// Log lines that are kept.
  package static let logLimit = 2000
  /// Lines on the charts that are kept.
  package static let markerLimit = 1000

  /// The run's name, printable.
  package internal(set) var name: String
  /// The fixed facts, once they are known.
  package internal(set) var description: RunDescription?
  /// The state the engine last reported.
  package internal(set) var state: RunState = .preparing
  /// What the engine is doing.
  package internal(set) var stage: Stage = .extraction
  /// The pruning round, 0 before the first.
  package internal(set) var round = 0
  /// The settings of the present round.
  package internal(set) var roundSettings: RoundSettings?
  /// What the rounds to come use, where a person changed it.
  package internal(set) var standing: StandingSettings?
  /// How far a person let the run go; `nil` is to the end of the plan.
  package internal(set) var runFor: RunLength?
  /// Whether a person has ended the run without an end: it is interrupted, not lost.
  package internal(set) var isKilled = false
  /// The alarms of the collapse watch that are raised, in the order in which they were.
  package internal(set) var alarms: [Alarm] = []
  /// When each of them was raised, in seconds of the run.
  var alarmSeconds: [Alarm: Double] = [:]
  /// Steps of each subnetwork in the present round.
  package internal(set) var roundSteps: [Int] = []
  /// Rounds that ended.
  package internal(set) var finishedRounds = 0
  /// Epochs of the present or latest joint retraining.
  package internal(set) var retrainingEpochs = 0
  /// Whether joint retraining has begun and not ended.
  package internal(set) var isRetraining = false
  /// Joint retrainings that ended.
  package internal(set) var finishedRetrainings = 0
  /// The K subnetworks.
  package internal(set) var subnetworks: [SubnetworkModel] = []
  /// The subnetwork of the newest step.
  package internal(set) var activeSubnetwork: Int?
  /// The latest comparison of all masks.
  package internal(set) var overlap: OverlapReport?
  /// The sparsity of each subnetwork at that comparison; some may have been pruned since.
  package internal(set) var comparedSparsity: [Double] = []
  /// J per layer and pair over the rounds.
  package internal(set) var overlapHistory = OverlapHistory()
  /// The subnetworks in an order that puts side by side what overlaps most; empty before a comparison.
  package internal(set) var similarityOrder: [Int] = []
  /// Quality and overlap of each subnetwork over the rounds.
  package internal(set) var course = CollapseCourse()
  /// One record per round, oldest first.
  package internal(set) var rounds: [RoundRecord] = []
  /// What the latest line about an alarm says.
  var alarmRow: AlarmRow?
  /// The latest evaluation of all subnetworks after joint retraining.
  package internal(set) var evaluation: EvaluationReport?
  /// Every evaluation after joint retraining.
  package internal(set) var evaluations: [EvaluationReport] = []
  /// What the subnetworks of a picture showed last, each in its region.
  package internal(set) var picture: PictureReport?
  /// The mixture of each scene as it was enhanced last, by the scene's index.
  package internal(set) var spectrograms: [Int: SpectrogramReport] = [:]
  /// The lines on the charts, newest last; at most `markerLimit`.
  package internal(set) var markers: [RunMarker] = []
  /// The newest log lines.
  package internal(set) var log: [LogLine] = []
  /// Log lines that were dropped from the front.
  package internal(set) var droppedLogLines = 0
  /// Seconds since 1970 of the first event.
  package internal(set) var startedAt: Double?
  /// Seconds since 1970 of the newest event.
  package internal(set) var lastTime: Double?
  /// The time of the newest step, or beginning of a stage, since the engine last stood still.
  var lastWork: (time: Double, isStep: Bool)?
  /// The rate of samples.
  package internal(set) var speed = SpeedMeter()
  /// Seconds spent and steps taken, per stage, between steps that were seen; standing still not counted.
  package internal(set) var effort: [Stage: Effort] = [:]
  /// The last message that was not merely informative.
  package internal(set) var alarm: LogLine?

  /// Time and steps spent on a stage.
  package struct Effort: Sendable, Equatable {
    /// Seconds in which the engine was running in this stage.
    package var seconds = 0.0
    /// Optimizer steps, of all subnetworks together.
    package var steps = 0
  }

  /// A run of which nothing is known but its name.
  package init(name: String = "") {
    self.name = Names.printable(name)
  }

  /// Ascending target sparsities.
  package var targets: [Double] { description?.targets ?? [] }

  /// The first target that is not reached; `nil` when all are.
  package var nextTarget: Double? {
    targets.first { !isReached($0) }
  }

  /// Whether the masks have lost what a target asks for; the engine rounds to whole weights.
  package func isReached(_ target: Double) -> Bool {
    let halfAWeight = 0.5 / Double(max(description?.prunableParameters ?? 1, 1))
    let counted = subnetworks.filter { !$0.isFrozen }
    guard !counted.isEmpty else { return meanSparsity + halfAWeight + 1e-9 >= target }
    return counted.allSatisfy { $0.sparsity + halfAWeight + 1e-9 >= target }
  }

  /// Mean sparsity of the subnetworks, 0 for none.
  package var meanSparsity: Double {
    guard !subnetworks.isEmpty else { return 0 }
    return subnetworks.reduce(0) { $0 + $1.sparsity } / Double(subnetworks.count)
  }

  /// What the subnetworks are judged by above all.
  package var metric: QualityMetric { judgedBy ?? .balancedAccuracy }

  /// What the subnetworks were judged by; `nil` while none was.
  package var judgedBy: QualityMetric? {
    subnetworks.lazy.compactMap { $0.quality?.figures.score.metric }.first
  }

  /// Mean score of the subnetworks that were judged.
  package var meanScore: QualityScore? {
    QualityScore.mean(subnetworks.compactMap { $0.quality?.figures.score })
  }

  /// Mean balanced accuracy of the subnetworks that were judged; `nil` where they have another score.
  package var meanBalancedAccuracy: Double? {
    meanScore.flatMap { $0.metric == .balancedAccuracy ? $0.value : nil }
  }

  /// Rounds that are planned, never fewer than were begun.
  package var plannedRounds: Int {
    max(changedPlan ?? description?.plannedRounds ?? 0, round)
  }

  /// Seconds from the first event to a time.
  package func elapsed(at time: Double?) -> Double {
    guard let startedAt, let time else { return 0 }
    return max(0, time - startedAt)
  }

  /// The steps of a stage that the furthest subnetwork has taken.
  package func furthestStep(in stage: Stage) -> Int {
    subnetworks.map { $0.progress(in: stage).totalSteps }.max() ?? 0
  }
}
