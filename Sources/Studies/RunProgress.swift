public import Experiments

/// How far a run is in its plan and how fast it goes, from its events as they come.
public struct RunProgress: Sendable {
  /// The stage it is in; `nil` before the first.
  public private(set) var stage: Stage?
  /// The pruning round, from 1; of rounds that another run has made, their number there.
  public private(set) var round = 0
  /// The epoch within the stage, from 1.
  public private(set) var epoch = 0
  /// The state it is in.
  public private(set) var state = RunState.preparing
  /// Steps taken so far.
  public private(set) var done = Workload()
  /// Seconds of work and steps by stage, of the part that was watched.
  public private(set) var pace = Pace()

  private var targets: [Double] = []
  private var plannedRounds = 0
  private var finishedRetrainings = 0
  private var clock = ActiveClock()
  /// Steps taken in the present stage, and planned, by subnetwork.
  private var present: [Int: (taken: Int, planned: Int)] = [:]
  private var presentRound = 0

  /// A run of which nothing is known.
  public init() {}

  /// Takes the next event into account.
  /// - Parameter isNews: whether it has just happened; of what happened in an earlier sitting only a
  ///   part is told, from which no speed can be taken.
  public mutating func take(_ recorded: RecordedEvent, isNews: Bool) {
    let before = clock.seconds
    clock.take(recorded)
    if isNews, let stage { pace.add(seconds: clock.seconds - before, to: stage) }
    switch recorded.event {
    case .runStarted(let description):
      targets = description.targets
      plannedRounds = description.plannedRounds
    case .stateChanged(let next), .runEnded(let next):
      state = next
    case .roundStarted(let report):
      enter(.extraction, round: report.round)
      for (k, steps) in report.plannedSteps.enumerated() { present[k] = (0, steps) }
    case .retrainingStarted(let round, _):
      enter(.retraining, round: round)
    case .stepFinished(let report):
      if stage != report.stage || presentRound != report.round {
        enter(report.stage, round: report.round)
      }
      epoch = report.epoch
      done[report.stage] += report.step - (present[report.subnetwork]?.taken ?? 0)
      present[report.subnetwork] = (report.step, report.plannedSteps)
      if isNews { pace.add(steps: 1, to: report.stage) }
    case .roundFinished where stage == .extraction:
      finishStage(.extraction)
    case .retrainingFinished:
      finishStage(.retraining)
      finishedRetrainings += 1
    default:
      break
    }
  }

  /// Where it is, in words: `extraction round 5/23 42 %`, `retraining 50 % epoch 4`. In extraction the
  /// subnetworks take turns, each from its first epoch to its last: a share of all their steps only
  /// grows, where an epoch would go to and fro.
  public var place: String {
    let epoch = self.epoch > 0 ? " epoch \(self.epoch)" : ""
    switch stage {
    case nil: return state == .preparing ? "preparing" : state.rawValue
    case .extraction:
      let planned = present.values.reduce(0) { $0 + $1.planned }
      let taken = present.values.reduce(0) { $0 + $1.taken }
      let share = planned > 0 ? " \(min(100, taken * 100 / planned)) %" : ""
      return "extraction round \(round)/\(max(round, plannedRounds))" + share
    case .retraining:
      let target =
        targets.indices.contains(finishedRetrainings)
        ? " \(Percent.text(targets[finishedRetrainings]))" : ""
      return "retraining" + target + epoch
    }
  }

  private mutating func enter(_ stage: Stage, round: Int) {
    self.stage = stage
    self.round = round
    presentRound = round
    present = [:]
    epoch = 0
  }

  /// Counts what is left of a stage as done: of earlier sittings not every step is told.
  private mutating func finishStage(_ stage: Stage) {
    guard self.stage == stage else { return }
    done[stage] += present.values.reduce(0) { $0 + max(0, $1.planned - $1.taken) }
    present = [:]
  }
}

/// Seconds of work and optimizer steps, by stage.
public struct Pace: Sendable, Equatable {
  private var seconds: [Stage: Double] = [:]
  private var steps: [Stage: Int] = [:]

  /// Nothing measured.
  public init() {}

  /// Seconds a step takes; `nil` where too little was measured.
  public subscript(stage: Stage) -> Double? {
    guard let steps = steps[stage], steps >= 20, let seconds = seconds[stage], seconds > 0 else {
      return nil
    }
    return seconds / Double(steps)
  }

  /// Counts time.
  public mutating func add(seconds more: Double, to stage: Stage) {
    seconds[stage, default: 0] += more
  }

  /// Counts steps.
  public mutating func add(steps more: Int, to stage: Stage) {
    steps[stage, default: 0] += more
  }

  /// Both together.
  public static func + (first: Pace, second: Pace) -> Pace {
    var sum = first
    sum.seconds.merge(second.seconds, uniquingKeysWith: +)
    sum.steps.merge(second.steps, uniquingKeysWith: +)
    return sum
  }
}
