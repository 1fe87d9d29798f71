import ArgumentParser
import Attachment
import Experiments
import Foundation
import Glibc
import LotteryEngine

/// `rtl engine`: the engine's own process, which `rtl run` starts in the background and is attached
/// to; not for people.
struct EngineCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "engine", abstract: "The engine's own process; started by rtl run.",
    shouldDisplay: false)

  @Argument(help: "A config file, or the name of an embedded one.")
  var config: String?

  @Flag(help: "The config is an embedded one.")
  var embedded = false

  @Option(help: "Go on with this run instead.")
  var resume: String?

  @Flag(help: "Refuse to resume where the bits may differ.")
  var strict = false

  @Option(help: "Branch from this run instead.")
  var branch: String?

  @Option(help: "The round to branch from.")
  var round: Int?

  @Flag(help: "Stand before the branch's first round until somebody lets it go.")
  var waits = false

  @Option(help: "The run's name.")
  var name: String?

  @OptionGroup var changes: ChangesOption
  @OptionGroup var runs: RunsOption
  @OptionGroup var threads: ThreadsOption

  @MainActor
  mutating func run() async throws {
    let starter = EngineProcess.descriptor
    guard EngineProcess.wasStartedByThisProgram else {
      throw UsageError("engine: this command is the program's own; yours is: rtl run CONFIG")
    }
    // There is no terminal that could be lost, and a client that hangs up is no reason to end.
    signal(SIGHUP, SIG_IGN)
    signal(SIGPIPE, SIG_IGN)
    let launcher = EngineLauncher(
      runsFolder: runs.folder, threads: threads.count, overrides: changes.overrides, name: name)
    do {
      let runner = try await launcher.launch(try beginning(), isInteractive: true)
      let signals = SignalWatch { runner.send(.stop(.now)) }
      defer { signals.cancel() }
      let killing = KillWatch.start(runner)
      defer { killing.cancel() }
      let log = runner.eventsPath
      let server = RunServer(
        runner: runner, recalling: { EventLog.events(log, numbered: $0) },
        // The plan is done and nobody is there to order more.
        onUnattended: { runner.send(.stop(.finishRound)) })
      await server.start()
      do {
        try await server.reserve(in: runner.folder)
        try Self.writeInto(log: runner.folder + "/engine.log")
      } catch {
        runner.send(.stop(.now))
        await runner.waitUntilEnded()
        throw error
      }
      // Nobody would know of a run whose starter is gone before it had a name. It comes first: another
      // who asks for control waits at the door, and cannot take it from the starter.
      if !(await server.adopt(descriptor: starter)) { runner.send(.stop(.now)) }
      await server.open()
      let isGood = await PlainLines.follow(
        runner, endsWaiting: false, from: runner.firstSequence)
      await server.close()
      if !isGood { throw ExitStatus.failure }
    } catch ExitStatus.failure {
      throw ExitStatus.failure
    } catch {
      let known = ErrorReport.known(error) ?? ("\(error)", 1)
      await RunServer.refuse(
        descriptor: starter, reason: known.sentence, status: known.status)
      throw ExitStatus.failure
    }
  }

  /// What `RunBeginning.engineArguments` wrote.
  private func beginning() throws -> RunBeginning {
    if let resume { return .resumed(run: resume, isStrict: strict) }
    if let branch, let round { return .branched(run: branch, round: round, waits: waits) }
    guard let config else {
      throw UsageError("engine: found no config, expected one, --resume, or --branch and --round")
    }
    return .configuration(embedded ? try .embedded(named: config) : .file(config))
  }

  /// Sends standard output and standard error to the end of a file.
  /// - Throws: `ExperimentError.file` with the system's reason.
  private static func writeInto(log path: String) throws {
    let file = try ExperimentFiles.openToWrite(path, O_APPEND)
    dup2(file, STDOUT_FILENO)
    dup2(file, STDERR_FILENO)
    close(file)
  }
}
