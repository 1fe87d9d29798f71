import ArgumentParser
import Experiments
import LotteryEngine

/// `rtl resume`: goes on with a run that was interrupted.
struct ResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Go on with an interrupted run from its newest checkpoint, bit for bit.",
    discussion: """
      Example: rtl resume demo --headless

      Events after the checkpoint are taken out of the log, into events.discarded.jsonl.
      """)

  @Argument(help: ArgumentHelp("The run's name.", valueName: "run"))
  var runName: String

  @Flag(help: "No screen: print a line per epoch and end with the run.")
  var headless = false

  @Flag(help: "Refuse where program, instruction sets or OpenBLAS kernels are others than before.")
  var strict = false

  @OptionGroup var runs: RunsOption
  @OptionGroup var threads: ThreadsOption

  mutating func run() async throws {
    let launcher = EngineLauncher(
      runsFolder: runs.folder, threads: threads.count, overrides: [], name: nil)
    do {
      try await Session.run(
        launcher: launcher, beginning: .resumed(run: runName, isStrict: strict), headless: headless)
    } catch let error as EngineError {
      guard case .alreadyFinished = error else { throw error }
      // Nothing is wrong, and there is nothing to do.
      print("\(error)")
    }
  }
}
