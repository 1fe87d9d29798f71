import Dispatch
import Experiments
import Foundation
import Glibc
import NcursesTerminal
import TerminalUI
import Workbench

/// One sitting of a person with the program: in the workbench, or in plain lines.
enum Session {
  /// Opens the workbench, or prints plain lines where it was asked for or no screen can be had.
  /// - Parameter beginning: what to launch at once; `nil` lets the person pick.
  @MainActor
  static func run(
    launcher: EngineLauncher, beginning: RunBeginning?, headless: Bool
  ) async throws {
    guard !headless else { return try await plain(launcher, beginning) }
    if let reason = TerminalReport.reasonForPlainMode() {
      guard beginning != nil else {
        throw UsageError("\(reason); to run without the workbench: rtl run CONFIG --headless")
      }
      ErrorReport.write("rtl: no workbench here: \(reason); printing plain lines instead")
      return try await plain(launcher, beginning)
    }
    try await workbench(launcher, beginning)
  }

  // MARK: - The workbench

  @MainActor
  private static func workbench(
    _ launcher: EngineLauncher, _ beginning: RunBeginning?
  ) async throws {
    let theme = try chosenTheme()
    let runner: (any ExperimentRunner)? =
      if let beginning { try await launcher.launch(beginning, isInteractive: true) } else { nil }
    // Before the terminal is taken: it leaves alone the signals that somebody has.
    let signals = SignalWatch { runner?.send(.stop(.now)) }
    defer { signals.cancel() }
    let terminal: NcursesTerminal
    do {
      terminal = try NcursesTerminal()
    } catch {
      ErrorReport.write("rtl: no workbench here: \(error); printing plain lines instead")
      guard let runner else { return try await plain(launcher, beginning) }
      return try await follow(runner)
    }
    let workbench = Workbench(
      terminal: terminal, runner: runner, launcher: launcher, theme: theme,
      inputDescriptors: [STDIN_FILENO, terminal.wakeDescriptor])
    signals.act = { workbench.interrupt() }
    let outcome = await workbench.run()
    signals.act = { outcome.runner?.send(.stop(.now)) }
    // The engine lives in this process: leaving means waiting until it has written everything.
    var end = outcome.state
    if let runner = outcome.runner {
      if end?.isFinal != true {
        ErrorReport.write("rtl: finishing what was asked for; Ctrl-C stops now")
      }
      await runner.waitUntilEnded()
      end = await Self.end(of: runner)
    }
    for line in outcome.summary { print(line) }
    if end == .failed { throw ExitStatus.failure }
  }

  /// The theme that `RTL_THEME` names, else the one that suits the terminal's background.
  /// - Throws: `UsageError` for a name that is no theme's.
  private static func chosenTheme() throws -> Theme {
    let environment = ProcessInfo.processInfo.environment
    guard let name = environment["RTL_THEME"], !name.isEmpty else {
      return Theme.named(Theme.suggestedName(colorFGBG: environment["COLORFGBG"])) ?? .standard
    }
    guard let theme = Theme.named(name) else {
      let nearest = NearestName.find(name, among: Theme.builtInNames)
      throw UsageError(
        "RTL_THEME: no theme '\(name)'; "
          + (nearest.map { "did you mean '\($0)'?" }
            ?? "the themes are \(Theme.builtInNames.joined(separator: ", "))"))
    }
    return theme
  }

  /// The state that an ended run ended in.
  private static func end(of runner: any ExperimentRunner) async -> RunState? {
    let mailbox = await runner.subscribe(.newestProgress(limit: 0))
    var end: RunState?
    for event in mailbox.drain() {
      if case .runEnded(let state) = event.event { end = state }
    }
    return end
  }

  // MARK: - Plain lines

  @MainActor
  private static func plain(
    _ launcher: EngineLauncher, _ beginning: RunBeginning?
  ) async throws {
    guard let beginning else {
      throw UsageError(
        "the workbench needs a terminal; to run without one: rtl run CONFIG --headless")
    }
    let runner: any ExperimentRunner = try await launcher.launch(beginning, isInteractive: false)
    let signals = SignalWatch { runner.send(.stop(.now)) }
    defer { signals.cancel() }
    try await follow(runner)
  }

  /// Prints what a run reports until it ends; the caller watches the signals.
  @MainActor
  private static func follow(_ runner: any ExperimentRunner) async throws {
    var reporter = PlainReporter()
    var end: RunState?
    let mailbox = await runner.subscribe(.everything)
    while let events = await mailbox.next() {
      for event in events {
        for line in reporter.lines(for: event) { print(line) }
        if case .runEnded(let state) = event.event { end = state }
        // The plan is done and nobody here can order more.
        if event.event == .stateChanged(.waiting) { runner.send(.stop(.finishRound)) }
      }
      fflush(nil)
    }
    await runner.waitUntilEnded()
    for line in reporter.summary() { print(line) }
    if end == .failed { throw ExitStatus.failure }
  }
}

/// An end without more words: everything was said already.
enum ExitStatus: Error {
  case failure
}
