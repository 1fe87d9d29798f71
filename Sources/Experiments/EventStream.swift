public import Foundation
internal import Synchronization

/// The only way out of an engine: takes events without waiting, numbers and dates them, and hands
/// each to every mailbox.
public actor EventStream {
  private enum Item: Sendable {
    case event(time: Double, Event)
    case mark(@Sendable (Int) -> Void)
  }

  private nonisolated let intake: AsyncStream<Item>.Continuation
  private var history: EventHistory
  private let firstSequence: Int
  private var mailboxes: [Mailbox] = []
  private var isFinished = false
  private nonisolated let now: @Sendable () -> Double
  private nonisolated let stream: AsyncStream<Item>
  private nonisolated let newest: Mutex<Note.Place?>

  /// A stream with no subscriber yet.
  /// - Parameters:
  ///   - earlier: what a resumed run has reported already. Of its steps a thinned record is kept, so that
  ///     late subscribers see the whole course.
  ///   - next: the number of the first new event; `nil` numbers on after the earlier ones.
  ///   - recall: finds events of this run by their numbers in its log; with it, old comparisons of many
  ///     masks are not kept in memory.
  ///   - now: the clock, in seconds since 1970; tests give a fixed one.
  public init(
    continuing earlier: [RecordedEvent] = [], from next: Int? = nil,
    recalling recall: (@Sendable (Set<Int>) -> [RecordedEvent])? = nil,
    now: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 }
  ) {
    self.now = now
    firstSequence = next ?? earlier.last.map { $0.sequence + 1 } ?? 0
    var history = EventHistory(earlier)
    if let recall { history.forgets(recalling: recall) }
    self.history = history
    newest = Mutex(
      earlier.reversed().lazy.compactMap {
        if case .stepFinished(let report) = $0.event { Note.Place(report) } else { nil }
      }.first)
    let (stream, continuation) = AsyncStream.makeStream(of: Item.self)
    intake = continuation
    self.stream = stream
  }

  /// Takes an event; callable from any thread, never waits, keeps the order of one caller.
  public nonisolated func send(_ event: Event) {
    if case .stepFinished(let report) = event { newest.withLock { $0 = Note.Place(report) } }
    intake.yield(.event(time: now(), event))
  }

  /// Where the newest step was taken; `nil` before the first.
  public nonisolated var place: Note.Place? { newest.withLock { $0 } }

  /// Calls back, from the stream, once everything that was sent before is delivered.
  /// - Parameter reached: takes the number of the next event.
  public nonisolated func mark(_ reached: @escaping @Sendable (Int) -> Void) {
    intake.yield(.mark(reached))
  }

  /// Says that no event will follow; `run()` returns once all are delivered.
  public nonisolated func finish() {
    intake.finish()
  }

  /// Delivers events until `finish()`; run once, by the owner.
  public func run() async {
    var sequence = firstSequence
    for await item in stream {
      guard case .event(let time, let event) = item else {
        if case .mark(let reached) = item { reached(sequence) }
        continue
      }
      let recorded = RecordedEvent(sequence: sequence, time: time, event: event)
      sequence += 1
      if !event.isProgress { history.append(recorded) }
      for mailbox in mailboxes { mailbox.deliver(recorded) }
    }
    isFinished = true
    for mailbox in mailboxes { mailbox.close() }
  }

  /// A new mailbox. A late one first receives the lifecycle events it missed, and what is kept of the
  /// steps before a resume.
  public func subscribe(_ policy: Mailbox.Policy) -> Mailbox {
    let mailbox = Mailbox(policy)
    for event in history.events { mailbox.deliver(event) }
    if isFinished { mailbox.close() } else { mailboxes.append(mailbox) }
    return mailbox
  }
}
