import ArgumentParser

/// `rtl resume`: goes on with a run that was interrupted.
struct ResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Go on with an interrupted run from its newest checkpoint, bit for bit.",
    discussion: """
      Example: rtl resume demo

      Events after the checkpoint are taken out of the log, into events.discarded.jsonl.
      """)

  @Argument(help: ArgumentHelp("The run's name.", valueName: "run"))
  var runName: String

  @OptionGroup var place: PlaceOptions

  @Flag(help: "Refuse where program, instruction sets or OpenBLAS kernels are others than before.")
  var strict = false

  @OptionGroup var runs: RunsOption
  @OptionGroup var threads: ThreadsOption
  @OptionGroup var theme: ThemeOption

  mutating func run() async throws {
    let launcher = EngineLauncher(
      runsFolder: runs.folder, threads: threads.count, overrides: [], name: nil)
    let beginning = RunBeginning.resumed(run: runName, isStrict: strict)
    do {
      guard !place.detach else { return try await Session.detach(launcher, beginning) }
      try await Session.run(
        launcher: launcher, beginning: beginning, headless: place.headless, theme: theme.name)
    } catch {
      // Of a run that has finished nothing is wrong, and there is nothing to do.
      guard let known = ErrorReport.known(error), known.status == 0 else { throw error }
      print(known.sentence)
    }
  }
}
