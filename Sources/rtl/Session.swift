import Attachment
import Dispatch
import Experiments
import Foundation
import Glibc
import LotteryEngine
import NcursesTerminal
import TerminalUI
import Workbench

/// One sitting of a person with the program: in the workbench, or in plain lines.
enum Session {
  /// Starts a run and opens the workbench, or prints plain lines where it was asked for or no screen
  /// can be had.
  /// - Parameters:
  ///   - beginning: what to launch at once; `nil` lets the person pick.
  ///   - theme: the theme that the command line names.
  @MainActor
  static func run(
    launcher: EngineLauncher, beginning: RunBeginning?, headless: Bool,
    script: WorkbenchScript? = nil, theme: String? = nil
  ) async throws {
    if let script {
      _ = try UserSettings().interface(theme: theme)
      let runner: AttachedRunner? =
        if let beginning { try await launcher.launchApart(beginning) } else { nil }
      return try await play(script, runner, launcher, theme: theme)
    }
    guard !headless else { return try await plain(launcher, beginning) }
    if let reason = TerminalReport.reasonForPlainMode() {
      guard beginning != nil else {
        throw UsageError("\(reason); to run without the workbench: rtl run CONFIG --headless")
      }
      ErrorReport.write("rtl: no workbench here: \(reason); printing plain lines instead")
      return try await plain(launcher, beginning)
    }
    // Before anything is launched: a wrong name must not leave an engine behind.
    let interface = try UserSettings().interface(theme: theme)
    let runner: AttachedRunner? =
      if let beginning { try await launcher.launchApart(beginning) } else { nil }
    try await workbench(runner, launcher, interface) { signals in
      guard let runner else { return try await plain(launcher, beginning) }
      // Who started a run in plain lines sees it to its end.
      signals.act = { runner.send(.stop(.now)) }
      guard await PlainLines.follow(runner, endsWaiting: true) else { throw ExitStatus.failure }
    }
  }

  /// Starts a run in the background and prints its name.
  static func detach(_ launcher: EngineLauncher, _ beginning: RunBeginning) async throws {
    let runner = try await launcher.launchApart(beginning, role: .watch)
    await runner.leave()
    print(runner.name)
  }

  /// Opens the workbench on a run that goes on elsewhere, or prints plain lines.
  /// - Throws: `ExperimentError.noSuchRun`, `AttachmentError`.
  @MainActor
  static func attach(
    to run: String, role: AttachmentRole, takeOver: Bool = false, launcher: EngineLauncher,
    isPlain: Bool, script: WorkbenchScript? = nil, theme: String? = nil
  ) async throws {
    let runner = try await AttachedRunner.attach(
      to: RunDirectory.open(run, in: launcher.runsFolder), role: role, takeOver: takeOver,
      wayBack: WayBack(run: run, runsFolder: launcher.runsFolder))
    if let script { return try await play(script, runner, launcher, theme: theme) }
    guard !isPlain else { return try await watch(runner) }
    let interface = try UserSettings().interface(theme: theme)
    try await workbench(runner, launcher, interface) { signals in
      signals.cancel()
      try await watch(runner)
    }
  }

  // MARK: - The workbench

  /// Shows the workbench until it is left; leaving never ends a run that still has work to do.
  /// - Parameter withoutScreen: what to do where no screen can be had; the signals are taken already.
  @MainActor
  static func workbench(
    _ runner: (any ExperimentRunner)?, _ launcher: EngineLauncher, _ interface: Interface,
    withoutScreen: @MainActor (SignalWatch) async throws -> Void
  ) async throws {
    for warning in interface.warnings { ErrorReport.write("rtl: \(warning)") }
    // Before the terminal is taken: it leaves alone the signals that somebody has.
    let signals = SignalWatch {}
    let terminal: NcursesTerminal
    do {
      terminal = try NcursesTerminal()
    } catch {
      ErrorReport.write("rtl: no workbench here: \(error); printing plain lines instead")
      return try await withoutScreen(signals)
    }
    let workbench = Workbench(
      terminal: terminal, runner: runner, launcher: launcher,
      library: FolderLibrary(runsFolder: launcher.runsFolder), interface: interface,
      runsFolder: launcher.runsFolder,
      inputDescriptors: [STDIN_FILENO, terminal.wakeDescriptor])
    if interface.followsBackground { terminal.askForBackground() }
    signals.act = { workbench.interrupt() }
    let outcome = await workbench.run()
    // From here on a signal ends the program at once; the run is not its concern.
    signals.cancel()
    try await takeLeave(of: outcome, launcher)
  }

  /// Says how what was on the screen last was left.
  @MainActor
  static func takeLeave(of outcome: WorkbenchOutcome, _ launcher: EngineLauncher) async throws {
    guard let attached = outcome.runner as? AttachedRunner else {
      await outcome.runner?.leave()
      for line in outcome.summary { print(line) }
      return
    }
    try await takeLeave(of: attached, in: outcome.state, launcher)
  }

  /// Says how the run was left, and how to come back to it.
  @MainActor
  private static func takeLeave(
    of runner: AttachedRunner, in state: RunState?, _ launcher: EngineLauncher
  ) async throws {
    if state == .waiting, runner.contact.refusal == nil {
      // The plan is done: without control anywhere the engine ends the run, unless something was
      // ordered in the last moment.
      runner.release()
      await PlainLines.wait(for: runner) { $0 != .waiting }
    }
    if state?.isFinal == true { await runner.waitUntilEnded() }
    let (summary, end, wasKilled) = await PlainLines.summary(of: runner)
    for line in summary { print(line) }
    guard end == nil else {
      if end == .failed { throw ExitStatus.failure }
      return
    }
    let wayBack = WayBack(run: runner.name, runsFolder: launcher.runsFolder)
    if case .lost(let advice) = runner.contact.link {
      if wasKilled {
        print(Printable.line("\(runner.name) was ended without a checkpoint: \(wayBack.resume)"))
        return
      }
      ErrorReport.write("rtl: \(runner.name): LOST: \(advice)")
      throw ExitStatus.failure
    }
    await runner.leave()
    print(Printable.line("\(runner.name) goes on (process \(runner.process)): \(wayBack.attach)"))
  }

  // MARK: - Plain lines

  /// Runs the engine in this process and prints what it reports; others can attach to it.
  @MainActor
  private static func plain(
    _ launcher: EngineLauncher, _ beginning: RunBeginning?
  ) async throws {
    guard let beginning else {
      throw UsageError(
        "the workbench needs a terminal; to run without one: rtl run CONFIG --headless")
    }
    let runner = try await launcher.launch(beginning, isInteractive: false)
    let signals = SignalWatch { runner.send(.stop(.now)) }
    defer { signals.cancel() }
    let isGood = await serving(runner) {
      await PlainLines.follow(runner, endsWaiting: true, from: runner.firstSequence)
    }
    if !isGood { throw ExitStatus.failure }
  }

  /// Lets others attach to a run of this process while it is seen to its end.
  @MainActor
  static func serving<Value: Sendable>(
    _ runner: EngineRunner, _ body: @MainActor () async -> Value
  ) async -> Value {
    let killing = KillWatch.start(runner)
    defer { killing.cancel() }
    let log = runner.eventsPath
    let server = RunServer(runner: runner, recalling: { EventLog.events(log, numbered: $0) })
    await server.start()
    do {
      try await server.listen(in: runner.folder)
    } catch {
      ErrorReport.write("rtl: nobody can attach to this run: \(error)")
    }
    let value = await body()
    await server.close()
    return value
  }

  /// Prints what a run reports that goes on elsewhere; a signal only ends the printing.
  @MainActor
  private static func watch(_ runner: AttachedRunner) async throws {
    guard await PlainLines.follow(runner, endsWaiting: false) else { throw ExitStatus.failure }
  }
}

/// An end without more words: everything was said already.
enum ExitStatus: Error {
  case failure
}
