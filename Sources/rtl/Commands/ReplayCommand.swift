import ArgumentParser
import Experiments

/// `rtl replay`: plays what a run has recorded through the workbench.
struct ReplayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Play a recorded run through the workbench.",
    discussion: """
      Example: rtl replay demo --speed 8
      Example: rtl replay demo --speed max --plain

      A run that is going on is played as far as it is recorded. p pauses, [ and ] go to the round \
      before and to the next, < and > change the speed. A stretch without events takes five seconds \
      at most.
      """)

  @Argument(help: ArgumentHelp("The run's name.", valueName: "run"))
  var runName: String

  @Option(help: "Recorded seconds that pass in a second; max (or 0) is as fast as possible.")
  var speed = "1"

  @Flag(help: "Print plain lines.")
  var plain = false

  @OptionGroup var script: ScriptOption
  @OptionGroup var runs: RunsOption
  @OptionGroup var threads: ThreadsOption
  @OptionGroup var theme: ThemeOption

  mutating func validate() throws {
    if plain, script.path != nil {
      throw ValidationError("--script needs the workbench, and --plain has none")
    }
    _ = try rate()
  }

  /// The speed as a number; infinite for as fast as possible.
  private func rate() throws -> Double {
    if speed == "max" { return .infinity }
    guard let rate = Double(speed), rate == 0 || (0.001...1_000_000).contains(rate) else {
      throw ValidationError(
        "--speed \(speed): expected a number from 0.001 to 1000000, or max")
    }
    return rate == 0 ? .infinity : rate
  }

  mutating func run() async throws {
    let directory = try RunDirectory.open(runName, in: runs.folder)
    let runner = ReplayRunner(directory, speed: try rate())
    let launcher = EngineLauncher(
      runsFolder: runs.folder, threads: threads.count, overrides: [], name: nil)
    let isPlain = plain || (script.path == nil && TerminalReport.reasonForPlainMode() != nil)
    try await Session.replay(
      runner, launcher: launcher, isPlain: isPlain, script: try script.load(),
      theme: theme.name)
  }
}
