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
    var isClosed = false
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
    state.withLock { state in
      state.events.append(event)
      guard event.event.isProgress else { return }
      state.progressCount += 1
      guard case .newestProgress(let limit) = policy, state.progressCount > limit else { return }
      if let oldest = state.events.firstIndex(where: { $0.event.isProgress }) {
        state.events.remove(at: oldest)
        state.progressCount -= 1
        state.droppedCount += 1
      }
    }
    signalContinuation.yield()
  }

  /// Says that no event will follow.
  public func close() {
    state.withLock { $0.isClosed = true }
    signalContinuation.finish()
  }

  /// Takes all waiting events, oldest first; never waits.
  public func drain() -> [RecordedEvent] {
    state.withLock { state in
      let events = Array(state.events)
      state.events.removeAll(keepingCapacity: true)
      state.progressCount = 0
      return events
    }
  }

  /// Progress events dropped so far.
  public var droppedCount: Int { state.withLock { $0.droppedCount } }

  /// Whether the stream has ended and everything was taken.
  public var isExhausted: Bool { state.withLock { $0.isClosed && $0.events.isEmpty } }

  /// Waits for events and takes them; `nil` after the last. One caller at a time.
  public func next() async -> [RecordedEvent]? {
    while true {
      let events = drain()
      if !events.isEmpty { return events }
      if isExhausted { return nil }
      var iterator = signal.makeAsyncIterator()
      _ = await iterator.next()
    }
  }
}
