package import Experiments
internal import Foundation
internal import Synchronization

/// Thrown through the numeric work when a run was told to stop at the next batch.
package struct StopRequested: Error {
  package init() {}
}

/// The out-of-band line from a person to an engine: an atomic flag read between batches, and the
/// orders that wait for the end of a round.
///
/// Nothing here passes through the engine's queue, which is busy with numbers. Several workers may
/// train side by side; the run counts as paused once all of them stand still.
package final class EngineControl: Sendable {
  /// Work to do at the next round boundary.
  package enum Order: Sendable, Equatable {
    case round(RoundSettings)
    case retraining(epochs: Int?)
  }

  private struct State {
    var pauseRequested = false
    var pauseAtRoundEnd = false
    var stop: RunCommand.StopMode?
    var orders: [Order] = []
    var workers = 1
    var hasFailed = false
    var parked = 0
    var isPaused = false
    var isBetweenRounds = false
    var isWaiting = false
    var hasEnded = false
  }

  private let state = Mutex(State())
  private let attention = Atomic<Bool>(false)
  private let wakeUp = NSCondition()
  private let events: EventStream

  package init(events: EventStream) {
    self.events = events
  }

  // MARK: - A person's side

  /// Takes a command from any thread; acknowledges or refuses by event.
  package func submit(_ command: RunCommand) {
    let answer = state.withLock { state -> [Event] in
      if state.hasEnded { return [.commandRefused(command, reason: "the run has ended")] }
      switch command {
      case .pause, .pauseAtRoundEnd:
        if state.stop != nil { return [.commandRefused(command, reason: "the run is ending")] }
      default: break
      }
      switch command {
      case .pause:
        if state.isWaiting { return [.commandRefused(command, reason: "nothing is running")] }
        guard !state.pauseRequested else { return [.commandAccepted(command)] }
        state.pauseRequested = true
        // Workers that have not woken from the last pause are standing still already.
        let isPausedAtOnce = Self.completesPause(&state)
        return [.commandAccepted(command), .stateChanged(isPausedAtOnce ? .paused : .pausing)]
      case .pauseAtRoundEnd:
        if state.isWaiting { return [.commandRefused(command, reason: "nothing is running")] }
        state.pauseAtRoundEnd = true
        return [.commandAccepted(command)]
      case .resume:
        state.pauseAtRoundEnd = false
        return [.commandAccepted(command)] + Self.withdrawPause(&state)
      case .launchRound(let settings):
        guard settings.pruneCount > 0, settings.epochs > 0, settings.learningRate > 0 else {
          return [
            .commandRefused(
              command, reason: "prune count, epochs and learning rate must be positive")
          ]
        }
        state.orders.append(.round(settings))
        return [.commandAccepted(command)] + Self.stepOut(&state)
      case .startRetraining(let epochs):
        if let epochs, epochs < 1 {
          return [.commandRefused(command, reason: "epochs must be positive")]
        }
        state.orders.append(.retraining(epochs: epochs))
        return [.commandAccepted(command)] + Self.stepOut(&state)
      case .stop(let mode):
        state.stop = mode
        // A pause would keep the run from ending.
        state.pauseAtRoundEnd = false
        _ = Self.withdrawPause(&state)
        return [.commandAccepted(command), .stateChanged(.stopping)]
      }
    }
    for event in answer { events.send(event) }
    alert()
  }

  /// Takes note that what happens can no longer be recorded: the run stands still where a person is
  /// there to see to it, and ends as failed where none is.
  package func recordingFailed(isAttended: Bool) {
    let isEnding = state.withLock { state -> Bool in
      if isAttended, state.stop == nil { return false }
      state.stop = .now
      state.hasFailed = true
      _ = Self.withdrawPause(&state)
      return true
    }
    isEnding ? alert() : submit(.pause)
  }

  /// Makes the engine look at the state, wherever it is.
  private func alert() {
    attention.store(true, ordering: .releasing)
    wakeUp.lock()
    wakeUp.broadcast()
    wakeUp.unlock()
  }

  // MARK: - The engine's side

  /// Stands still here if a pause was asked for.
  /// - Throws: `StopRequested` when the run was told to end at the next batch.
  package func checkpoint() throws {
    guard attention.load(ordering: .acquiring) else { return }
    if stopMode == .now { throw StopRequested() }
    guard state.withLock({ $0.pauseRequested }) else {
      // Lowered and looked at once more: a command may have come in between.
      attention.store(false, ordering: .sequentiallyConsistent)
      let isNeeded = state.withLock { $0.pauseRequested || $0.stop == .now }
      if isNeeded { attention.store(true, ordering: .sequentiallyConsistent) }
      return isNeeded ? try checkpoint() : ()
    }
    park()
    if stopMode == .now { throw StopRequested() }
  }

  /// Announces how many workers pass checkpoints from now on; others may join.
  package func begin(workers: Int) {
    state.withLock { $0.workers = workers }
  }

  /// Says that one more worker passes checkpoints; its first one comes before its first step.
  package func workerStarted() {
    state.withLock { $0.workers += 1 }
  }

  /// Says that a worker passes no more checkpoints; the last one to stand still completes a pause.
  package func workerFinished() {
    let nowPaused = state.withLock { state -> Bool in
      state.workers -= 1
      return Self.completesPause(&state)
    }
    if nowPaused { events.send(.stateChanged(.paused)) }
  }

  /// The boundary between rounds: honours a pause at the end of the round.
  package func roundBoundary() throws {
    state.withLock { state in
      state.isBetweenRounds = true
      if state.pauseAtRoundEnd {
        state.pauseAtRoundEnd = false
        state.pauseRequested = true
      }
    }
    defer { state.withLock { $0.isBetweenRounds = false } }
    attention.store(true, ordering: .sequentiallyConsistent)
    try checkpoint()
  }

  /// The next ordered round or retraining, if any.
  package func nextOrder() -> Order? {
    state.withLock { $0.orders.isEmpty ? nil : $0.orders.removeFirst() }
  }

  /// How the run was told to end, if it was.
  package var stopMode: RunCommand.StopMode? { state.withLock { $0.stop } }

  /// Whether the run ended because it could no longer be recorded.
  package var hasFailed: Bool { state.withLock { $0.hasFailed } }

  /// Waits with nothing to do until an order or a stop arrives.
  package func waitForOrder() {
    state.withLock { $0.isWaiting = true }
    events.send(.stateChanged(.waiting))
    wait { state in
      guard !state.orders.isEmpty || state.stop != nil else { return false }
      state.isWaiting = false
      return true
    }
    if stopMode == nil { events.send(.stateChanged(.running)) }
  }

  /// Refuses every command from now on.
  package func end() {
    state.withLock { $0.hasEnded = true }
  }

  // MARK: - Standing still

  private func park() {
    let nowPaused = state.withLock { state -> Bool in
      state.parked += 1
      return Self.completesPause(&state)
    }
    if nowPaused { events.send(.stateChanged(.paused)) }
    wait { state in
      guard !state.pauseRequested else { return false }
      state.parked -= 1
      return true
    }
  }

  /// Takes a requested or completed pause back.
  private static func withdrawPause(_ state: inout State) -> [Event] {
    guard state.pauseRequested else { return [] }
    state.pauseRequested = false
    state.isPaused = false
    return [.stateChanged(.running)]
  }

  /// Leaves a pause between rounds for one order, to stand still again after it.
  private static func stepOut(_ state: inout State) -> [Event] {
    guard state.isPaused, state.isBetweenRounds else { return [] }
    state.pauseAtRoundEnd = true
    return withdrawPause(&state)
  }

  /// Marks the run as paused if the last moving worker has just stopped moving.
  private static func completesPause(_ state: inout State) -> Bool {
    guard state.pauseRequested, !state.isPaused, state.workers > 0 else { return false }
    guard state.parked == state.workers else { return false }
    state.isPaused = true
    return true
  }

  /// Waits until a condition holds; what it changes then is seen together with what made it hold.
  private func wait(until condition: (inout State) -> Bool) {
    wakeUp.lock()
    while !state.withLock({ condition(&$0) }) { wakeUp.wait() }
    wakeUp.unlock()
  }
}
