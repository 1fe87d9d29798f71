import Experiments
import Foundation

/// A folder of invented runs that is gone when its owner is.
final class RunsFolder {
  let path = NSTemporaryDirectory() + "catalogue-\(UUID().uuidString)"

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var index: String { path + "/catalogue.sqlite" }

  /// Adds a finished run of two subnetworks.
  @discardableResult
  func add(
    _ name: String, seed: UInt64 = 1, sparsity: Double = 0.5, accuracy: Double? = nil,
    jaccard: Double = 0.5, startedAt: Double = 1_000_000_000
  ) throws -> RunDirectory {
    let directory = try RunDirectory.create(
      name: name, defaultName: "run", in: path, configText: "", config: ExperimentConfig())
    var summary = RunSummary(
      description: RunDescription(
        runName: name, seed: seed, model: "small_cnn", dataset: "procedural",
        subnetworks: ["a", "b"], layers: [], prunableParameters: 100, totalParameters: 120,
        targets: [0.5], batchSize: 8, plannedRounds: 2,
        defaultRound: RoundSettings(pruneCount: 1, epochs: 1, learningRate: 0.1),
        computedWith: "none"), startedAt: startedAt)
    summary.state = .finished
    summary.rounds = 2
    for k in 0..<2 {
      summary.subnetworks[k].sparsity = sparsity
      summary.subnetworks[k].balancedAccuracy = accuracy
      summary.subnetworks[k].precision = accuracy
      summary.subnetworks[k].recall = accuracy.map { $0 / 2 }
      summary.subnetworks[k].meanJaccard = jaccard
    }
    summary.jaccard = [[1, jaccard], [jaccard, 1]]
    summary.chanceJaccard = [[1, 0.25], [0.25, 1]]
    try write(summary, to: directory)
    return directory
  }

  func write(_ summary: RunSummary, to directory: RunDirectory) throws {
    try ExperimentFiles.writeAtomically(
      Data(try ExperimentJSON.pretty(summary).utf8), to: directory.summaryPath)
  }

  /// Sets the time of a run's folder and summary back, as if nobody had touched them for long.
  func settle(_ name: String) throws {
    for path in ["\(path)/\(name)/summary.json", "\(path)/\(name)"] {
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 1_000_000)], ofItemAtPath: path)
    }
  }

  func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: "\(path)/\(name)")
  }
}
