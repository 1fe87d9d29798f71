internal import Experiments

/// How long an engine has worked, by the times of its events: without pauses, and without the time
/// between an interruption and the resume.
struct ActiveClock: Sendable {
  /// Seconds of work so far.
  private(set) var seconds = 0.0
  private var last: Double?
  private var state = RunState.preparing
  /// The time before events that say nothing of work; whether it was any is known with the next.
  private var undecided = 0.0

  /// Takes the next event of the run into account.
  mutating func take(_ recorded: RecordedEvent) {
    let gap = last.map { max(0, recorded.time - $0) } ?? 0
    last = recorded.time
    switch recorded.event {
    case .message, .commandAccepted, .commandRefused, .noted:
      undecided += gap
    case .stateChanged(.running) where state == .running || state == .stopping:
      // A running engine that begins to run was killed before: nobody worked in between.
      undecided = 0
      state = .running
    case .stateChanged(let next):
      settle(gap)
      state = next
    default:
      settle(gap)
    }
  }

  private mutating func settle(_ gap: Double) {
    switch state {
    case .preparing, .running, .pausing, .stopping: seconds += undecided + gap
    case .paused, .waiting, .stopped, .finished, .failed: break
    }
    undecided = 0
  }
}
