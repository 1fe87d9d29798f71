import Experiments
import Glibc
import Workbench

/// A run told in plain lines on standard output.
enum PlainLines {
  /// Prints what a run reports until it ends or is lost; the caller watches the signals.
  /// - Parameters:
  ///   - endsWaiting: whether to end a run that waits for orders, as nobody here can give any.
  ///   - firstSequence: the first event to tell of; a resumed run's log tells of those before it.
  /// - Returns: whether the run ended well.
  @MainActor
  static func follow(
    _ runner: any ExperimentRunner, endsWaiting: Bool, from firstSequence: Int = 0
  ) async -> Bool {
    var reporter = PlainReporter(from: firstSequence)
    var end: RunState?
    var wasKilled = false
    let mailbox = await runner.subscribe(.everything)
    let watching = Task { try await reportSilence(of: runner) }
    defer { watching.cancel() }
    // No line is printed for a step, unless its loss is not finite.
    while let events = await mailbox.next(gathering: .milliseconds(200)) {
      for event in events {
        for line in reporter.lines(for: event) { print(line) }
        if case .runEnded(let state) = event.event { end = state }
        if event.event == .commandAccepted(.stop(.kill)) { wasKilled = true }
        if endsWaiting, event.event == .stateChanged(.waiting) { runner.send(.stop(.finishRound)) }
      }
      fflush(nil)
    }
    await runner.waitUntilEnded()
    for line in reporter.summary() { print(line) }
    fflush(nil)
    if end == nil, !wasKilled, case .lost(let advice) = runner.contact.link {
      ErrorReport.write("rtl: \(runner.name): LOST: \(advice)")
    }
    return end == .finished || end == .stopped
  }

  /// Waits until a run has entered a state of a kind; if that is an end, until all is recorded.
  static func wait(for runner: any ExperimentRunner, _ isWanted: @Sendable (RunState) -> Bool) async
  {
    var state = RunState.preparing
    let mailbox = await runner.subscribe(.newestProgress(limit: 0))
    while let events = await mailbox.next() {
      for case .stateChanged(let next) in events.map(\.event) { state = next }
      if isWanted(state) { break }
    }
    if state.isFinal || state == .stopping { await runner.waitUntilEnded() }
  }

  /// The last words on a run as it is known here, the state it ended in, if it has, and whether a person
  /// ended it without an end.
  static func summary(
    of runner: any ExperimentRunner
  ) async -> (lines: [String], end: RunState?, wasKilled: Bool) {
    var reporter = PlainReporter()
    var end: RunState?
    var wasKilled = false
    let mailbox = await runner.subscribe(.newestProgress(limit: 0))
    for event in mailbox.drain() {
      _ = reporter.lines(for: event)
      if case .runEnded(let state) = event.event { end = state }
      if event.event == .commandAccepted(.stop(.kill)) { wasKilled = true }
    }
    return (reporter.summary(), end, wasKilled)
  }

  /// Says when an engine is not heard any more, and when it is again.
  @MainActor
  private static func reportSilence(of runner: any ExperimentRunner) async throws {
    var isStalled = false
    while true {
      try await Task.sleep(for: .seconds(1))
      switch runner.contact.link {
      case .stalled(let seconds) where !isStalled:
        isStalled = true
        print("STALLED: nothing heard from the engine for \(seconds) s")
        fflush(nil)
      case .live where isStalled:
        isStalled = false
        print("the engine is heard again")
        fflush(nil)
      default: break
      }
    }
  }
}
