public import Foundation
internal import Synchronization

/// The only way out of an engine: takes events without waiting, numbers and dates them, and hands
/// each to every mailbox.
public actor EventStream {
  /// What the senders share.
  private struct Entry {
    /// The number of the next event.
    var sequence: Int
    /// Where the newest step was taken.
    var newest: Note.Place?
    /// Who wants to be told when all before an event is delivered.
    var marks: [(sequence: Int, reached: @Sendable (Int) -> Void)] = []
  }

  /// For so long steps wait for more of them: each alone would wake threads on the cores that compute the
  /// next. News is handed on at once.
  private static let gathering = Duration.milliseconds(300)

  private nonisolated let intake = Mailbox(.everything)
  private nonisolated let entry: Mutex<Entry>
  private nonisolated let now: @Sendable () -> Double
  private var history: EventHistory
  private var mailboxes: [Mailbox] = []
  /// The number of the next event to be handed on.
  private var delivered: Int
  private var isFinished = false

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
    var history = EventHistory(earlier)
    if let recall { history.forgets(recalling: recall) }
    self.history = history
    delivered = next ?? earlier.last.map { $0.sequence + 1 } ?? 0
    entry = Mutex(
      Entry(
        sequence: delivered,
        newest: earlier.reversed().lazy.compactMap {
          if case .stepFinished(let report) = $0.event { Note.Place(report) } else { nil }
        }.first))
  }

  /// Takes an event; callable from any thread, never waits, keeps the order of one caller.
  public nonisolated func send(_ event: Event) {
    entry.withLock { entry in
      if case .stepFinished(let report) = event { entry.newest = Note.Place(report) }
      intake.deliver(RecordedEvent(sequence: entry.sequence, time: now(), event: event))
      entry.sequence += 1
    }
  }

  /// Where the newest step was taken; `nil` before the first.
  public nonisolated var place: Note.Place? { entry.withLock(\.newest) }

  /// Calls back, from the stream, once everything that was sent before is delivered.
  /// - Parameter reached: takes the number of the next event.
  public nonisolated func mark(_ reached: @escaping @Sendable (Int) -> Void) {
    entry.withLock { $0.marks.append(($0.sequence, reached)) }
    intake.hurry()
  }

  /// Says that no event will follow; `run()` returns once all are delivered.
  public nonisolated func finish() {
    intake.close()
  }

  /// Delivers events until `finish()`; run once, by the owner.
  public func run() async {
    while let events = await intake.next(gathering: Self.gathering) {
      for recorded in events {
        if !recorded.event.isProgress { history.append(recorded) }
        for mailbox in mailboxes { mailbox.deliver(recorded) }
        delivered = recorded.sequence + 1
      }
      callBack(upTo: delivered)
    }
    isFinished = true
    callBack(upTo: .max)
    for mailbox in mailboxes { mailbox.close() }
  }

  /// Tells those who wait that all events before one are delivered.
  private nonisolated func callBack(upTo sequence: Int) {
    let due = entry.withLock { entry in
      let due = entry.marks.filter { $0.sequence <= sequence }
      entry.marks.removeAll { $0.sequence <= sequence }
      return due
    }
    for mark in due { mark.reached(mark.sequence) }
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
