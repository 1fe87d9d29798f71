package import Experiments

/// Where a run is in its plan; with the masks and the state of what is being trained it determines
/// everything that follows.
package struct RunPlace: Sendable, Codable, Equatable {
  /// What the engine is doing.
  package enum Stage: Sendable, Codable, Equatable {
    /// Between two rounds: choosing what comes next.
    case between
    /// Extracting the round; its `roundStarted` is sent.
    case extraction(RoundPlan)
    /// The round has finished; whether it is followed by a retraining is not yet decided.
    case extracted
    /// Retraining; its `retrainingStarted` is sent.
    case retraining(epochs: Int)
  }

  /// The last round that was begun, from 1; 0 before the first.
  package var round = 0
  /// The target that the masks have just reached: a retraining that is ordered replaces its result.
  package var target: Double?
  /// Weights that every mask had lost when it was last asked which targets are reached; `nil` before
  /// the first time.
  package var reached: Int?
  package var stage = Stage.between

  package init() {}

  /// A place in the plan.
  package init(round: Int, target: Double?, stage: Stage) {
    self.round = round
    self.target = target
    self.stage = stage
  }
}
