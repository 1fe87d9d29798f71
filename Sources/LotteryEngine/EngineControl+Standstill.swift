internal import Experiments
internal import Foundation
internal import Synchronization

/// Standing still together, for a pause or a snapshot.
extension EngineControl {
  /// Stands still until nothing asks for it any more.
  /// - Parameter k: the subnetwork that the caller would train next.
  /// - Returns: whether a pause was among the reasons.
  @discardableResult
  func park(_ k: Int?) -> Bool {
    let isLast = state.withLock { state -> Bool in
      state.parked += 1
      if let k { state.parkedSubnetworks.insert(k) }
      return Self.beginsSettling(&state)
    }
    if isLast { settle() }
    var wasPaused = false
    wait { state in
      // Who waits for the others to come as far does not wait for a snapshot.
      wasPaused = wasPaused || state.pauseRequested || (k.map(state.isSpent) ?? false)
      guard !state.holds(k) else { return false }
      state.parked -= 1
      if let k { state.parkedSubnetworks.remove(k) }
      return true
    }
    return wasPaused
  }

  /// Whether the last moving worker has just stopped moving, so that the caller has to settle.
  static func beginsSettling(_ state: inout State) -> Bool {
    if state.isSpent, !state.isPaused {
      // As far as was asked for: that is a pause like any other.
      state.budget = nil
      state.pauseRequested = true
      state.pauseIsForStorage = false
    }
    guard state.holds, !state.isSettling, !state.isPaused, state.allStand else { return false }
    state.isSettling = true
    state.snapshotRequested = false
    return true
  }

  /// Takes the snapshot while all stand still, then says that the run is paused or lets it go on.
  func settle() {
    var isDone = false
    while !isDone {
      let act = state.withLock { state in
        state.isUnsaved = false
        return state.onStandstill
      }
      act?()
      isDone = state.withLock { state -> Bool in
        // What was accepted meanwhile may not be in the snapshot, and no other will be taken.
        if state.isUnsaved, state.pauseRequested || state.isWaiting { return false }
        state.isSettling = false
        // A worker that began meanwhile has not stood still yet; it will settle again.
        if state.pauseRequested, !state.isPaused, state.allStand {
          state.isPaused = true
          events.send(.stateChanged(.paused))
        }
        return true
      }
    }
    wakeUp.lock()
    wakeUp.broadcast()
    wakeUp.unlock()
  }

  /// Takes a requested or completed pause back.
  static func withdrawPause(_ state: inout State) -> [Event] {
    guard state.pauseRequested else { return [] }
    state.pauseRequested = false
    state.pauseIsForStorage = false
    state.isPaused = false
    return [.stateChanged(.running)]
  }

  /// Waits until a condition holds; what it changes then is seen together with what made it hold.
  func wait(until condition: (inout State) -> Bool) {
    wakeUp.lock()
    while !state.withLock({ condition(&$0) }) { wakeUp.wait() }
    wakeUp.unlock()
  }
}
