package import Experiments

/// A question with a few answers, of which the first is the safe one and the default.
package struct Dialog: Sendable, Equatable {
  /// What an answer does.
  package enum Outcome: Sendable, Equatable {
    /// Closes the question.
    case cancel
    /// Ends the run and keeps the screen.
    case end(RunCommand.StopMode)
    /// Goes on from a pause.
    case resume
    /// Starts joint retraining.
    case retrain
    /// Starts a new run from a round of this one, and ends this one if so wanted.
    case branch(round: Int, endsThisRun: Bool)
    /// Writes a file.
    case export(ExportRequest)
    /// Asks for another file name.
    case rename(ExportRequest)
    /// Attaches to a run, or plays its recording.
    case openRun(String)
    /// Goes on with an interrupted run.
    case resumeRun(String)
  }

  /// One answer.
  package struct Choice: Sendable, Equatable {
    /// The letter that picks it.
    package var key: Character
    /// What it is called.
    package var title: String
    /// What follows from it.
    package var consequence: String
    /// What it does.
    package var outcome: Outcome
  }

  /// The question.
  package var title: String
  /// What the question is about, line by line.
  package var details: [String] = []
  /// The answers, the safe one first.
  package var choices: [Choice]
  /// Whether it offers ways out of a collapse, on which a run stands.
  package var isOffer = false
  /// Until when keys are for what was on the screen before, in seconds since 1970: nobody has asked for an
  /// offer, so it does not take what was typed for something else.
  package var opensAt = -Double.infinity
  /// The answer that Enter takes.
  package var selected = 0

  /// Whether an answer commands the engine of the run on the screen.
  var isForTheEngine: Bool {
    choices.contains { choice in
      switch choice.outcome {
      case .end, .resume, .retrain, .branch(_, true): true
      default: false
      }
    }
  }

  /// The question of `Q` while a run that was told to finish its round is ending.
  package static let endingSooner = Dialog(
    title: "The run ends with its round",
    choices: [
      Choice(key: "c", title: "Cancel", consequence: "it finishes the round", outcome: .cancel),
      stopNow, kill,
    ])

  /// The question of `Q` while a run that was told to stop at the next batch has not done so.
  package static let endingAtOnce = Dialog(
    title: "The run stops at the next batch",
    choices: [
      Choice(key: "c", title: "Cancel", consequence: "it leaves a checkpoint", outcome: .cancel),
      kill,
    ])

  private static let stopNow = Choice(
    key: "s", title: "Stop now", consequence: "a checkpoint is left to resume from",
    outcome: .end(.now))
  private static let kill = Choice(
    key: "K", title: "Kill", consequence: "no checkpoint; resumes from the newest",
    outcome: .end(.kill))

  /// The question of `Q`.
  package static let ending = Dialog(
    title: "End the run?",
    choices: [
      Choice(key: "c", title: "Cancel", consequence: "nothing changes", outcome: .cancel),
      Choice(
        key: "f", title: "Finish the round",
        consequence: "all is written, then the run ends", outcome: .end(.finishRound)),
      stopNow, kill,
    ])

  /// Goes to another answer; stops at the ends.
  package mutating func move(by offset: Int) {
    selected = min(max(0, selected + offset), max(0, choices.count - 1))
  }
}
