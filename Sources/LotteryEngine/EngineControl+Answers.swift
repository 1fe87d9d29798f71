internal import Experiments

/// What a command changes, and what is answered to it.
extension EngineControl {
  /// Carries a command out as far as the state goes.
  /// - Parameter place: where the newest step was taken.
  /// - Returns: what is to be sent; the acknowledgement or the refusal first.
  static func answer(
    to command: RunCommand, _ state: inout State, at place: Note.Place?
  ) -> [Event] {
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
      return run(&state, by: command, for: length)
    case .changeSettings(let change, let subnetwork):
      return self.change(&state, by: command, subnetwork: subnetwork, change)
    case .freeze(let k):
      return setFrozen(true, &state, by: command, subnetwork: k)
    case .unfreeze(let k):
      return setFrozen(false, &state, by: command, subnetwork: k)
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
      return [.commandAccepted(command)] + withdrawPause(&state)
    case .launchRound(let settings, let subnetwork):
      if let reason = reasonAgainst(settings, of: subnetwork, state) {
        return [.commandRefused(command, reason: reason)]
      }
      state.orders.append(.round(settings, subnetwork: subnetwork))
      return [.commandAccepted(command)] + stepOut(&state)
    case .startRetraining(let epochs):
      if let reason = reasonAgainst(retrainingFor: epochs, state) {
        return [.commandRefused(command, reason: reason)]
      }
      state.orders.append(.retraining(epochs: epochs))
      return [.commandAccepted(command)] + stepOut(&state)
    case .stop(let mode):
      if let present = state.stop, present.isAtOnce, mode != present, mode != .kill {
        return [.commandRefused(command, reason: "the run stops at the next batch")]
      }
      state.stop = mode
      // Who stops now leaves to the checkpoint how far the run was to go.
      if mode == .finishRound {
        state.budget = nil
        // A pause would keep the run from ending.
        state.pauseAtRoundEnd = false
      }
      _ = withdrawPause(&state)
      return [.commandAccepted(command), .stateChanged(.stopping)]
    case .note(let text):
      if let problem = Note.problem(with: text) {
        return [.commandRefused(command, reason: problem)]
      }
      return [.commandAccepted(command), .noted(Note(text: text, place: place))]
    }
  }

  private static func reasonAgainst(retrainingFor epochs: Int?, _ state: State) -> String? {
    if state.stop != nil { return "the run is ending" }
    return epochs.flatMap { RoundSettings.problem(epochs: $0) }
  }

  /// Leaves a pause between rounds for one order, to stand still again after it.
  private static func stepOut(_ state: inout State) -> [Event] {
    guard state.isPaused, state.isBetweenRounds else { return [] }
    state.pauseAtRoundEnd = true
    return withdrawPause(&state)
  }
}

extension RunCommand {
  /// Whether a checkpoint keeps what the command asks for, or the log alone, which is cut where the
  /// checkpoint was taken.
  var isKept: Bool {
    switch self {
    case .pauseAtRoundEnd, .runFor, .launchRound, .changeSettings, .freeze, .unfreeze,
      .startRetraining, .note:
      true
    case .pause, .resume, .stop: false
    }
  }
}
