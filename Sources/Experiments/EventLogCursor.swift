internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#endif

/// A place in a log, from which its events are taken a piece at a time.
final class EventLogCursor {
  /// What had to be left out so far; whole once `next()` has given `nil`.
  private(set) var losses = EventLog.Losses()

  private let path: String
  private let descriptor: Int32
  private let size: Int
  private var position = 0
  private var reader = EventLogReader(keepsProgress: true)

  /// The beginning of a log, which ends where it ends at this moment.
  /// - Throws: `ExperimentError.file`.
  init(_ path: String) throws {
    self.path = path
    (descriptor, size) = try ExperimentFiles.withOpenFile(path) { (dup($0), $1) }
    guard descriptor >= 0 else { throw ExperimentFiles.failure("cannot be read", path: path) }
  }

  deinit { close(descriptor) }

  /// The part of the log that was read, 0…1.
  var fraction: Double { size > 0 ? min(1, Double(position) / Double(size)) : 1 }

  /// The next good events, possibly none of them; `nil` at the end.
  /// - Throws: `ExperimentError.file`.
  func next() throws -> [RecordedEvent]? {
    let chunk = try ExperimentFiles.read(
      descriptor, from: position, count: min(1 << 14, size - position), path: path)
    guard !chunk.isEmpty else {
      losses = reader.finish()
      return nil
    }
    position += chunk.count
    var events: [RecordedEvent] = []
    reader.take(chunk) { events.append($0) }
    return events
  }
}
