/// What a person can ask of a running engine.
///
/// Commands never travel through the engine's own queue, which is busy; the engine reads them
/// between two batches and acknowledges by events.
public enum RunCommand: Sendable, Codable, Equatable {
  /// Stand still at the next batch.
  case pause
  /// Stand still at the end of the round.
  case pauseAtRoundEnd
  /// Go on; withdraws a pause that has not happened yet.
  case resume
  /// Go on for a while, then stand still.
  case runFor(RunLength)
  /// Run one more pruning round with these settings: at once when waiting, else after the present
  /// round. With a subnetwork only that one is trained and pruned; the other masks stay.
  case launchRound(RoundSettings, subnetwork: Int? = nil)
  /// Change what every round uses from the next one on, for all subnetworks or for one.
  case changeSettings(SettingsChange, subnetwork: Int? = nil)
  /// Keep a subnetwork's mask as it is from the next round on: it is neither trained nor pruned in
  /// extraction; joint retraining trains it as ever.
  case freeze(subnetwork: Int)
  /// Take a frozen subnetwork into the rounds again, from the next one on.
  case unfreeze(subnetwork: Int)
  /// Start joint retraining from the masks as they are, when the present round has ended.
  case startRetraining(epochs: Int?)
  /// End the run.
  case stop(StopMode)
  /// Keep a person's words with the present step.
  case note(String)

  /// How a run ends.
  public enum StopMode: String, Sendable, Codable, CaseIterable {
    /// Complete the present round or retraining, write everything, end.
    case finishRound = "finish_round"
    /// End at the next batch; a checkpoint of that moment is left to resume from.
    case now
    /// End at the next batch and leave nothing of that moment: the run counts as interrupted, and a
    /// resume goes on from the newest checkpoint there is.
    case kill

    /// Whether nothing more is trained.
    public var isAtOnce: Bool { self != .finishRound }
  }
}

/// The settings of one pruning round.
public struct RoundSettings: Sendable, Codable, Equatable {
  /// Weights to remove from each mask.
  public var pruneCount: Int
  /// Epochs to train before pruning.
  public var epochs: Int
  /// Adam's step size.
  public var learningRate: Double

  /// A round with all its settings.
  public init(pruneCount: Int, epochs: Int, learningRate: Double) {
    self.pruneCount = pruneCount
    self.epochs = epochs
    self.learningRate = learningRate
  }
}
