import ArgumentParser
import Experiments
import Foundation
import TerminalUI
import Workbench

/// The workbench driven by a file in place of a person.
struct ScriptOption: ParsableArguments {
  @Option(
    name: .customLong("script"),
    help: ArgumentHelp(
      "Press the keys of this file instead of a person's, without a terminal (docs/workbench.md).",
      valueName: "file"))
  var path: String?

  /// Reads the script; `nil` if there is none.
  /// - Throws: `ExperimentError` if it cannot be read, `ScriptError` if it cannot be understood.
  func load() throws -> WorkbenchScript? {
    guard let path else { return nil }
    let data = try ExperimentFiles.read(path, limit: 1 << 20)
    return try WorkbenchScript(parsing: String(decoding: data, as: UTF8.self), file: path)
  }
}

extension Session {
  /// Plays a recording in the workbench, or prints it in plain lines.
  @MainActor
  static func replay(
    _ runner: ReplayRunner, launcher: EngineLauncher, isPlain: Bool, script: WorkbenchScript?,
    theme: String? = nil
  ) async throws {
    guard !isPlain else {
      // How the run ended is the run's affair; to have played it is a success.
      _ = await PlainLines.follow(runner, endsWaiting: false)
      return reportRemark(of: runner)
    }
    if let script { return try await play(script, runner, launcher, theme: theme) }
    try await workbench(runner, launcher, try UserSettings().interface(theme: theme)) { signals in
      signals.cancel()
      _ = await PlainLines.follow(runner, endsWaiting: false)
      reportRemark(of: runner)
    }
  }

  private static func reportRemark(of runner: ReplayRunner) {
    if let remark = runner.contact.playback?.remark {
      ErrorReport.write("rtl: \(runner.name): the recording \(remark)")
    }
  }

  /// Plays a script at the workbench on a terminal in memory.
  /// - Throws: `ScriptError` for the first step that did not hold.
  @MainActor
  static func play(
    _ script: WorkbenchScript, _ runner: (any ExperimentRunner)?, _ launcher: EngineLauncher,
    theme: String?
  ) async throws {
    let player = ScriptPlayer(script) { try ExperimentFiles.writeOutput($0, to: $1) }
    let workbench = Workbench(
      terminal: player.terminal, runner: runner, launcher: launcher,
      library: FolderLibrary(runsFolder: launcher.runsFolder),
      interface: try UserSettings().interface(theme: theme), runsFolder: launcher.runsFolder)
    let playing = Task { try await player.play(on: workbench) }
    let outcome = await workbench.run()
    let result = await playing.result
    do {
      try await takeLeave(of: outcome, launcher)
    } catch ExitStatus.failure {
      // What the script has to say comes first.
      try result.get()
      throw ExitStatus.failure
    }
    try result.get()
  }
}
