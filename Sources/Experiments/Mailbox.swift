internal import DequeModule
internal import Synchronization

/// A subscriber's queue of events; filled by the event stream, drained by the subscriber.
///
/// Filling never waits. What is lost when a subscriber falls behind is decided by its policy, and a
/// lifecycle event is never lost.
public final class Mailbox: Sendable {
  /// What a full mailbox does.
  public enum Policy: Sendable, Equatable {
    /// Keeps everything (recorders).
    case everything
    /// Keeps all lifecycle events and the newest progress events up to a limit (screens).
    case newestProgress(limit: Int)
  }

  private struct State {
    var events = Deque<RecordedEvent>()
    var progressCount = 0
    var droppedCount = 0
    /// Whether an event that cannot wait is among them, or somebody does not want to.
    var isUrgent = false
  }

  private let policy: Policy
  private let state = Mutex(State())
  private let signal: AsyncStream<Void>
  private let signalContinuation: AsyncStream<Void>.Continuation

  /// An empty mailbox.
  public init(_ policy: Policy) {
    self.policy = policy
    (signal, signalContinuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Adds an event; drops the oldest progress event if the policy says so.
  public func deliver(_ event: RecordedEvent) {
    let isNews = state.withLock { state in
      let wasEmpty = state.events.isEmpty
      state.events.append(event)
      if event.event.isProgress {
        state.progressCount += 1
        if case .newestProgress(let limit) = policy, state.progressCount > limit,
          let oldest = state.events.firstIndex(where: { $0.event.isProgress })
        {
          state.events.remove(at: oldest)
          state.progressCount -= 1
          state.droppedCount += 1
        }
      }
      guard event.event.canWait else {
        state.isUrgent = true
        return true
      }
      // A step behind others that wait already wakes nobody: that would be hundreds of times a second.
      return wasEmpty && !state.events.isEmpty
    }
    if isNews { signalContinuation.yield() }
  }

  /// Hands out what waits, be it nothing, as if an urgent event had come.
  func hurry() {
    state.withLock { $0.isUrgent = true }
    signalContinuation.yield()
  }

  /// Says that no event will follow.
  public func close() {
    signalContinuation.finish()
  }

  /// Takes all waiting events, oldest first; never waits.
  public func drain() -> [RecordedEvent] {
    state.withLock { state in
      let events = Array(state.events)
      state.events.removeAll(keepingCapacity: true)
      state.progressCount = 0
      state.isUrgent = false
      return events
    }
  }

  /// Whether one more progress event would push one out.
  var isFull: Bool {
    guard case .newestProgress(let limit) = policy, limit > 0 else { return false }
    return state.withLock { $0.progressCount >= limit }
  }

  /// Progress events dropped so far.
  public var droppedCount: Int { state.withLock { $0.droppedCount } }

  /// Waits for events and takes them; `nil` after the last, or once the waiting task is cancelled
  /// (a mailbox waited on by a cancelled task can only be drained from then on). One caller at a
  /// time.
  ///
  /// - Parameter time: how long events that can wait do so for more of them, so that many steps are
  ///   taken at once; any other, and what came before it, is taken as soon as it is there.
  public func next(gathering time: Duration = .zero) async -> [RecordedEvent]? {
    var iterator = signal.makeAsyncIterator()
    var deadline: ContinuousClock.Instant?
    var alarm: Task<Void, Never>?
    defer { alarm?.cancel() }
    while true {
      let (isEmpty, isUrgent) = state.withLock { ($0.events.isEmpty, $0.isUrgent) }
      if isUrgent || (!isEmpty && (time <= .zero || deadline.map { $0 <= .now } ?? false)) {
        return drain()
      }
      if !isEmpty, deadline == nil {
        deadline = .now + time
        let signal = signalContinuation
        alarm = Task {
          try? await Task.sleep(for: time)
          signal.yield()
        }
      }
      if await iterator.next() == nil {
        let rest = drain()
        return rest.isEmpty ? nil : rest
      }
    }
  }
}
