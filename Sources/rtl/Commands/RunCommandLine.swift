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

  @Flag(help: "No screen: print a line per epoch and end with the run.")
  var headless = false

  @Flag(help: "Start in the background, print the run's name, and return.")
  var detach = false

  @Option(help: "The run's name (default: the config's, made unique).")
  var name: String?

  @OptionGroup var changes: ChangesOption

  @OptionGroup var runs: RunsOption
  @OptionGroup var threads: ThreadsOption

  mutating func validate() throws {
    if headless, detach {
      throw ValidationError(
        "--headless stays in the foreground and --detach does not: expected one of them")
    }
  }

  mutating func run() async throws {
    let source = try ConfigurationSource.find(config)
    let launcher = EngineLauncher(
      runsFolder: runs.folder, threads: threads.count, overrides: changes.overrides, name: name)
    guard !detach else {
      let runner = try await launcher.launchApart(source, role: .watch)
      await runner.leave()
      print(runner.name)
      return
    }
    try await Session.run(launcher: launcher, source: source, headless: headless)
  }
}
