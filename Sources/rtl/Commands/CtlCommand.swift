import ArgumentParser
import Attachment
import Experiments

/// `rtl ctl`: gives one command to a run's engine and waits for the answer; for scripts.
struct CtlCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ctl",
    abstract: "Give a command to a run that goes on; status 0 when the engine accepts it.",
    discussion: """
      Commands: pause, resume, pause-at-round-end, launch-round, retrain, stop, note, status.

      Example: rtl ctl demo pause
      Example: rtl ctl demo launch-round --prune-count 1024 --epochs 2
      Example: rtl ctl demo stop --finish-round
      Example: rtl ctl demo note "the loss of D jumps here"

      A command that is refused ends with status 1 and the engine's reason.
      """)

  /// The commands by the words a script uses.
  enum Word: String, CaseIterable {
    case pause, resume, retrain, stop, note, status
    case pauseAtRoundEnd = "pause-at-round-end"
    case launchRound = "launch-round"
  }

  @Argument(help: ArgumentHelp("The run's name.", valueName: "run"))
  var runName: String

  @Argument(help: "What to ask of the engine.")
  var command: String

  @Argument(help: "note: what is kept with the present step of the run.")
  var text: String?

  @Flag(help: "stop: complete the present round first.")
  var finishRound = false

  @Option(help: "launch-round: weights to remove from each mask (default: the config's).")
  var pruneCount: Int?

  @Option(help: "launch-round, retrain: epochs (default: the config's).")
  var epochs: Int?

  @Option(help: "launch-round: Adam's step size (default: the config's).")
  var learningRate: Double?

  @Flag(help: "status: print JSON.")
  var json = false

  @OptionGroup var runs: RunsOption

  mutating func run() async throws {
    let word = try self.word()
    let directory = try RunDirectory.open(runName, in: runs.folder)
    guard let order = try order(word, directory) else {
      let status = try await RunStatus.of(directory)
      print(json ? try ExperimentJSON.pretty(status) : status.line)
      return
    }
    if let reason = try await Attachment.order(order, of: directory) {
      ErrorReport.write("rtl: \(runName): \(word.rawValue) was refused: \(reason)")
      throw ExitStatus.failure
    }
    print("\(runName): \(word.rawValue) accepted")
  }

  /// The command, if it is one and every option belongs to it.
  private func word() throws -> Word {
    guard let word = Word(rawValue: command) else {
      let words = Word.allCases.map(\.rawValue)
      let advice =
        NearestName.find(command, among: words).map { "did you mean '\($0)'?" }
        ?? "the commands are \(words.joined(separator: ", "))"
      throw UsageError("ctl: \(command): no such command; \(advice)")
    }
    let options: [(name: String, isGiven: Bool, words: [Word])] = [
      ("--finish-round", finishRound, [.stop]),
      ("--prune-count", pruneCount != nil, [.launchRound]),
      ("--epochs", epochs != nil, [.launchRound, .retrain]),
      ("--learning-rate", learningRate != nil, [.launchRound]),
      ("--json", json, [.status]),
    ]
    for option in options where option.isGiven && !option.words.contains(word) {
      let owners = option.words.map(\.rawValue).joined(separator: " and ")
      throw UsageError("ctl \(word.rawValue): \(option.name) belongs to \(owners)")
    }
    if word == .note {
      if let problem = Note.problem(with: text ?? "") { throw UsageError("ctl note: \(problem)") }
    } else if let text {
      throw UsageError("ctl \(word.rawValue): found '\(text)', expected no more words")
    }
    return word
  }

  private func order(_ word: Word, _ directory: RunDirectory) throws -> RunCommand? {
    switch word {
    case .pause: return .pause
    case .resume: return .resume
    case .pauseAtRoundEnd: return .pauseAtRoundEnd
    case .retrain: return .startRetraining(epochs: epochs)
    case .stop: return .stop(finishRound ? .finishRound : .now)
    case .launchRound:
      let config = try directory.resolvedConfig()
      return .launchRound(
        RoundSettings(
          pruneCount: pruneCount ?? config.extraction.pruneCount,
          epochs: epochs ?? config.extraction.epochsPerRound,
          learningRate: learningRate ?? config.extraction.learningRate
            ?? config.optimizer.learningRate))
    case .note: return .note(text ?? "")
    case .status: return nil
    }
  }
}
