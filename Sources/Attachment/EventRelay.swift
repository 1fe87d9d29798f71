internal import Experiments

/// Hands events that are numbered already on to mailboxes, and remembers them for later ones.
struct EventRelay {
  private var history = EventHistory()
  private let recall: (@Sendable (Set<Int>) -> [RecordedEvent])?
  private var mailboxes: [Mailbox] = []
  private(set) var isClosed = false

  /// A relay with no mailbox yet.
  /// - Parameter recall: finds events by their numbers in the run's log, so that not all has to be kept.
  ///   Without one, all is kept for the first who comes.
  init(recalling recall: (@Sendable (Set<Int>) -> [RecordedEvent])? = nil) {
    self.recall = recall
    if let recall { history.forgets(recalling: recall) }
  }

  /// Hands events on.
  mutating func deliver(_ events: [RecordedEvent]) {
    for event in events {
      history.append(event)
      announce(event)
    }
  }

  /// Hands an event on that is no part of the run's course.
  func announce(_ event: RecordedEvent) {
    for mailbox in mailboxes { mailbox.deliver(event) }
  }

  /// A new mailbox, with what it missed in it.
  mutating func subscribe(_ policy: Mailbox.Policy) -> Mailbox {
    let mailbox = Mailbox(policy)
    for event in history.events { mailbox.deliver(event) }
    // Those who come later only ask how it ended.
    if recall == nil { history.forgets() }
    if isClosed { mailbox.close() } else { mailboxes.append(mailbox) }
    return mailbox
  }

  /// Forgets a mailbox.
  mutating func remove(_ mailbox: Mailbox) {
    mailboxes.removeAll { $0 === mailbox }
    mailbox.close()
  }

  /// Says that no event will follow.
  mutating func close() {
    isClosed = true
    for mailbox in mailboxes { mailbox.close() }
    mailboxes = []
  }
}
