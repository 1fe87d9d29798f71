internal import Experiments
internal import Foundation

/// What a run has left on disk to go on from.
struct StoredState {
  /// The place to begin at.
  var start: RunStart
  /// Where the log has to end there.
  var log = LogPosition.start
  /// The events up to there.
  var events: [RecordedEvent] = []
  /// What computed the checkpoint; `nil` without one.
  var computedWith: ComputedWith?
  /// Whether the plan was done.
  var isFinished = false

  private struct Candidate {
    var manifest: CheckpointManifest
    var snapshot: RunSnapshot
    var log: EventLog.Prefix
  }

  /// Looks for the newest checkpoint that is good and whose events are in the log as they were; where
  /// the log has lost some for every checkpoint, for the newest that is good. A gap in the record is no
  /// reason to give up the work.
  /// - Throws: `ExperimentError` for folders that cannot be read, and for damage that no checkpoint can
  ///   make up for.
  static func find(_ directory: RunDirectory, task: any LotteryTask) throws -> StoredState {
    try directory.checkLastingFiles(task)
    let store = CheckpointStore(folder: directory.checkpointsPath)
    let sizes = RunSnapshot.Sizes(task)
    func newest(fromAnyLog: Bool) throws -> (found: Candidate?, rejected: [String]) {
      try store.newest { checkpoint in
        let candidate = Candidate(
          manifest: checkpoint.manifest,
          snapshot: try RunSnapshot(
            files: checkpoint.files, folder: store.folder, sizes: sizes),
          log: try EventLog.prefix(directory.eventsPath, upTo: checkpoint.manifest.log))
        if let complaint = candidate.log.complaint, !fromAnyLog {
          throw EngineError.unsupported(complaint)
        }
        return candidate
      }
    }
    var (found, rejected) = try newest(fromAnyLog: false)
    if found == nil, !rejected.isEmpty { (found, rejected) = try newest(fromAnyLog: true) }
    var state: StoredState
    if let found {
      guard found.snapshot.place.round == 0 || directory.hasInitialParameters else {
        throw ExperimentError.damaged(
          path: directory.initialParametersPath, byte: nil, found: "no such file",
          expected: "what the rounds so far began with")
      }
      try store.setAside(above: found.manifest.number)
      state = StoredState(start: RunStart(task))
      state.start.watch = CollapseWatch(
        task.config.watch, memory: try directory.origin()?.watch ?? .init())
      // What it has seen is in the log, which ends where the checkpoint was taken.
      for event in found.log.events { _ = state.start.watch.take(event.event) }
      state.start.isNew = false
      state.start.isDescribed = found.log.events.contains { event in
        if case .runStarted = event.event { true } else { false }
      }
      state.start.snapshot = found.snapshot
      state.start.news =
        "resumed from checkpoint \(found.manifest.number), saved at event \(found.manifest.log.events)"
      state.log = found.log.end
      state.events = found.log.events
      state.computedWith = found.manifest.computedWith
    } else {
      // Beginning anew empties the log and, in time, removes what is there: never behind a person's back.
      guard rejected.isEmpty else {
        throw EngineError.mismatch(
          file: directory.checkpointsPath,
          found: "no good checkpoint (\(rejected.map { "\($0)" }.joined(separator: "; ")))",
          expected: "at least one; remove the folder to let the run begin anew")
      }
      state = StoredState(start: try beginning(directory, task: task))
      state.start.news = "no checkpoint to resume from; the run begins anew"
    }
    state.start.warnings = rejected.map { "not resumed from \($0)" }
    if let complaint = found?.log.complaint {
      state.start.warnings.append("the record has lost events, the run nothing: \(complaint)")
    }
    state.isFinished = EventLog.last(directory.eventsPath)?.event == .runEnded(.finished)
    return state
  }

  /// The beginning of the run: dense masks, or those of the round it was branched from.
  private static func beginning(
    _ directory: RunDirectory, task: any LotteryTask
  ) throws -> RunStart {
    guard let origin = try directory.origin() else { return RunStart(task) }
    let layout = task.makeLayout()
    func masks(_ round: Int) throws -> [Mask] {
      try Tickets.readMasks(
        directory.masksPath(round: round), subnetworks: task.subnetworkNames, layout: layout,
        round: round)
    }
    return RunStart(
      task, origin: origin, masks: try masks(origin.round),
      before: try masks(max(0, origin.round - 1)))
  }
}
