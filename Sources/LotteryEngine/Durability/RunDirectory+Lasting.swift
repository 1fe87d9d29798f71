internal import Experiments
internal import Foundation
internal import NeuralNetworks

/// The files that others build on, θ₀ above all: they must be what they were when they were written.
extension RunDirectory {
  /// A path in the run's folder as `SHA256SUMS` names it.
  func name(of path: String) -> String { String(path.dropFirst(self.path.count + 1)) }

  /// What a branch from a round shares with this run, with its hashes; every file fits its own.
  /// - Throws: `ExperimentError.damaged` for a file that does not, or that has no hash.
  func shareable(upTo round: Int) throws -> FileSums {
    let kept = try FileSums(of: self)
    var sums = FileSums()
    let masks = try maskRounds().filter { $0 <= round }.map(masksPath(round:))
    for name in ([initialParametersPath] + masks).map(name(of:)) {
      try kept.check(name, in: self)
      sums.sums[name] = kept.sums[name]
    }
    return sums
  }

  /// Makes sure that a run can go on from its files: that its config, its origin and θ₀ are as they were.
  /// - Throws: `ExperimentError.damaged` for one that is not, `.file`.
  func checkLastingFiles(_ task: any LotteryTask) throws {
    let kept = try FileSums(of: self)
    // Runs of older programs have no hashes of their configs.
    for name in [resolvedConfigPath, originPath].map(name(of:)) where kept.sums[name] != nil {
      try kept.check(name, in: self)
    }
    let name = name(of: initialParametersPath)
    // Also where the file is gone.
    guard kept.sums[name] == nil else { return try kept.check(name, in: self) }
    guard hasInitialParameters else { return }
    // Killed between the file and its hash. It must then be what the seed, or the file, gives.
    let layout = task.makeLayout()
    let expected = try Tickets.weights(
      task.initialParameters(layout: layout), layout: layout, metadata: task.initialOrigin
    ).encoded()
    guard try ContentHash.of(file: initialParametersPath) == ContentHash.of(expected) else {
      throw ExperimentError.damaged(
        path: initialParametersPath, byte: nil, found: "parameters without a hash in SHA256SUMS",
        expected: "those that the seed or model.initial gives")
    }
  }

  /// Takes down the hash of θ₀ if a kill has come between the two.
  func completeSums() throws {
    var sums = try FileSums(of: self)
    let name = name(of: initialParametersPath)
    guard sums.sums[name] == nil else { return }
    sums.sums[name] = try ContentHash.of(file: initialParametersPath)
    try sums.write(to: self)
    try SystemFiles().sync(path)
  }
}
