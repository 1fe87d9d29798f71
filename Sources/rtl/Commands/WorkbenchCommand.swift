import ArgumentParser

/// `rtl` without a verb: the workbench with its list of configurations.
struct WorkbenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "workbench",
    abstract: "Open the workbench; pick a configuration and launch it.",
    discussion: "Example: rtl --runs experiments")

  @OptionGroup var runs: RunsOption
  @OptionGroup var threads: ThreadsOption
  @OptionGroup var theme: ThemeOption

  mutating func run() async throws {
    let launcher = EngineLauncher(
      runsFolder: runs.folder, threads: threads.count, overrides: [], name: nil)
    try await Session.run(launcher: launcher, beginning: nil, headless: false, theme: theme.name)
  }
}
