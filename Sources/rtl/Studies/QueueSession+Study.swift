import Studies

extension QueueSession {
  /// Reports on what is there of a study, and runs nothing.
  /// - Parameters:
  ///   - hasOthers: whether there are runs besides the plan's that the report is of.
  ///   - wayOn: the command line that goes on.
  ///   - finish: writes the reports' files and prints their tables.
  /// - Throws: `ExitStatus.failure` if not every run has finished; without any nothing is written.
  static func report(
    on runs: [PlannedRun], runsFolder: String, hasOthers: Bool = false, wayOn: String,
    finish: () throws -> Void
  ) throws {
    let standings = runs.map { RunStanding.of($0.name, in: runsFolder) }
    guard hasOthers || standings.contains(where: { $0 != .absent }) else {
      ErrorReport.write(
        "rtl: nothing is there yet: none of the plan's runs is in \(runsFolder). To begin: \(wayOn)"
      )
      throw ExitStatus.failure
    }
    try finish()
    let finished = standings.count { $0 == .finished }
    guard finished == runs.count else {
      ErrorReport.write(
        "rtl: \(finished) of \(runs.count) runs have finished; to go on: \(wayOn)")
      throw ExitStatus.failure
    }
  }

  /// Carries out what is left of a study's runs, and says how to go on where that does not end it.
  /// - Parameters:
  ///   - wayOn: the command line that goes on.
  ///   - save: writes the reports' files; whenever a run has ended, and before an interruption is told.
  ///   - finish: writes them and prints their tables.
  /// - Throws: what is wrong with the data or a schedule, once, before anything begins;
  ///   `ExitStatus.failure` if not every run has finished.
  static func carryOut(
    _ runs: [PlannedRun], runsFolder: String, threads: Int, wayOn: String,
    save: @escaping @MainActor () throws -> Void, finish: @MainActor () throws -> Void
  ) async throws {
    guard runs.contains(where: { RunStanding.of($0.name, in: runsFolder) != .finished }) else {
      return try finish()
    }
    let workloads = try StudyWorkloads(of: runs)
    let session = QueueSession(
      runs, workloads: workloads.byName, runsFolder: runsFolder, threads: threads)
    // A report that cannot be written now is written at the end, or its error told there.
    session.onRunEnded = { try? save() }
    switch await session.run() {
    case .interrupted:
      try save()
      print("interrupted; what is done is kept. To go on: \(wayOn)")
      throw ExitStatus.failure
    case .done(let isComplete):
      try finish()
      guard isComplete else {
        ErrorReport.write("rtl: not every run has finished; to try again: \(wayOn)")
        throw ExitStatus.failure
      }
    }
  }
}
