internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#endif

extension EventLog {
  /// What a log holds of the events before a position.
  public struct Prefix: Sendable, Equatable {
    /// The events that are there, in order.
    public var events: [RecordedEvent]
    /// Where a run that goes on from the position has to append.
    public var end: LogPosition
    /// How the log differs from what it was when the position was taken; `nil` if it does not.
    public var complaint: String?

    /// Events that lead up to a position.
    public init(events: [RecordedEvent], end: LogPosition, complaint: String? = nil) {
      self.events = events
      self.end = end
      self.complaint = complaint
    }
  }

  /// What a log holds up to a position.
  ///
  /// Where the hash of those bytes is known, it decides whether the log is as it was; otherwise the lines
  /// have to be the events 0, 1, … without a gap. Of another log, whatever it has lost, the events that
  /// are left are found by their numbers.
  /// - Throws: `ExperimentError.file`; `.damaged` for a position that is in no log.
  public static func prefix(_ path: String, upTo position: LogPosition) throws -> Prefix {
    guard position.events >= 0, position.bytes >= 0 else {
      throw ExperimentError.damaged(
        path: path, byte: position.bytes, found: "a position after \(position.events) events",
        expected: "one in a log")
    }
    let isThere = FileManager.default.fileExists(atPath: path)
    let data = isThere ? try ExperimentFiles.read(path) : Data()
    let prefix = data.prefix(position.bytes)
    if prefix.count == position.bytes, prefix.last == Self.lineFeed || prefix.isEmpty {
      let events = read(prefix).events
      let isWhole =
        position.sha256.map { $0 == ContentHash.of(prefix) }
        ?? (events.count == position.events
          && events.enumerated().allSatisfy { $0.offset == $0.element.sequence })
      if isWhole { return Prefix(events: events, end: position) }
    }
    let (events, bytes) = remains(of: data, before: position.events)
    return Prefix(
      events: events, end: LogPosition(events: position.events, bytes: bytes),
      complaint: "\(path): found "
        + (isThere ? "\(events.count) of the first \(position.events) events" : "no such file")
        + ", expected all of them as they were written")
  }

  private static let lineFeed = UInt8(ascii: "\n")

  /// The events of a damaged log that have ascending numbers below one, and where the last of them ends.
  private static func remains(
    of data: Data, before next: Int
  ) -> (events: [RecordedEvent], bytes: Int) {
    var events: [RecordedEvent] = []
    var (start, end) = (data.startIndex, data.startIndex)
    while let lineEnd = data[start...].firstIndex(of: lineFeed) {
      if let event = read(Data(data[start...lineEnd])).events.first,
        event.sequence > events.last?.sequence ?? -1, event.sequence < next
      {
        events.append(event)
        end = lineEnd + 1
      }
      start = lineEnd + 1
    }
    return (events, end - data.startIndex)
  }

  /// The event on the last line; `nil` if there is none, or it is torn.
  public static func last(_ path: String) -> RecordedEvent? {
    guard let data = try? ExperimentFiles.read(path), data.last == UInt8(ascii: "\n") else {
      return nil
    }
    let before = data.dropLast().lastIndex(of: UInt8(ascii: "\n"))
    return read(Data(data.suffix(from: before.map { $0 + 1 } ?? data.startIndex))).events.last
  }

  /// Cuts off what follows a position, so that a log reads as one run; what is cut off is kept at the
  /// end of another file.
  /// - Throws: `ExperimentError.file`.
  public static func cut(_ path: String, at position: LogPosition, keepingRestIn rest: String)
    throws
  {
    guard FileManager.default.fileExists(atPath: path) else { return }
    let data = try ExperimentFiles.read(path)
    guard data.count > position.bytes else { return }
    let aside = try ExperimentFiles.openToWrite(rest, O_APPEND)
    defer { close(aside) }
    var tail = Data(data.dropFirst(position.bytes))
    if tail.last != UInt8(ascii: "\n") { tail.append(UInt8(ascii: "\n")) }
    try ExperimentFiles.write(tail, to: aside, path: rest)
    guard fsync(aside) == 0 else { throw ExperimentFiles.failure("cannot be synced", path: rest) }
    // Its name, too, before the log loses what it holds.
    try SystemFiles().sync((rest as NSString).deletingLastPathComponent)
    let log = open(path, O_WRONLY | O_CLOEXEC)
    guard log >= 0 else { throw ExperimentFiles.failure("cannot be written", path: path) }
    defer { close(log) }
    guard ftruncate(log, off_t(position.bytes)) == 0, fsync(log) == 0 else {
      throw ExperimentFiles.failure("cannot be cut", path: path)
    }
  }
}
