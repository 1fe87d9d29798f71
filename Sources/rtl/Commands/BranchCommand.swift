import ArgumentParser

/// `rtl branch`: goes back to a round of a run and on from there in a new one.
struct BranchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "branch",
    abstract: "Start a new run from the masks of any round of another one.",
    discussion: """
      Example: rtl branch demo --round 6 --set extraction.prune_count=512 --name gentle

      The new run starts from the same θ₀ and shares the files of both; the other run stays as it is.
      """)

  @Argument(help: ArgumentHelp("The run to branch from.", valueName: "run"))
  var runName: String

  @Option(help: "The round whose masks to start from; 0 is dense.")
  var round: Int

  @OptionGroup var place: PlaceOptions

  @Option(help: "The new run's name (default: the other's, made unique).")
  var name: String?

  @OptionGroup var changes: ChangesOption
  @OptionGroup var runs: RunsOption
  @OptionGroup var threads: ThreadsOption
  @OptionGroup var theme: ThemeOption

  mutating func run() async throws {
    let launcher = EngineLauncher(
      runsFolder: runs.folder, threads: threads.count, overrides: changes.overrides, name: name)
    let beginning = RunBeginning.branched(run: runName, round: round, waits: false)
    guard !place.detach else { return try await Session.detach(launcher, beginning) }
    try await Session.run(
      launcher: launcher, beginning: beginning, headless: place.headless, theme: theme.name)
  }
}
