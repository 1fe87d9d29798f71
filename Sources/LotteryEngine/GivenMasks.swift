internal import Experiments
internal import Foundation
internal import NeuralNetworks
internal import Tensors

/// The masks of a run that extracts none: those of another run at its targets, shuffled or swapped ones,
/// random ones, or all ones (`Method.Masks`).
package struct GivenMasks: Sendable {
  private let task: any LotteryTask
  private let layout: ParameterLayout
  private var config: ExperimentConfig { task.config }
  private var subnetworks: [String] { task.subnetworkNames }

  /// - Returns: `nil` if the run extracts its masks.
  package init?(_ task: any LotteryTask) {
    guard !task.config.extractsMasks else { return nil }
    self.task = task
    layout = task.makeLayout()
  }

  /// The masks at a target.
  /// - Parameters:
  ///   - round: the number they are kept under.
  ///   - before: the masks so far.
  /// - Returns: the masks, and where they come from.
  /// - Throws: `EngineError` or `ExperimentError` if the other run has none at this target.
  package func masks(
    at target: Double, round: Int, before: [Mask]
  ) throws -> (masks: [Mask], origin: String) {
    let left = layout.prunableCount - removed(at: target)
    switch config.method.masks {
    case .dense: return (before, "no weight is pruned")
    case .random:
      let masks = before.enumerated().map { k, mask in
        var random = RandomStream(seed: config.seed, purpose: "random masks", round, k)
        let bits = DrawnMasks.prune(
          mask.bits, count: mask.weightsLeft - left, random: &random)
        return mask.pruned(to: bits, round: round, rule: "random")
      }
      return (masks, "random masks")
    case .extracted:
      let found = try source(subnetworks, weightsLeft: left)
      return (found.masks, "masks of '\(found.run)', round \(found.round)")
    case .shuffled:
      let found = try source(subnetworks, weightsLeft: left)
      let layers = layout.prunableLayers.map(\.range)
      let masks = found.masks.enumerated().map { k, mask in
        var random = RandomStream(seed: config.seed, purpose: "shuffled masks", round, k)
        let bits = DrawnMasks.shuffle(mask.bits, layers: layers, random: &random)
        return mask.pruned(to: bits, round: round, rule: "shuffled")
      }
      return (masks, "masks of '\(found.run)', round \(found.round), shuffled within each layer")
    case .swapped:
      let found = try source(subnetworks, weightsLeft: left)
      let masks = subnetworks.enumerated().map { k, subset in
        let mask = found.masks[(k + 1) % subnetworks.count]
        return Mask(
          bits: mask.bits, subset: subset, round: round, rule: "swapped", seed: mask.seed,
          parentHash: mask.hash)
      }
      return (masks, "masks of '\(found.run)', round \(found.round), each of the next subnetwork")
    case .single:
      let found = try source(nil, weightsLeft: left)
      let mask = found.masks[0]
      let masks = subnetworks.map {
        Mask(
          bits: mask.bits, subset: $0, round: round, rule: "single", seed: mask.seed,
          parentHash: mask.hash)
      }
      return (masks, "the one mask of '\(found.run)', round \(found.round), for all")
    }
  }

  /// Makes sure that the other run has masks at all targets, before a folder is made.
  /// - Returns: what a person should know of it.
  /// - Throws: as `masks`.
  func check() throws -> [String] {
    guard config.masksFrom != nil else { return [] }
    if config.method.masks == .swapped, subnetworks.count < 2 {
      throw EngineError.unsupported(
        "method: 'swapped_joint' needs two subnetworks at least, found \(subnetworks.count)")
    }
    for target in config.targets {
      _ = try source(
        config.method.masks == .single ? nil : subnetworks,
        weightsLeft: layout.prunableCount - removed(at: target))
    }
    let other = try otherRun()
    let theirs = try SafetensorsFile.read(other.initialParametersPath)
    let differs = try !hasOwnInitialParameters(theirs)
    return
      (differs
      ? ["the run of the masks began with another θ₀: see its seed, model and dataset"] : [])
      + CalibrationSplit.warnings(config, masksOf: try other.resolvedConfig())
  }

  private func removed(at target: Double) -> Int {
    PruningSchedule(config, prunableCount: layout.prunableCount).removed(at: target)
  }

  private func otherRun() throws -> RunDirectory {
    let path = (config.masksFrom ?? "") as NSString
    return try RunDirectory.open(path.lastPathComponent, in: path.deletingLastPathComponent)
  }

  /// The masks of the other run that keep so many weights.
  /// - Parameter names: whose masks; `nil` for the one of a run with one subnetwork.
  private func source(
    _ names: [String]?, weightsLeft: Int
  ) throws -> (masks: [Mask], run: String, round: Int) {
    let directory = try otherRun()
    let summary = try directory.summary()
    let theirs = summary.subnetworks.map(\.name)
    guard theirs == names ?? Array(theirs.prefix(1)), !theirs.isEmpty else {
      throw EngineError.mismatch(
        file: "masks_from: \(directory.path)", found: "masks of \(theirs.joined(separator: ", "))",
        expected: names.map { "of " + $0.joined(separator: ", ") } ?? "one mask for all data")
    }
    var sparsest = layout.prunableCount
    for round in try directory.maskRounds() {
      let masks = try Tickets.readMasks(
        directory.masksPath(round: round), subnetworks: theirs, layout: layout, round: round)
      if masks.allSatisfy({ $0.weightsLeft == weightsLeft }) {
        return (masks, directory.name, round)
      }
      sparsest = min(sparsest, masks.map(\.weightsLeft).max() ?? sparsest)
    }
    throw EngineError.mismatch(
      file: "masks_from: \(directory.path)",
      found:
        "no round in which every mask has \(weightsLeft) weights (the sparsest has \(sparsest))",
      expected: "a run with the targets \(config.targets.map { "\($0)" }.joined(separator: ", "))")
  }

  /// Whether the prunable weights of a θ₀ are those of this run.
  private func hasOwnInitialParameters(_ file: SafetensorsFile) throws -> Bool {
    let own = try task.initialParameters(layout: layout)
    let theirs = Dictionary(file.tensors.map { ($0.name, $0) }) { first, _ in first }
    return try layout.prunableLayers.allSatisfy { slice in
      guard let tensor = theirs[slice.name], tensor.shape == slice.shape else { return false }
      return zip(slice.range, try tensor.floats()).allSatisfy { own.pointer[$0] == $1 }
    }
  }
}
