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
  /// - Parameter source: what to launch at once; `nil` lets the person pick.
  @MainActor
  static func run(
    launcher: EngineLauncher, source: ConfigurationSource?, headless: Bool
  ) async throws {
    guard !headless else { return try await plain(launcher, source) }
    if let reason = TerminalReport.reasonForPlainMode() {
      note("no workbench here: \(reason); printing plain lines instead")
      return try await plain(launcher, source)
    }
    try await workbench(launcher, source)
  }

  // MARK: - The workbench

  @MainActor
  private static func workbench(
    _ launcher: EngineLauncher, _ source: ConfigurationSource?
  ) async throws {
    var runner: (any ExperimentRunner)?
    if let source { runner = try await launcher.launch(source, isInteractive: true) }
    let terminal: NcursesTerminal
    do {
      terminal = try NcursesTerminal()
    } catch {
      note("no workbench here: \(error); printing plain lines instead")
      guard let runner else { return try await plain(launcher, source) }
      return try await follow(runner)
    }
    let workbench = Workbench(terminal: terminal, runner: runner, launcher: launcher)
    let outcome = await workbench.run()
    // The engine lives in this process: leaving means waiting until it has written everything.
    if let runner = outcome.runner {
      if outcome.state?.isFinal != true { note("finishing what was asked for; Ctrl-C stops now") }
      try await end(runner)
    }
    for line in outcome.summary { print(line) }
  }

  // MARK: - Plain lines

  private static func plain(
    _ launcher: EngineLauncher, _ source: ConfigurationSource?
  ) async throws {
    guard let source else {
      throw UsageError(
        "the workbench needs a terminal; to run without one: rtl run CONFIG --headless")
    }
    try await follow(try await launcher.launch(source, isInteractive: false))
  }

  /// Prints what a run reports until it ends.
  private static func follow(_ runner: any ExperimentRunner) async throws {
    let signals = stopOnSignal(runner)
    defer { signals.forEach { $0.cancel() } }
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

  /// Waits for the end of a run that nobody looks at any more.
  private static func end(_ runner: any ExperimentRunner) async throws {
    let signals = stopOnSignal(runner)
    defer { signals.forEach { $0.cancel() } }
    await runner.waitUntilEnded()
  }

  /// Lets Ctrl-C and a polite kill end the run at the next batch instead of the program at once; a
  /// second one ends the program.
  private static func stopOnSignal(
    _ runner: any ExperimentRunner
  ) -> [any DispatchSourceSignal] {
    [SIGINT, SIGTERM, SIGHUP].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        signal(number, SIG_DFL)
        runner.send(.stop(.now))
      }
      source.activate()
      return source
    }
  }

  private static func note(_ message: String) {
    FileHandle.standardError.write(Data("rtl: \(message)\n".utf8))
  }
}

/// An end without more words: everything was said already.
enum ExitStatus: Error {
  case failure
}
