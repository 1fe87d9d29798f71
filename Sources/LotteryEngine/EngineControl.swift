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
  package enum Order: Sendable, Codable, Equatable {
    case round(RoundSettings, subnetwork: Int? = nil)
    case retraining(epochs: Int?)
  }

  /// What is written while a run works.
  package enum Storage: String, Sendable {
    case events = "the event log"
    case checkpoints = "a checkpoint"
    case results = "a result"
  }

  struct State {
    var pauseRequested = false
    /// Whether nobody but a full disk asked for the pause.
    var pauseIsForStorage = false
    /// What cannot be written at the moment, and why.
    var storageFailures: [Storage: String] = [:]
    var snapshotRequested = false
    /// Whether somebody is taking a snapshot while all stand still.
    var isSettling = false
    /// Whether something was accepted that a checkpoint has to keep, and none was taken since.
    var isUnsaved = false
    /// Worker-seconds spent standing still for snapshots alone.
    var heldSeconds = 0.0
    var onStandstill: (@Sendable () -> Void)?
    var onRetry: (@Sendable () -> Void)?
    var pauseAtRoundEnd = false
    /// Whether the run stands at a boundary between rounds whose pause it has made, or begins there.
    var leavesBoundary = false
    var stop: RunCommand.StopMode?
    var orders: [Order] = []
    /// What planned rounds use.
    var standing: StandingSettings
    /// How far the run is to go; `nil` is to the end of the plan.
    var budget: RunBudget?
    /// The last round that was begun.
    var round = 0
    /// The names of the K subnetworks.
    var subnetworks: [String] = []
    /// Whether no round prunes the masks.
    var masksAreGiven = false
    /// Whether a plan that was done may have work again.
    var planMayHaveChanged = false
    var workers = 1
    var parked = 0
    /// The subnetworks that standing workers would train next, where that is known.
    var parkedSubnetworks: Set<Int> = []
    var isPaused = false
    var isBetweenRounds = false
    var isWaiting = false
    var hasEnded = false

    /// Whether workers stay where they are.
    var holds: Bool { pauseRequested || snapshotRequested || isSettling }
    /// Whether a worker stays that would train subnetwork k next.
    func holds(_ k: Int?) -> Bool { holds || (stop?.isAtOnce != true && (k.map(isSpent) ?? false)) }
    /// Whether subnetwork k has run as far as it was to.
    func isSpent(_ k: Int) -> Bool { budget?.isSpent(k) ?? false }
    /// Whether no subnetwork may be trained further.
    var isSpent: Bool {
      stop == nil && allStand && parkedSubnetworks.count == workers
        && parkedSubnetworks.allSatisfy(isSpent)
    }
    /// Whether every worker has stopped moving.
    var allStand: Bool { workers > 0 && parked == workers }
  }

  let state: Mutex<State>
  private let attention: Atomic<Bool>
  let wakeUp = NSCondition()
  let events: EventStream
  /// Whether somebody counts batches and epochs.
  let isCounting: Atomic<Bool>

  /// - Parameter beginning: what the run begins with.
  package init(events: EventStream, beginning: Beginning) {
    self.events = events
    var initial = State(standing: beginning.standing)
    initial.orders = beginning.orders
    initial.budget = beginning.budget
    initial.round = beginning.round
    initial.subnetworks = beginning.subnetworks
    initial.masksAreGiven = beginning.masksAreGiven
    initial.pauseAtRoundEnd = beginning.pausesAtRoundEnd
    initial.leavesBoundary = beginning.leavesBoundary
    isCounting = Atomic(beginning.budget != nil)
    state = Mutex(initial)
    attention = Atomic(false)
  }

  /// Sets what is done whenever all workers stand still, by one of them; and when a person asks to
  /// try again what could not be written.
  package func onStandstill(
    _ act: @escaping @Sendable () -> Void, onRetry: @escaping @Sendable () -> Void
  ) {
    state.withLock {
      $0.onStandstill = act
      $0.onRetry = onRetry
    }
  }

  // MARK: - A person's side

  /// Takes a command from any thread; acknowledges or refuses by event.
  package func submit(_ command: RunCommand) {
    let mustSave = state.withLock { state -> Bool in
      let answer = Self.answer(to: command, &state, at: events.place)
      isCounting.store(state.budget != nil, ordering: .sequentiallyConsistent)
      // Sent before anybody can take a snapshot of what they tell.
      for event in answer { events.send(event) }
      if answer.first == .commandAccepted(command), command.isKept { state.isUnsaved = true }
      // While the engine moves the next checkpoint comes by itself; while it does not, none would.
      guard state.isUnsaved, state.allStand || state.isWaiting, !state.isSettling, !state.hasEnded
      else { return false }
      state.isSettling = true
      return true
    }
    if command == .resume { state.withLock { $0.onRetry }?() }
    if mustSave { settle() }
    alert()
  }

  /// Asks for a snapshot as soon as all workers stand still for a moment; while they do anyway there is
  /// one already.
  package func requestSnapshot() {
    let isWanted = state.withLock { state -> Bool in
      let isIdle = state.isWaiting || state.hasEnded || state.stop?.isAtOnce == true
      guard !isIdle, !state.pauseRequested, !state.allStand else { return false }
      state.snapshotRequested = true
      return true
    }
    if isWanted { alert() }
  }

  /// Makes the engine look at the state, wherever it is.
  func alert() {
    attention.store(true, ordering: .releasing)
    wakeUp.lock()
    wakeUp.broadcast()
    wakeUp.unlock()
  }

  // MARK: - The engine's side

  /// Stands still here if a pause or a snapshot was asked for.
  /// - Parameters:
  ///   - k: the subnetwork that the caller is about to train, if it is.
  ///   - capture: puts a copy of the caller's state on the board; called only if it is needed.
  /// - Throws: `StopRequested` when the run was told to end at the next batch.
  package func checkpoint(of k: Int? = nil, capture: () -> Void = {}) throws {
    guard attention.load(ordering: .acquiring) || isSpent(k) else { return }
    if endsAtOnce {
      capture()
      throw StopRequested()
    }
    guard state.withLock({ $0.holds(k) }) else {
      // Lowered and looked at once more: a command may have come in between.
      attention.store(false, ordering: .sequentiallyConsistent)
      let isNeeded = state.withLock { $0.holds(k) || $0.stop?.isAtOnce == true }
      if isNeeded { attention.store(true, ordering: .sequentiallyConsistent) }
      return isNeeded ? try checkpoint(of: k, capture: capture) : ()
    }
    let clock = ContinuousClock()
    let begun = clock.now
    capture()
    let wasPaused = park(k)
    if !wasPaused {
      let seconds = (clock.now - begun) / .seconds(1)
      state.withLock { $0.heldSeconds += seconds / Double(max(1, $0.workers)) }
    }
    if endsAtOnce { throw StopRequested() }
  }

  private func isSpent(_ k: Int?) -> Bool {
    guard let k, isCounting.load(ordering: .relaxed) else { return false }
    return state.withLock { $0.isSpent(k) }
  }

  /// Announces how many workers pass checkpoints from now on.
  package func begin(workers: Int) {
    state.withLock { $0.workers = workers }
  }

  /// Says that a worker passes no more checkpoints; the last one to stand still completes a pause.
  package func workerFinished() {
    let isLast = state.withLock { state -> Bool in
      state.workers -= 1
      return Self.beginsSettling(&state)
    }
    if isLast { settle() }
  }

  /// The boundary between rounds: honours a pause at the end of the round.
  package func roundBoundary() throws {
    state.withLock { state in
      state.isBetweenRounds = true
      let isDue =
        !state.leavesBoundary
        && (state.pauseAtRoundEnd || state.budget?.hasFinishedRounds == true)
      // Who stops now leaves the pause to the checkpoint.
      state.leavesBoundary = !isDue || state.stop?.isAtOnce != true
      if isDue, state.leavesBoundary {
        state.pauseAtRoundEnd = false
        state.budget = nil
        state.pauseRequested = true
        // Somebody asked for this one: a disk that recovers does not withdraw it.
        state.pauseIsForStorage = false
      }
    }
    defer { state.withLock { $0.isBetweenRounds = false } }
    attention.store(true, ordering: .sequentiallyConsistent)
    try checkpoint()
    state.withLock { if $0.stop == nil { $0.leavesBoundary = false } }
  }

  /// The next ordered round or retraining, if any.
  package func nextOrder() -> Order? {
    state.withLock { state in
      // Who asks plans next, with all that was changed until now.
      state.planMayHaveChanged = false
      return state.orders.isEmpty ? nil : state.orders.removeFirst()
    }
  }

  /// How the run was told to end, if it was.
  package var stopMode: RunCommand.StopMode? { state.withLock { $0.stop } }

  /// Whether the run was told to end at the next batch.
  package var endsAtOnce: Bool { stopMode?.isAtOnce == true }

  /// Seconds that the run stood still for snapshots alone, as a mean over the workers.
  package var secondsHeld: Double { state.withLock { $0.heldSeconds } }

  /// Whether somebody ordered what nobody has begun with.
  package var hasOrders: Bool { state.withLock { !$0.orders.isEmpty } }

  /// Waits with nothing to do until an order or a stop arrives.
  package func waitForOrder() {
    state.withLock {
      $0.isWaiting = true
      $0.budget = nil
      events.send(.stateChanged(.waiting))
    }
    wait { state in
      // An order is not taken while it is being saved.
      guard !state.isSettling,
        !state.orders.isEmpty || state.stop != nil || state.planMayHaveChanged
      else { return false }
      state.isWaiting = false
      state.planMayHaveChanged = false
      if state.stop == nil { events.send(.stateChanged(.running)) }
      return true
    }
    // What could not be written while nothing ran holds what is to run now.
    if let failure = state.withLock({ $0.storageFailures.first }) {
      state.withLock { $0.storageFailures[failure.key] = nil }
      storageFailed(failure.key, reason: failure.value)
    }
  }

  /// Refuses every command from now on.
  package func end() {
    state.withLock { $0.hasEnded = true }
  }
}
