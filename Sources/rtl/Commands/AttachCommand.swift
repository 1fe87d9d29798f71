import ArgumentParser
import Attachment

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

  @OptionGroup var script: ScriptOption
  @OptionGroup var runs: RunsOption
  @OptionGroup var threads: ThreadsOption
  @OptionGroup var theme: ThemeOption

  mutating func validate() throws {
    if takeOver, readOnly || plain {
      throw ValidationError("--take-over controls and --read-only and --plain do not")
    }
    if plain, script.path != nil {
      throw ValidationError("--script needs the workbench, and --plain has none")
    }
  }

  mutating func run() async throws {
    let script = try script.load()
    let isPlain = plain || script == nil && TerminalReport.reasonForPlainMode() != nil
    if isPlain, takeOver {
      throw UsageError(
        "--take-over needs the workbench; \(TerminalReport.reasonForPlainMode() ?? "")")
    }
    let launcher = EngineLauncher(
      runsFolder: runs.folder, threads: threads.count, overrides: [], name: nil)
    try await Session.attach(
      to: runName, role: readOnly || isPlain ? .watch : .control, takeOver: takeOver,
      launcher: launcher, isPlain: isPlain, script: script,
      theme: theme.name)
  }
}
