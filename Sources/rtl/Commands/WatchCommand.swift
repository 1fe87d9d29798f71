import ArgumentParser
import Attachment

/// `rtl watch`: looks at a run that goes on; `attach --read-only` by a name of its own.
struct WatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Watch a run that goes on, without control of it; any number may.",
    discussion: """
      Example: rtl watch demo
      Example: rtl watch demo --plain | tee demo.log
      """)

  @Argument(help: ArgumentHelp("The run's name.", valueName: "run"))
  var runName: String

  @Flag(help: "Print plain lines.")
  var plain = false

  @OptionGroup var runs: RunsOption
  @OptionGroup var threads: ThreadsOption
  @OptionGroup var theme: ThemeOption

  mutating func run() async throws {
    let launcher = EngineLauncher(
      runsFolder: runs.folder, threads: threads.count, overrides: [], name: nil)
    try await Session.attach(
      to: runName, role: .watch, launcher: launcher,
      isPlain: plain || TerminalReport.reasonForPlainMode() != nil, theme: theme.name)
  }
}
