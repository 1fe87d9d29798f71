import ArgumentParser
import Attachment
import Experiments

/// `rtl attach`: comes back to a run that goes on in the background.
struct AttachCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attach",
    abstract: "Come back to a run that goes on.",
    discussion: """
      Example: rtl attach demo
      Example: rtl attach demo --read-only --plain

      Where no workbench can be shown, plain lines tell of the run.
      """)

  @Argument(help: ArgumentHelp("The run's name.", valueName: "run"))
  var runName: String

  @Flag(help: "Only watch; any number may.")
  var readOnly = false

  @Flag(help: "Take control from the process that has it; that one watches from then on.")
  var takeOver = false

  @Flag(help: "Print plain lines, without control.")
  var plain = false

  @OptionGroup var runs: RunsOption
  @OptionGroup var threads: ThreadsOption
  @OptionGroup var theme: ThemeOption

  mutating func validate() throws {
    if takeOver, readOnly || plain {
      throw ValidationError("--take-over controls and --read-only and --plain do not")
    }
  }

  mutating func run() async throws {
    let directory = try RunDirectory.open(runName, in: runs.folder)
    let isPlain = plain || TerminalReport.reasonForPlainMode() != nil
    if isPlain, takeOver {
      throw UsageError(
        "--take-over needs the workbench; \(TerminalReport.reasonForPlainMode() ?? "")")
    }
    let runner = try await AttachedRunner.attach(
      to: directory, role: readOnly || isPlain ? .watch : .control, takeOver: takeOver,
      wayBack: WayBack(run: runName, runsFolder: runs.folder))
    let launcher = EngineLauncher(
      runsFolder: runs.folder, threads: threads.count, overrides: [], name: nil)
    try await Session.attach(runner, launcher: launcher, isPlain: isPlain, theme: theme.name)
  }
}
