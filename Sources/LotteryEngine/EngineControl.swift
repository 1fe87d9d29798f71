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
    /// Worker-seconds spent standing still for snapshots alone.
    var heldSeconds = 0.0
    var onStandstill: (@Sendable () -> Void)?
    var onRetry: (@Sendable () -> Void)?
    var pauseAtRoundEnd = false
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
    func holds(_ k: Int?) -> Bool { holds || (stop != .now && (k.map(isSpent) ?? false)) }
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
        state.pauseIsForStorage = false
        state.budget = nil
        guard !state.pauseRequested else { return [.commandAccepted(command)] }
        state.pauseRequested = true
        // Workers that have not woken from the last pause are standing still already, and what they
        // left on the board then is still true.
        let isPausedAtOnce = state.allStand && !state.isSettling
        state.isPaused = isPausedAtOnce
        return [.commandAccepted(command), .stateChanged(isPausedAtOnce ? .paused : .pausing)]
      case .pauseAtRoundEnd:
        if state.isWaiting { return [.commandRefused(command, reason: "nothing is running")] }
        state.pauseAtRoundEnd = true
        return [.commandAccepted(command)]
      case .runFor(let length):
        return Self.run(&state, by: command, for: length)
      case .changeSettings(let change, let subnetwork):
        return Self.change(&state, by: command, subnetwork: subnetwork, change)
      case .freeze(let k):
        return Self.setFrozen(true, &state, by: command, subnetwork: k)
      case .unfreeze(let k):
        return Self.setFrozen(false, &state, by: command, subnetwork: k)
      case .resume:
        state.pauseAtRoundEnd = false
        state.budget = nil
        if !state.storageFailures.isEmpty {
          // The person wants to go on: what has failed is tried again at once, and then it does.
          if state.pauseRequested { state.pauseIsForStorage = true }
          let reasons = state.storageFailures.map {
            "\($0.key.rawValue) cannot be written: \($0.value)"
          }
          return [
            .commandRefused(
              command,
              reason: reasons.sorted().joined(separator: "; ")
                + "; the run goes on by itself when it can")
          ]
        }
        return [.commandAccepted(command)] + Self.withdrawPause(&state)
      case .launchRound(let settings, let subnetwork):
        if let reason = Self.reasonAgainst(settings, of: subnetwork, state) {
          return [.commandRefused(command, reason: reason)]
        }
        state.orders.append(.round(settings, subnetwork: subnetwork))
        return [.commandAccepted(command)] + Self.stepOut(&state)
      case .startRetraining(let epochs):
        if let epochs, epochs < 1 {
          return [.commandRefused(command, reason: "epochs must be positive")]
        }
        state.orders.append(.retraining(epochs: epochs))
        return [.commandAccepted(command)] + Self.stepOut(&state)
      case .stop(let mode):
        state.stop = mode
        // Who stops now leaves to the checkpoint how far the run was to go.
        if mode == .finishRound { state.budget = nil }
        // A pause would keep the run from ending.
        state.pauseAtRoundEnd = false
        _ = Self.withdrawPause(&state)
        return [.commandAccepted(command), .stateChanged(.stopping)]
      case .note(let text):
        if let problem = Note.problem(with: text) {
          return [.commandRefused(command, reason: problem)]
        }
        return [.commandAccepted(command), .noted(Note(text: text, place: events.place))]
      }
    }
    isCounting.store(state.withLock { $0.budget != nil }, ordering: .sequentiallyConsistent)
    for event in answer { events.send(event) }
    if command == .resume { state.withLock { $0.onRetry }?() }
    alert()
  }

  /// Asks for a snapshot as soon as all workers stand still for a moment; while they do anyway there is
  /// one already.
  package func requestSnapshot() {
    let isWanted = state.withLock { state -> Bool in
      let isIdle = state.isWaiting || state.hasEnded || state.stop == .now
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
    if stopMode == .now {
      capture()
      throw StopRequested()
    }
    guard state.withLock({ $0.holds(k) }) else {
      // Lowered and looked at once more: a command may have come in between.
      attention.store(false, ordering: .sequentiallyConsistent)
      let isNeeded = state.withLock { $0.holds(k) || $0.stop == .now }
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
    if stopMode == .now { throw StopRequested() }
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
      if state.pauseAtRoundEnd || state.budget?.hasFinishedRounds == true {
        state.pauseAtRoundEnd = false
        state.budget = nil
        state.pauseRequested = true
      }
    }
    defer { state.withLock { $0.isBetweenRounds = false } }
    attention.store(true, ordering: .sequentiallyConsistent)
    try checkpoint()
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

  /// Seconds that the run stood still for snapshots alone, as a mean over the workers.
  package var secondsHeld: Double { state.withLock { $0.heldSeconds } }

  /// Waits with nothing to do until an order or a stop arrives.
  package func waitForOrder() {
    state.withLock {
      $0.isWaiting = true
      $0.budget = nil
    }
    events.send(.stateChanged(.waiting))
    wait { state in
      guard !state.orders.isEmpty || state.stop != nil || state.planMayHaveChanged else {
        return false
      }
      state.isWaiting = false
      state.planMayHaveChanged = false
      return true
    }
    if stopMode == nil { events.send(.stateChanged(.running)) }
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

  // MARK: - Standing still

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
    state.withLock { $0.onStandstill }?()
    let nowPaused = state.withLock { state -> Bool in
      state.isSettling = false
      // A worker that began meanwhile has not stood still yet; it will settle again.
      guard state.pauseRequested, !state.isPaused, state.allStand else { return false }
      state.isPaused = true
      return true
    }
    if nowPaused { events.send(.stateChanged(.paused)) }
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

  /// Leaves a pause between rounds for one order, to stand still again after it.
  private static func stepOut(_ state: inout State) -> [Event] {
    guard state.isPaused, state.isBetweenRounds else { return [] }
    state.pauseAtRoundEnd = true
    return withdrawPause(&state)
  }

  /// Waits until a condition holds; what it changes then is seen together with what made it hold.
  private func wait(until condition: (inout State) -> Bool) {
    wakeUp.lock()
    while !state.withLock({ condition(&$0) }) { wakeUp.wait() }
    wakeUp.unlock()
  }
}
