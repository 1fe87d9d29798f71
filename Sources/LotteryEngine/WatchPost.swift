package import Experiments
internal import Synchronization

/// Where the collapse watch looks on: what it has to know of passes here, and its alarms follow at
/// once, whichever worker it was.
package final class WatchPost: Sendable {
  private let watch: Mutex<CollapseWatch>
  private let events: EventStream
  private let onCritical: @Sendable (Alarm) -> Void

  /// - Parameter onCritical: told of every alarm that becomes critical.
  package init(
    _ watch: CollapseWatch, events: EventStream,
    onCritical: @escaping @Sendable (Alarm) -> Void = { _ in }
  ) {
    self.watch = Mutex(watch)
    self.events = events
    self.onCritical = onCritical
  }

  /// Sends an event, then what the watch has to say to it.
  package func send(_ event: Event) {
    events.send(event)
    for alarm in watch.withLock({ $0.take(event) }) {
      events.send(alarm)
      if case .alarmRaised(let alarm) = alarm, alarm.level == .critical { onCritical(alarm) }
    }
  }
}
