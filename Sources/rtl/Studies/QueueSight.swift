import Experiments
import Studies
import Workbench

/// What is known of the runs of a queue, for the table on a terminal: of each log only what is new is
/// read, and nothing of a run that stands still.
struct QueueSight {
  private let runsFolder: String
  private var folds: [String: EventFold<RunOverview>] = [:]
  /// Runs that nobody worked on when they were read last.
  private var settled: Set<String> = []
  /// Runs that were read after they had ended.
  private var closed: Set<String> = []
  /// The run that was in the middle last.
  private var latest = 0

  /// Runs that were not looked at.
  init(runsFolder: String) {
    self.runsFolder = runsFolder
  }

  /// The table as it is now.
  /// - Parameters:
  ///   - present: the run that is carried out here, with its state.
  ///   - others: runs that other processes were seen to work on.
  mutating func table(
    of queue: RunQueue, present: (name: String, state: RunState)?, others: Set<String>
  ) -> QueueTable {
    let rows = queue.runs.map { run -> QueueTable.Row in
      let ending = queue.endings[run.name]
      let isPresent = run.name == present?.name
      let isElsewhere = !isPresent && ending == nil && others.contains(run.name)
      let isWorkedOn = isPresent || isElsewhere
      let hasEnded = ending != nil && closed.insert(run.name).inserted
      if isWorkedOn || hasEnded || !settled.contains(run.name) { read(run.name) }
      if isWorkedOn { settled.remove(run.name) } else { settled.insert(run.name) }
      let overview = folds[run.name]?.value
      let word =
        isPresent
        ? present?.state.rawValue
        : Self.word(ending) ?? standing(of: run.name, isElsewhere, overview)
      return row(run.name, word ?? "", overview)
    }
    let isInMiddle = { (run: PlannedRun) in
      present.map { $0.name == run.name }
        ?? (others.contains(run.name) && queue.endings[run.name] == nil)
    }
    latest = queue.runs.firstIndex(where: isInMiddle) ?? latest
    return QueueTable(rows: rows, present: latest)
  }

  private mutating func read(_ name: String) {
    guard let directory = try? RunDirectory.open(name, in: runsFolder, suggests: false) else {
      return
    }
    // A log that cannot be read leaves a line without figures; that is all.
    _ = try? folds[name, default: EventFold(RunOverview()) { $0.take($1) }]
      .read(directory.eventsPath)
  }

  private func row(
    _ name: String, _ word: String, _ overview: RunOverview?
  ) -> QueueTable.Row {
    var row = QueueTable.Row(name: name, state: word)
    guard let overview, let summary = overview.summary else { return row }
    row.rounds = summary.rounds
    row.plannedRounds = overview.plannedRounds > 0 ? overview.plannedRounds : nil
    row.sparsity = overview.sparsity
    row.score = overview.score
    row.meanJaccard = overview.meanJaccard
    row.seconds = overview.seconds
    return row
  }

  private static func word(_ ending: RunQueue.Ending?) -> String? {
    switch ending {
    case .finished: "finished"
    case .stopped: "stopped"
    case .failed: "failed"
    case .skipped: "left out"
    case nil: nil
    }
  }

  private func standing(
    of name: String, _ isElsewhere: Bool, _ overview: RunOverview?
  ) -> String {
    if isElsewhere, case .held = RunStanding.of(name, in: runsFolder) { return "elsewhere" }
    return overview?.summary == nil ? "queued" : "interrupted"
  }
}
