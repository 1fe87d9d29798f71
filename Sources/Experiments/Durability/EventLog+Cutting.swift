internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#endif

extension EventLog {
  /// What a log holds up to a position.
  /// - Throws: `ExperimentError.damaged` if the log does not reach so far, or its lines up to there are
  ///   not the events 0, 1, … without a gap.
  public static func prefix(_ path: String, upTo position: LogPosition) throws -> [RecordedEvent] {
    guard position != .start else { return [] }
    let data = try ExperimentFiles.read(path)
    guard position.events > 0, position.bytes > 0, data.count >= position.bytes,
      data[data.startIndex + position.bytes - 1] == UInt8(ascii: "\n")
    else {
      throw ExperimentError.damaged(
        path: path, byte: min(data.count, position.bytes), found: "no end of a line",
        expected: "the end of event \(position.events - 1)")
    }
    let events = read(data.prefix(position.bytes)).events
    guard events.count == position.events,
      events.enumerated().allSatisfy({ $0.offset == $0.element.sequence })
    else {
      throw ExperimentError.damaged(
        path: path, byte: nil, found: "\(events.count) events in the first \(position.bytes) bytes",
        expected: "\(position.events)")
    }
    return events
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
    let log = open(path, O_WRONLY | O_CLOEXEC)
    guard log >= 0 else { throw ExperimentFiles.failure("cannot be written", path: path) }
    defer { close(log) }
    guard ftruncate(log, off_t(position.bytes)) == 0, fsync(log) == 0 else {
      throw ExperimentFiles.failure("cannot be cut", path: path)
    }
  }
}
