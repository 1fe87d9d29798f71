public import Foundation

/// The append-only record of a run: one JSON object per line.
public enum EventLog {
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
    try ExperimentJSON.line(event) + Data([UInt8(ascii: "\n")])
  }

  /// Reads a log as far as it is good.
  /// - Throws: `ExperimentError.file` if the file cannot be read.
  public static func read(_ path: String) throws -> Content {
    var content = Content()
    let data = try ExperimentFiles.read(path)
    var lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)[...]
    if let last = data.last, last != UInt8(ascii: "\n") {
      content.hasTornTail = true
      lines = lines.dropLast()
    }
    for line in lines {
      if let event = try? ExperimentJSON.decode(RecordedEvent.self, from: Data(line)) {
        content.events.append(event)
      } else {
        content.skippedLines += 1
      }
    }
    return content
  }
}
