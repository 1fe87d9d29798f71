import Foundation
import Testing

/// A run of about a second that saves itself often, and what must be the same whatever befalls it.
enum DurableExperiment {
  static let config =
    TinyExperiment.config
    .replacingOccurrences(of: "epochs_per_round: 1\n", with: "epochs_per_round: 8\n")
    .replacingOccurrences(of: "  epochs: 1\n", with: "  epochs: 8\n")
    + "checkpoints:\n  every_seconds: 0.1\n"

  /// The same, but with hours of work.
  static let endless = config.replacingOccurrences(
    of: "epochs_per_round: 8\n", with: "epochs_per_round: 20000\n")

  /// What a run computed: its metric events in order, and the bytes of its results.
  struct Outcome: Equatable {
    var events: [String]
    var files: [String: Data]
  }

  /// What a run in a folder computed; on one thread, where the events have one order.
  static func outcome(of run: String) throws -> Outcome {
    let text = try String(contentsOfFile: run + "/events.jsonl", encoding: .utf8)
    let kinds: Set = [
      "run_started", "state_changed", "message", "command_accepted", "command_refused", "run_ended",
    ]
    var events: [String] = []
    for (number, line) in text.split(separator: "\n").enumerated() {
      let event = try TinyExperiment.object(String(line))
      #expect(event["sequence"] as? Int == number)
      guard let kind = event["event"] as? String, !kinds.contains(kind) else { continue }
      let data = try JSONSerialization.data(
        withJSONObject: event["data"] ?? [:], options: .sortedKeys)
      events.append(kind + String(decoding: data, as: UTF8.self))
    }
    var files: [String: Data] = [:]
    for file in TemporaryFolder.files(below: run, suffix: ".safetensors")
    where !file.hasPrefix("checkpoints/") {
      files[file] = try Data(contentsOf: URL(fileURLWithPath: run + "/" + file))
    }
    return Outcome(events: events, files: files)
  }

  /// The state in a run's summary.
  static func state(of run: String) -> String? {
    let data = (try? Data(contentsOf: URL(fileURLWithPath: run + "/summary.json"))) ?? Data()
    return try? TinyExperiment.object(String(decoding: data, as: UTF8.self))["state"] as? String
  }
}
