internal import Experiments
internal import NeuralNetworks

/// How many bytes a run writes, estimated from its config before it starts.
enum RunSize {
  /// Bytes of an event of a step in the log, and of one with a K×K matrix entry.
  private static let bytesPerStep = 230
  private static let bytesPerMatrixEntry = 20

  /// Everything: masks of all rounds, tickets, the log, and three checkpoints (two that are kept and the
  /// one being written).
  static func bytes(_ task: any LotteryTask, threads: Int) -> Int {
    let config = task.config
    let layout = task.makeLayout()
    let rounds = PruningSchedule(config, prunableCount: layout.prunableCount)
      .plannedRounds
    let k = task.subnetworkNames.count
    let retrainings: Int
    switch config.retraining.when {
    case .atTargets: retrainings = min(rounds, config.targets.count)
    case .everyRound: retrainings = rounds
    case .final: retrainings = 1
    }
    let stepsPerEpoch = task.subnetworkNames.indices.map(task.stepsPerEpoch(subnetwork:))
    let steps =
      (config.extractsMasks ? rounds * config.defaultRound.epochs * stepsPerEpoch.reduce(0, +) : 0)
      + retrainings * config.retrainingEpochs * (stepsPerEpoch.max() ?? 0) * k
    let matrices = rounds * k * k * 2 * (1 + layout.prunableLayers.count)
    let masks = (rounds + 1) * k * layout.prunableCount
    let networks = config.method.isIndependent ? k : 1
    let tickets =
      (retrainings * networks + 1) * layout.count * 4 + retrainings * k * statistics(task)
    return masks + tickets + steps * bytesPerStep + matrices * bytesPerMatrixEntry
      + 3 * checkpointBytes(task, threads: threads)
  }

  /// The largest checkpoint: θ, Adam's moments and counts, and statistics of what is in flight (a
  /// subnetwork per thread in extraction; all statistics in retraining, and all networks of an
  /// independent one), the masks packed.
  static func checkpointBytes(_ task: any LotteryTask, threads: Int) -> Int {
    let k = task.subnetworkNames.count
    let layout = task.makeLayout()
    let networks = task.config.method.isIndependent ? k : min(threads, k)
    let gathered =
      task.config.extraction.criterion.rule.gathersGradients ? layout.prunableCount : 0
    return networks * 4 * (layout.count * 4 + gathered)
      + k * (statistics(task) + layout.prunableCount / 4) + (1 << 16)
  }

  private static func statistics(_ task: any LotteryTask) -> Int {
    task.architecture.batchNormLayout().channels * 8
  }
}
