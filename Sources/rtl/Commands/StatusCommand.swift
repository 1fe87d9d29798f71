import ArgumentParser
import Experiments

/// `rtl status`: where a run is at this moment.
struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Say where a run is: state, stage, round, epoch, step, speed, time left.",
    discussion: "Example: rtl status demo --json")

  @Argument(help: ArgumentHelp("The run's name.", valueName: "run"))
  var runName: String

  @OptionGroup var runs: RunsOption

  @Flag(help: "Print JSON.")
  var json = false

  mutating func run() async throws {
    let status = try await RunStatus.of(RunDirectory.open(runName, in: runs.folder))
    print(json ? try ExperimentJSON.pretty(status) : Printable.line(status.line))
  }
}
