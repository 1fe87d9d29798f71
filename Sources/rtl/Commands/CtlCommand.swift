import ArgumentParser
import Attachment
import Experiments

/// `rtl ctl`: gives one command to a run's engine and waits for the answer; for scripts.
struct CtlCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ctl",
    abstract: "Give a command to a run that goes on; status 0 when the engine accepts it.",
    discussion: """
      Commands: pause, resume, pause-at-round-end, run-for, launch-round, settings, freeze, unfreeze,
      retrain, stop, note, status.

      Example: rtl ctl demo pause
      Example: rtl ctl demo launch-round --prune-count 1024 --epochs 2
      Example: rtl ctl demo run-for --rounds 2
      Example: rtl ctl demo settings --prune-count 512 --subnetwork disc
      Example: rtl ctl demo freeze --subnetwork disc
      Example: rtl ctl demo stop --finish-round
      Example: rtl ctl demo note "the loss of D jumps here"

      run-for counts batches and epochs for each subnetwork in training, then the run stands still.
      settings takes effect with the next round; without --subnetwork it is for all of them.

      stop leaves a checkpoint of the moment to resume from; with --kill it leaves none, and the run
      counts as interrupted.

      A command that is refused ends with status 1 and the engine's reason.
      """)

  /// The commands by the words a script uses.
  enum Word: String, CaseIterable {
    case pause, resume, retrain, stop, status, settings, freeze, unfreeze, note
    case pauseAtRoundEnd = "pause-at-round-end"
    case runFor = "run-for"
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

  @Flag(help: "stop: at once, without a checkpoint; a resume goes on from the newest there is.")
  var kill = false

  @Option(help: "launch-round, settings: weights to remove from each mask (default: as planned).")
  var pruneCount: Int?

  @Option(help: "launch-round, settings, retrain, run-for: epochs (default: as planned).")
  var epochs: Int?

  @Option(help: "launch-round, settings: Adam's step size (default: as planned).")
  var learningRate: Double?

  @Option(help: "run-for: batches.")
  var batches: Int?

  @Option(help: "run-for: pruning rounds.")
  var rounds: Int?

  @Option(help: "launch-round, settings, freeze, unfreeze: the subnetwork it is for, by name.")
  var subnetwork: String?

  @Flag(help: "status: print JSON.")
  var json = false

  @OptionGroup var runs: RunsOption

  mutating func run() async throws {
    let word = try self.word()
    let directory = try RunDirectory.open(runName, in: runs.folder)
    guard let order = try order(word, directory) else {
      let status = try await RunStatus.of(directory)
      print(json ? try ExperimentJSON.pretty(status) : Printable.line(status.line))
      return
    }
    if let reason = try await Attachment.order(
      order, of: directory, wayBack: WayBack(run: runName, runsFolder: runs.folder))
    {
      ErrorReport.write("rtl: \(runName): \(word.rawValue) was refused: \(reason)")
      throw ExitStatus.failure
    }
    print(Printable.line("\(runName): \(word.rawValue) accepted"))
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
      ("--kill", kill, [.stop]),
      ("--prune-count", pruneCount != nil, [.launchRound, .settings]),
      ("--epochs", epochs != nil, [.launchRound, .settings, .retrain, .runFor]),
      ("--learning-rate", learningRate != nil, [.launchRound, .settings]),
      ("--batches", batches != nil, [.runFor]),
      ("--rounds", rounds != nil, [.runFor]),
      ("--subnetwork", subnetwork != nil, [.launchRound, .settings, .freeze, .unfreeze]),
      ("--json", json, [.status]),
    ]
    for option in options where option.isGiven && !option.words.contains(word) {
      let owners = option.words.map(\.rawValue).joined(separator: " and ")
      throw UsageError("ctl \(word.rawValue): \(option.name) belongs to \(owners)")
    }
    if finishRound, kill {
      throw UsageError("ctl stop: found --finish-round and --kill, expected one of them")
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
    case .stop: return .stop(finishRound ? .finishRound : kill ? .kill : .now)
    case .launchRound:
      let k = try index(word, directory)
      let planned = try standing(directory)
      return .launchRound(
        change.applied(to: k.map { planned[$0] } ?? planned.general), subnetwork: k)
    case .settings:
      guard !change.isEmpty else {
        throw UsageError(
          "ctl settings: found nothing to change, expected --prune-count, --epochs or --learning-rate"
        )
      }
      return .changeSettings(change, subnetwork: try index(word, directory))
    case .freeze: return .freeze(subnetwork: try one(word, directory))
    case .unfreeze: return .unfreeze(subnetwork: try one(word, directory))
    case .runFor: return .runFor(try length())
    case .note: return .note(text ?? "")
    case .status: return nil
    }
  }

  private var change: SettingsChange {
    SettingsChange(pruneCount: pruneCount, epochs: epochs, learningRate: learningRate)
  }

  private func length() throws -> RunLength {
    let given: [(Int?, RunLength.Unit)] = [
      (batches, .batches), (epochs, .epochs), (rounds, .rounds),
    ]
    let lengths = given.compactMap { count, unit in count.map { RunLength($0, unit) } }
    guard let length = lengths.first, lengths.count == 1 else {
      throw UsageError(
        "ctl run-for: found \(lengths.isEmpty ? "no length" : "several lengths"), expected one of "
          + "--batches, --epochs, --rounds")
    }
    return length
  }

  /// What planned rounds use: the config's settings, or what a person has changed since.
  private func standing(_ directory: RunDirectory) throws -> StandingSettings {
    var standing = StandingSettings(try directory.resolvedConfig().defaultRound)
    _ = try EventLog.scan(directory.eventsPath, keepsProgress: false) { recorded in
      if case .settingsChanged(let settings, _) = recorded.event { standing = settings }
    }
    return standing
  }

  private func one(_ word: Word, _ directory: RunDirectory) throws -> Int {
    guard let k = try index(word, directory) else {
      throw UsageError("ctl \(word.rawValue): found no subnetwork, expected --subnetwork NAME")
    }
    return k
  }

  /// The index of the subnetwork that was named; `nil` if none was.
  private func index(_ word: Word, _ directory: RunDirectory) throws -> Int? {
    guard let subnetwork else { return nil }
    let names = try directory.summary().subnetworks.map(\.name)
    if let index = names.firstIndex(of: subnetwork) { return index }
    throw UsageError(
      "ctl \(word.rawValue): --subnetwork: no subnetwork '\(subnetwork)'; "
        + (NearestName.find(subnetwork, among: names).map { "did you mean '\($0)'?" }
          ?? "the subnetworks are \(names.joined(separator: ", "))"))
  }
}
