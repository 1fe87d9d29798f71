import ArgumentParser
import Attachment
import Experiments
import Foundation
import LotteryEngine

/// `rtl run`: starts an experiment, in the workbench or headless.
struct RunCommandLine: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Start an experiment and watch it in the workbench.",
    discussion: """
      Example: rtl run sample-configs/cifar10-quick.yaml --set optimizer.learning_rate=0.002
      Example: rtl run demo --headless --name first
      Example: rtl attach $(rtl run demo --detach)

      The engine is a process of its own: leaving the workbench, or losing the terminal, does not \
      end it.
      """)

  @Argument(help: "A config file, or the name of an embedded one (demo).")
  var config: String

  @OptionGroup var place: PlaceOptions

  @Option(help: "The run's name (default: the config's, made unique).")
  var name: String?

  @OptionGroup var changes: ChangesOption

  @OptionGroup var script: ScriptOption
  @OptionGroup var runs: RunsOption
  @OptionGroup var threads: ThreadsOption
  @OptionGroup var theme: ThemeOption

  mutating func validate() throws {
    if script.path != nil, place.headless || place.detach {
      throw ValidationError("--script needs the workbench, and --headless and --detach have none")
    }
  }

  mutating func run() async throws {
    let script = try script.load()
    let source = try ConfigurationSource.find(config)
    // Here, where a person sees how far it is, and not while an engine is being waited for.
    try DatasetPreparation.run(try source.load(overrides: changes.overrides).config.dataset)
    let launcher = EngineLauncher(
      runsFolder: runs.folder, threads: threads.count, overrides: changes.overrides, name: name)
    let beginning = RunBeginning.configuration(source)
    guard !place.detach else { return try await Session.detach(launcher, beginning) }
    try await Session.run(
      launcher: launcher, beginning: beginning, headless: place.headless, script: script,
      theme: theme.name)
  }
}
