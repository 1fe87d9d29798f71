internal import Foundation

extension EventLog {
  /// The last step in a log; `nil` if there is none at its end, or no log.
  ///
  /// Only the end is read, for logs are long.
  /// - Throws: `ExperimentError.file` if there is something that cannot be read.
  public static func lastStep(_ path: String) throws -> StepReport? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let end = try ExperimentFiles.withOpenFile(path) { descriptor, size in
      let start = max(0, size - 1 << 20)
      return try ExperimentFiles.read(descriptor, from: start, count: size - start, path: path)
    }
    for line in end.split(separator: UInt8(ascii: "\n")).reversed() {
      if let event = try? ExperimentJSON.decode(RecordedEvent.self, from: Data(line)),
        case .stepFinished(let report) = event.event
      {
        return report
      }
    }
    return nil
  }
}
