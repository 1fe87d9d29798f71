import Foundation
import Testing

/// Experiments of a few seconds, and one finished run that several tests read.
enum TinyExperiment {
  /// Ten subnetworks, two targets, one round each; about two seconds of work.
  static let config = """
    # a run for the tests
    name: tiny
    seed: 7
    dataset:
      kind: procedural
      train_samples: 300
      test_samples: 100
    model:
      kind: small_cnn
    batch_size: 20
    extraction:
      epochs_per_round: 1
      prune_count: 100000
      targets: [0.25, 0.5]
    retraining:
      epochs: 1
    evaluation:
      round_samples: 50

    """

  /// The same, but with hours of work.
  static let endless = config.replacingOccurrences(
    of: "epochs_per_round: 1\n", with: "epochs_per_round: 100000\n")

  /// A finished run in its own folder.
  struct Finished {
    /// The folder of runs; keeps it alive.
    let folder: TemporaryFolder
    /// What the run printed.
    let outcome: Outcome
    /// The run directory.
    var directory: String { folder.path("runs/tiny") }
    /// The value of `--runs`.
    var runs: String { folder.path("runs") }
  }

  /// The shared run; started once, by whoever asks first.
  static func finished() async throws -> Finished { try await shared.value }

  private static let shared = Task {
    // Static, so it lives as long as the process: its folder goes when that exits.
    atexit { try? FileManager.default.removeItem(atPath: TinyExperiment.sharedPath) }
    return try await run(threads: 2, in: try TemporaryFolder(at: sharedPath))
  }

  private static let sharedPath = TemporaryFolder.freshPath

  /// A headless run to its end, in a folder of its own.
  static func run(threads: Int) async throws -> Finished {
    try await run(threads: threads, in: try TemporaryFolder())
  }

  private static func run(threads: Int, in folder: TemporaryFolder) async throws -> Finished {
    let config = try folder.write(config, to: "tiny.yaml")
    let outcome = try await Program.rtl(
      "run", config, "--headless", "--runs", folder.path("runs"), "--name", "tiny", "--threads",
      "\(threads)")
    return Finished(folder: folder, outcome: outcome)
  }

  /// A JSON object that a verb printed.
  static func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }
}
