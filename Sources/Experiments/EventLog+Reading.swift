package import Foundation

extension EventLog {
  /// The version of the logs this program writes; it stands in `run_started` as `log_version`. A new
  /// kind of event or a new key needs no new version, as readers pass over what they do not know.
  public static let version = 1

  /// The longest line that is taken, in bytes.
  public static let lineLimit = 32 << 20

  /// What a reader had to leave out of a log.
  public struct Losses: Sendable, Equatable {
    /// Whole lines with an event of a kind that this program does not know.
    public var unknownEvents = 0
    /// Whole lines that are no event: garbage, or longer than `lineLimit`.
    public var damagedLines = 0
    /// Places where the numbers of the events do not go on by one, other than by lines left out.
    public var gaps = 0
    /// Whether the last line ends in the middle, as after a kill.
    public var hasTornTail = false
    /// The log's version, where it is newer than this program's.
    public var newerVersion: Int?

    /// Nothing left out.
    public init() {}

    /// What a person should know of it, in words; `nil` if it is nothing. A torn tail alone is a
    /// run that was killed, or one that is writing now.
    public var description: String? {
      var parts: [String] = []
      if let newerVersion {
        parts.append("is of version \(newerVersion), this program knows \(EventLog.version)")
      }
      if unknownEvents > 0 { parts.append("has \(unknownEvents) event(s) of unknown kinds") }
      if damagedLines > 0 { parts.append("has \(damagedLines) damaged line(s)") }
      if gaps > 0 { parts.append("has \(gaps) gap(s) in the numbers of its events") }
      return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }
  }

  /// Reads a log as far as it is good.
  /// - Throws: `ExperimentError.file` if the file cannot be read.
  public static func read(_ path: String) throws -> Content {
    var content = Content()
    content.losses = try scan(path) { content.events.append($0) }
    return content
  }

  /// Reads the bytes of a log as far as they are good.
  static func read(_ data: Data) -> Content {
    var content = Content()
    content.losses = scan(data) { content.events.append($0) }
    return content
  }

  /// Hands on each event of a log that is good, without keeping the log in memory.
  /// - Parameter keepsProgress: whether steps and epochs are wanted; without them a long log is read
  ///   many times faster.
  /// - Throws: `ExperimentError.file` if the file cannot be read.
  public static func scan(
    _ path: String, keepsProgress: Bool = true, _ body: (RecordedEvent) -> Void
  ) throws -> Losses {
    var reader = EventLogReader(keepsProgress: keepsProgress)
    try ExperimentFiles.withOpenFile(path) { descriptor, _ in
      var position = 0
      while true {
        let chunk = try ExperimentFiles.read(
          descriptor, from: position, count: 1 << 20, path: path)
        guard !chunk.isEmpty else { break }
        position += chunk.count
        reader.take(chunk, body)
      }
    }
    return reader.finish()
  }

  /// The events of a log, steps and epochs apart, that have one of some numbers; none of a log that
  /// cannot be read.
  public static func events(_ path: String, numbered numbers: Set<Int>) -> [RecordedEvent] {
    var events: [RecordedEvent] = []
    _ = try? scan(path, keepsProgress: false) {
      if numbers.contains($0.sequence) { events.append($0) }
    }
    return events
  }

  /// The same from bytes.
  package static func scan(_ data: Data, _ body: (RecordedEvent) -> Void) -> Losses {
    var reader = EventLogReader(keepsProgress: true)
    reader.take(data, body)
    return reader.finish()
  }
}

/// Cuts a log into lines, whatever the pieces it comes in.
struct EventLogReader {
  private static let lineFeed = UInt8(ascii: "\n")

  private let keepsProgress: Bool
  private(set) var losses = EventLog.Losses()
  /// The beginning of a line whose end has not come.
  private var rest = Data()
  /// Whether the present line is longer than the limit; what came of it is forgotten.
  private var isOverlong = false
  /// The number that the next event should have; unknown after a line that was left out.
  private var expected: Int?

  init(keepsProgress: Bool) {
    self.keepsProgress = keepsProgress
  }

  mutating func take(_ chunk: Data, _ body: (RecordedEvent) -> Void) {
    var start = chunk.startIndex
    while let end = chunk[start...].firstIndex(of: Self.lineFeed) {
      if isOverlong {
        isOverlong = false
        lose(\.damagedLines)
      } else if rest.isEmpty {
        read(chunk[start..<end], body)
      } else {
        rest.append(chunk[start..<end])
        read(rest, body)
      }
      rest.removeAll(keepingCapacity: true)
      start = chunk.index(after: end)
    }
    guard !isOverlong else { return }
    rest.append(chunk[start...])
    if rest.count > EventLog.lineLimit {
      isOverlong = true
      rest = Data()
    }
  }

  mutating func finish() -> EventLog.Losses {
    losses.hasTornTail = isOverlong || !rest.isEmpty
    return losses
  }

  private mutating func lose(_ kind: WritableKeyPath<EventLog.Losses, Int>) {
    losses[keyPath: kind] += 1
    expected = nil
  }

  private mutating func read(_ line: Data, _ body: (RecordedEvent) -> Void) {
    guard !line.isEmpty else { return }
    guard line.count <= EventLog.lineLimit else { return lose(\.damagedLines) }
    if !keepsProgress, let sequence = ProgressLine.sequence(of: line) {
      count(sequence)
      return
    }
    do {
      let event = try ExperimentJSON.decode(RecordedEvent.self, from: Data(line))
      count(event.sequence)
      if case .runStarted(let description) = event.event { note(description.logVersion) }
      body(event)
    } catch DecodingError.dataCorrupted(let context)
      where context.codingPath.last?.stringValue == "event"
    {
      lose(\.unknownEvents)
    } catch {
      // A newer run_started may lack what this program needs; its version still says so.
      note((try? ExperimentJSON.decode(Version.self, from: Data(line)))?.data.logVersion)
      lose(\.damagedLines)
    }
  }

  private mutating func note(_ version: Int?) {
    if let version, version > EventLog.version { losses.newerVersion = version }
  }

  private struct Version: Decodable {
    var data: Description
    struct Description: Decodable { var logVersion: Int? }
  }

  /// Takes the number of a good line into account.
  private mutating func count(_ sequence: Int) {
    if let expected, sequence != expected { losses.gaps += 1 }
    expected = sequence < Int.max ? sequence + 1 : nil
  }
}
