internal import Experiments
internal import Foundation
internal import Synchronization

/// A run whose disk is full, read-only or over its quota: it stands still with its state in memory, and
/// goes on when everything can be written again.
extension EngineControl {
  /// Takes note that something cannot be written; the run is paused as long as that is so.
  package func storageFailed(_ storage: Storage, reason: String) {
    state.withLock { state in
      let isNew = state.storageFailures.updateValue(reason, forKey: storage) == nil
      guard isNew else { return }
      events.send(
        .message(
          .error,
          "\(storage.rawValue) cannot be written: \(reason); the run stands still and goes on when it "
            + "can"))
      // A run that ends, or waits for orders, does not have to be held.
      if state.stop == nil, !state.isWaiting, !state.pauseRequested {
        state.pauseRequested = true
        state.pauseIsForStorage = true
        state.isPaused = state.allStand && !state.isSettling
        events.send(.stateChanged(state.isPaused ? .paused : .pausing))
      }
    }
    alert()
  }

  /// Takes note that something was written; the run goes on if nothing else keeps it.
  package func storageRecovered(_ storage: Storage) {
    let isOver = state.withLock { state -> Bool in
      guard state.storageFailures.removeValue(forKey: storage) != nil else { return false }
      guard state.storageFailures.isEmpty else { return false }
      events.send(.message(.info, "everything can be written again"))
      let withdrawal = state.pauseIsForStorage ? Self.withdrawPause(&state) : []
      for event in withdrawal { events.send(event) }
      return true
    }
    if isOver { alert() }
  }

  /// Whether something cannot be written at the moment.
  package var storageFails: Bool { state.withLock { !$0.storageFailures.isEmpty } }

  /// Writes a result, and stands still while that is not possible; called by the engine itself.
  /// - Throws: `StopRequested` if the run was told to end meanwhile, and what is no fault of a disk.
  package func insist(_ write: () throws -> Void) throws {
    while true {
      do {
        try write()
        return storageRecovered(.results)
      } catch let error as ExperimentError {
        guard case .file = error else { throw error }
        storageFailed(.results, reason: "\(error)")
        standForASecond()
        if endsAtOnce { throw StopRequested() }
      }
    }
  }

  /// Counts as standing still until a command comes or a second has passed.
  private func standForASecond() {
    let isLast = state.withLock { state -> Bool in
      state.parked += 1
      return Self.beginsSettling(&state)
    }
    if isLast { settle() }
    wakeUp.lock()
    _ = wakeUp.wait(until: Date(timeIntervalSinceNow: 1))
    wakeUp.unlock()
    // Nothing moves while somebody takes a snapshot.
    wait { state in
      guard !state.isSettling else { return false }
      state.parked -= 1
      return true
    }
  }
}
