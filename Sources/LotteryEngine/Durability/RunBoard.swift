internal import Experiments
internal import Synchronization

/// Where the workers of a run put copies of their state, so that a snapshot of the whole can be taken
/// while all of them stand still.
package final class RunBoard: Sendable {
  private let state: Mutex<RunSnapshot>

  /// The board of a run that stands somewhere.
  package init(_ snapshot: RunSnapshot = RunSnapshot(masks: [])) {
    state = Mutex(snapshot)
  }

  /// Puts a whole snapshot on the board.
  package func restore(_ snapshot: RunSnapshot) {
    state.withLock { $0 = snapshot }
  }

  /// Takes note that the run has come to another place; what was in flight before is done with.
  package func enter(_ place: RunPlace, masks: [Mask]) {
    state.withLock { $0 = RunSnapshot(place: place, masks: masks) }
  }

  /// Keeps the state of a subnetwork in extraction, instead of its last one.
  package func capture(_ training: TrainingState, of k: Int) {
    state.withLock { $0.inFlight[k] = training }
  }

  /// Keeps the pruned mask of a subnetwork, whose training is over.
  package func finish(_ k: Int, mask: Mask) {
    state.withLock {
      $0.finished[k] = mask
      $0.inFlight[k] = nil
    }
  }

  /// Keeps the state of the joint retraining, instead of its last one.
  package func capture(_ training: TrainingState) {
    state.withLock { $0.retraining = training }
  }

  /// How far the extraction of a round has come.
  func extraction(ofRound round: Int) -> RunSnapshot {
    let now = snapshot
    guard case .extraction = now.place.stage, now.place.round == round else {
      return RunSnapshot(masks: [])
    }
    return now
  }

  /// How far the retraining after a round has come.
  func retraining(ofRound round: Int) -> TrainingState? {
    let now = snapshot
    guard case .retraining = now.place.stage, now.place.round == round else { return nil }
    return now.retraining
  }

  /// Everything on the board; consistent while all workers stand still.
  package var snapshot: RunSnapshot { state.withLock { $0 } }
}
