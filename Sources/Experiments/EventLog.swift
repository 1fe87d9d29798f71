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
    /// Whole lines that could not be read: events of a newer version, or damage.
    public var skippedLines = 0
    /// Whether the last line ends in the middle, as after a kill.
    public var hasTornTail = false
  }

  /// An event as a line, with its line feed.
  public static func encode(_ event: RecordedEvent) throws -> Data {
    try ExperimentJSON.line(Line(event)) + Data([UInt8(ascii: "\n")])
  }

  /// Reads a log as far as it is good.
  /// - Throws: `ExperimentError.file` if the file cannot be read.
  public static func read(_ path: String) throws -> Content {
    read(try ExperimentFiles.read(path))
  }

  /// Reads the bytes of a log as far as they are good.
  static func read(_ data: Data) -> Content {
    var content = Content()
    var lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)[...]
    if let last = data.last, last != UInt8(ascii: "\n") {
      content.hasTornTail = true
      lines = lines.dropLast()
    }
    for line in lines {
      if let line = try? ExperimentJSON.decode(Line.self, from: Data(line)) {
        content.events.append(
          RecordedEvent(
            sequence: line.place.sequence, time: line.place.time, event: line.event))
      } else {
        content.skippedLines += 1
      }
    }
    return content
  }
}
