public import Foundation

/// The only way out of an engine: takes events without waiting, numbers and dates them, and hands
/// each to every mailbox.
public actor EventStream {
  private nonisolated let intake: AsyncStream<(time: Double, event: Event)>.Continuation
  private var history: [RecordedEvent] = []
  private var mailboxes: [Mailbox] = []
  private var isFinished = false
  private nonisolated let now: @Sendable () -> Double
  private nonisolated let stream: AsyncStream<(time: Double, event: Event)>

  /// A stream with no subscriber yet.
  /// - Parameter now: the clock, in seconds since 1970; tests give a fixed one.
  public init(now: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 }) {
    self.now = now
    let (stream, continuation) = AsyncStream.makeStream(of: (time: Double, event: Event).self)
    intake = continuation
    self.stream = stream
  }

  /// Takes an event; callable from any thread, never waits, keeps the order of one caller.
  public nonisolated func send(_ event: Event) {
    intake.yield((now(), event))
  }

  /// Says that no event will follow; `run()` returns once all are delivered.
  public nonisolated func finish() {
    intake.finish()
  }

  /// Delivers events until `finish()`; run once, by the owner.
  public func run() async {
    var sequence = 0
    for await (time, event) in stream {
      let recorded = RecordedEvent(sequence: sequence, time: time, event: event)
      sequence += 1
      if !event.isProgress { history.append(recorded) }
      for mailbox in mailboxes { mailbox.deliver(recorded) }
    }
    isFinished = true
    for mailbox in mailboxes { mailbox.close() }
  }

  /// A new mailbox. A late one first receives the lifecycle events it missed.
  public func subscribe(_ policy: Mailbox.Policy) -> Mailbox {
    let mailbox = Mailbox(policy)
    for event in history { mailbox.deliver(event) }
    if isFinished { mailbox.close() } else { mailboxes.append(mailbox) }
    return mailbox
  }
}
