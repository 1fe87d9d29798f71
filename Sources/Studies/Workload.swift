public import Experiments

/// Optimizer steps of all subnetworks together, by stage.
public struct Workload: Sendable, Equatable {
  private var steps: [Stage: Int] = [:]

  /// So many steps of each stage.
  public init(extraction: Int = 0, retraining: Int = 0) {
    steps = [.extraction: extraction, .retraining: retraining]
  }

  /// The steps of a stage.
  public subscript(stage: Stage) -> Int {
    get { steps[stage, default: 0] }
    set { steps[stage] = newValue }
  }

  /// What a run has to do, foreseen from its plan.
  ///
  /// Algorithm 1: rounds × epochs × Σ M_k steps; Algorithm 2: epochs × K × max M_k steps for each
  /// retraining (paper §2, §3).
  /// - Parameters:
  ///   - row: what makes masks, and what is not pruned.
  ///   - config: the run's config.
  ///   - batches: M_k, the mini-batches in an epoch of each subnetwork.
  ///   - wholeBatches: the mini-batches in an epoch of all samples.
  ///   - rounds: pruning rounds to the last target.
  public init(
    _ row: ReproductionRow, config: ExperimentConfig, batches: [Int], wholeBatches: Int,
    rounds: Int
  ) {
    let isSingle = row.method == "imp_single"
    // One multi-class model sees each sample once in an epoch, and gets twice the epochs.
    let perEpoch = isSingle ? 2 * wholeBatches : batches.reduce(0, +)
    let perJointEpoch = isSingle ? 2 * wholeBatches : batches.count * (batches.max() ?? 0)
    let extracts =
      row.masksFrom == nil
      && [ReproductionRow.standardMethod, "imp_single", "imp_multiple"].contains(row.method)
    let retrainings =
      switch config.retraining.when {
      case _ where row.isDense: 1
      case .atTargets: config.extraction.targets.count
      case .everyRound: extracts ? rounds : config.extraction.targets.count
      case .final: 1
      }
    self.init(
      extraction: extracts ? rounds * config.extraction.epochsPerRound * perEpoch : 0,
      retraining: retrainings * config.retraining.epochs * perJointEpoch)
  }
}
