public import Foundation

/// The append-only record of a run: one JSON object per line.
public enum EventLog {
  /// A line's content beside the event itself.
  private struct Place: Codable {
    var sequence: Int
    var time: Double
  }

  private struct Line: Codable {
    var place: Place
    var event: Event

    init(_ recorded: RecordedEvent) {
      place = Place(sequence: recorded.sequence, time: recorded.time)
      event = recorded.event
    }

    init(from decoder: any Decoder) throws {
      place = try Place(from: decoder)
      event = try Event(from: decoder)
    }

    func encode(to encoder: any Encoder) throws {
      try place.encode(to: encoder)
      try event.encode(to: encoder)
    }
  }

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

  /// One event from its line.
  static func decode(_ line: Data) throws -> RecordedEvent {
    let line = try ExperimentJSON.decode(Line.self, from: line)
    return RecordedEvent(
      sequence: line.place.sequence, time: line.place.time, event: line.event)
  }

  /// An event as a line, with its line feed.
  public static func encode(_ event: RecordedEvent) throws -> Data {
    try ExperimentJSON.line(Line(event)) + Data([UInt8(ascii: "\n")])
  }
}
