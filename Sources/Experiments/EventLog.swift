public import Foundation

/// The append-only record of a run: one JSON object per line.
public enum EventLog {
  /// What a log holds.
  public struct Content: Sendable, Equatable {
    /// The events that could be read, in order.
    public var events: [RecordedEvent] = []
    /// What was left out, and why.
    public var losses = Losses()

    /// Whole lines that could not be read: events of a newer version, or damage.
    public var skippedLines: Int { losses.unknownEvents + losses.damagedLines }
    /// Whether the last line ends in the middle, as after a kill.
    public var hasTornTail: Bool { losses.hasTornTail }
  }

  /// An event as a line, with its line feed.
  public static func encode(_ event: RecordedEvent) throws -> Data {
    if case .stepFinished(let report) = event.event {
      return Data(stepLine(report, sequence: event.sequence, time: event.time).utf8)
    }
    return try ExperimentJSON.line(event) + Data([UInt8(ascii: "\n")])
  }
}
