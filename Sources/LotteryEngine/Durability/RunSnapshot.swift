package import Experiments

/// The whole state of a run between two steps, as values: what a checkpoint holds.
package struct RunSnapshot: Sendable, Equatable {
  package var place = RunPlace()
  /// The masks that the present stage works with, in the order of the subnetworks.
  package var masks: [Mask]
  /// The pruned masks of the round so far, by subnetwork (extraction).
  package var finished: [Int: Mask] = [:]
  /// What is being trained, by subnetwork (extraction).
  package var inFlight: [Int: TrainingState] = [:]
  /// The joint retraining, once it has begun.
  package var retraining: TrainingState?
  /// What a person has ordered for the next round boundaries.
  package var orders: [EngineControl.Order] = []
  /// What planned rounds use; `nil` is what the config says.
  package var standing: StandingSettings?
  /// How far a person let the run go.
  package var budget: RunBudget?
  /// Whether the run is to stand still at the end of the round; `nil` in checkpoints of older programs.
  package var pausesAtRoundEnd: Bool?
  /// Whether the run stands between two rounds and is to go on from there without a pause.
  package var leavesBoundary: Bool?

  /// A run that stands at a place with nothing in flight.
  package init(place: RunPlace = RunPlace(), masks: [Mask]) {
    self.place = place
    self.masks = masks
  }
}
