package import Experiments
internal import Synchronization

/// What a person changes about the rounds to come, and how far the run is to go.
extension EngineControl {
  /// What a run's control begins with: nothing, or what a checkpoint kept.
  package struct Beginning: Sendable {
    /// What was ordered already.
    package var orders: [Order] = []
    /// What planned rounds use.
    package var standing: StandingSettings
    /// How far the run was to go.
    package var budget: RunBudget?
    /// The last round that was begun.
    package var round = 0
    /// The names of the K subnetworks.
    package var subnetworks: [String] = []
    /// Whether the run was to stand still at the end of the round.
    package var pausesAtRoundEnd = false
    /// Whether it stood at a boundary between rounds.
    package var leavesBoundary = false
    /// Whether the masks are given, so that no round prunes them.
    package var masksAreGiven = false

    /// The beginning of a run whose rounds all use the same settings.
    package init(_ standing: StandingSettings, subnetworks: [String]) {
      self.standing = standing
      self.subnetworks = subnetworks
    }
  }

  /// What planned rounds use at this moment.
  package var standing: StandingSettings { state.withLock { $0.standing } }

  /// Puts what a checkpoint keeps of the control into a snapshot.
  /// - Parameter taken: gets it before any other command is accepted or answered, so that it can mark
  ///   the place among the events; must not wait.
  package func keep(in snapshot: RunSnapshot, _ taken: (RunSnapshot) -> Void) {
    var snapshot = snapshot
    state.withLock { state in
      (snapshot.orders, snapshot.standing) = (state.orders, state.standing)
      snapshot.budget = state.budget
      snapshot.pausesAtRoundEnd = state.pauseAtRoundEnd
      snapshot.leavesBoundary = state.leavesBoundary
      taken(snapshot)
    }
  }

  /// Takes note that a round begins: changes take effect after it.
  package func roundStarted(_ round: Int) {
    state.withLock { $0.round = round }
  }

  // MARK: - Settings

  /// Changes what planned rounds use.
  static func change(
    _ state: inout State, by command: RunCommand, subnetwork: Int?, _ change: SettingsChange
  ) -> [Event] {
    if let reason = reasonAgainst(subnetwork, state) ?? change.problem
      ?? (change.isEmpty ? "nothing to change" : nil)
    {
      return [.commandRefused(command, reason: reason)]
    }
    state.standing.apply(change, to: subnetwork)
    return tell(of: command, state)
  }

  /// Freezes a mask or lets it go.
  static func setFrozen(
    _ isFrozen: Bool, _ state: inout State, by command: RunCommand, subnetwork: Int
  ) -> [Event] {
    let given = "the masks of this run are given, not pruned: there is nothing to freeze"
    if let reason = reasonAgainst(subnetwork, state) ?? (state.masksAreGiven ? given : nil) {
      return [.commandRefused(command, reason: reason)]
    }
    guard state.standing.isFrozen(subnetwork) != isFrozen else {
      let name = state.subnetworks[subnetwork]
      return [
        .commandRefused(command, reason: "\(name) is \(isFrozen ? "frozen already" : "not frozen")")
      ]
    }
    state.standing.setFrozen(subnetwork, isFrozen)
    // A run whose plan was done may have work again.
    state.planMayHaveChanged = true
    return tell(of: command, state)
  }

  private static func tell(of command: RunCommand, _ state: State) -> [Event] {
    [
      .commandAccepted(command),
      .settingsChanged(state.standing, fromRound: state.round + 1),
    ]
  }

  /// Why a round cannot be launched.
  static func reasonAgainst(
    _ settings: RoundSettings, of subnetwork: Int?, _ state: State
  ) -> String? {
    if let reason = settings.problem ?? reasonAgainst(subnetwork, state) { return reason }
    guard let subnetwork, state.standing.isFrozen(subnetwork) else { return nil }
    return "\(state.subnetworks[subnetwork]) is frozen"
  }

  private static func reasonAgainst(_ subnetwork: Int?, _ state: State) -> String? {
    if state.stop != nil { return "the run is ending" }
    guard let subnetwork, !state.subnetworks.indices.contains(subnetwork) else { return nil }
    return "found subnetwork \(subnetwork), expected from 0 to \(state.subnetworks.count - 1)"
  }

  // MARK: - Running for a while

  /// Lets the run go on for a while.
  static func run(
    _ state: inout State, by command: RunCommand, for length: RunLength
  ) -> [Event] {
    let reason: String? =
      if state.stop != nil {
        "the run is ending"
      } else if state.isWaiting {
        "nothing is running; launch a round"
      } else if !(1...RunLength.mostUnits).contains(length.count) {
        "found \(length.count) \(length.unit.rawValue), expected from 1 to \(RunLength.mostUnits)"
      } else if !state.storageFailures.isEmpty {
        "the run stands still until everything can be written"
      } else {
        nil
      }
    if let reason { return [.commandRefused(command, reason: reason)] }
    state.pauseAtRoundEnd = false
    let withdrawal = withdrawPause(&state)
    state.budget = RunBudget(length)
    return [.commandAccepted(command)] + withdrawal
  }

  /// Counts a batch or an epoch of a subnetwork; called before its event is sent.
  package func count(_ unit: RunLength.Unit, of k: Int) {
    guard isCounting.load(ordering: .relaxed) else { return }
    state.withLock { $0.budget?.use(unit, of: k) }
  }

  /// Counts a round that has finished.
  package func roundFinished() {
    state.withLock { $0.budget?.finishRound() }
  }

  /// Stands still at the end of the round because something is wrong, unless the run ends anyway.
  package func pauseForAlarm() {
    state.withLock { state in
      guard state.stop == nil, !state.isWaiting, !state.pauseAtRoundEnd else { return }
      state.pauseAtRoundEnd = true
      events.send(
        .message(.info, "a critical alarm: the run stands still when the round has ended"))
    }
  }
}
