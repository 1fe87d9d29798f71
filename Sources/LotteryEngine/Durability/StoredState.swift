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

  /// Looks for the newest checkpoint that is good and whose events are in the log.
  /// - Throws: `ExperimentError` for folders that cannot be read, and for damage that no checkpoint can
  ///   make up for.
  static func find(_ directory: RunDirectory, task: ClassificationTask) throws -> StoredState {
    try checkLastingFiles(directory)
    let store = CheckpointStore(folder: directory.checkpointsPath)
    let sizes = RunSnapshot.Sizes(task)
    let (found, rejected) = try store.newest { checkpoint in
      (
        manifest: checkpoint.manifest,
        snapshot: try RunSnapshot(
          files: checkpoint.files, folder: store.folder, sizes: sizes),
        events: try EventLog.prefix(directory.eventsPath, upTo: checkpoint.manifest.log)
      )
    }
    var state: StoredState
    if let found {
      try store.setAside(above: found.manifest.number)
      state = StoredState(start: RunStart(task))
      state.start.watch = CollapseWatch(
        task.config.watch, memory: try directory.origin()?.watch ?? .init())
      // What it has seen is in the log, which ends where the checkpoint was taken.
      for event in found.events { _ = state.start.watch.take(event.event) }
      state.start.isNew = false
      state.start.snapshot = found.snapshot
      state.start.news =
        "resumed from checkpoint \(found.manifest.number), saved at event \(found.manifest.log.events)"
      state.log = found.manifest.log
      state.events = found.events
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
    state.start.warnings = rejected.map { "not resumed from a damaged \($0)" }
    state.isFinished = EventLog.last(directory.eventsPath)?.event == .runEnded(.finished)
    return state
  }

  /// The beginning of the run: dense masks, or those of the round it was branched from.
  private static func beginning(
    _ directory: RunDirectory, task: ClassificationTask
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

  /// θ₀ must be what it was: everything is rewound to it.
  private static func checkLastingFiles(_ directory: RunDirectory) throws {
    var sums = try FileSums(of: directory)
    sums.sums = sums.sums.filter {
      directory.path + "/" + $0.key == directory.initialParametersPath
    }
    if let complaint = sums.complaints(in: directory).first {
      throw EngineError.mismatch(
        file: directory.initialParametersPath, found: complaint,
        expected: "θ₀ as it was written")
    }
  }
}
