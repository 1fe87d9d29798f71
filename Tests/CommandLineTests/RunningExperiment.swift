import Foundation
import Testing

/// A run that goes on in another process, as `rtl status` tells of it.
///
/// A machine may be so busy that an engine does not answer for long; the deadlines are there for what
/// never comes.
enum RunningExperiment {
  /// Seconds after which a test gives up.
  static let patience = 240.0

  /// The status of a run.
  static func status(of run: String, in folder: TemporaryFolder) async throws -> [String: Any] {
    let deadline = ContinuousClock.now + .seconds(patience)
    while true {
      let outcome = try await Program.run(
        try #require(Program.path), ["status", run, "--json"], in: folder.path)
      if outcome.status == 0 { return try TinyExperiment.object(outcome.output) }
      try #require(
        outcome.errors.contains("has said nothing") && ContinuousClock.now < deadline,
        "\(outcome.summary)")
    }
  }

  /// Waits for a state; for an end, until the engine is gone, too.
  static func wait(for state: String, of run: String, in folder: TemporaryFolder) async throws {
    let isEnd = ["finished", "stopped", "failed"].contains(state)
    try await wait(of: run, in: folder) { status in
      status["state"] as? String == state && (!isEnd || status["engine"] is NSNull)
    }
  }

  /// Waits until the status is as wanted.
  @discardableResult
  static func wait(
    of run: String, in folder: TemporaryFolder, _ isWanted: ([String: Any]) -> Bool
  ) async throws -> [String: Any] {
    let deadline = ContinuousClock.now + .seconds(patience)
    while true {
      let status = try await status(of: run, in: folder)
      if isWanted(status) { return status }
      try #require(ContinuousClock.now < deadline, "\(run) is \(status)")
      try await Task.sleep(for: .milliseconds(50))
    }
  }
}
