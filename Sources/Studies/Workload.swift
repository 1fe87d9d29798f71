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

  /// What a run has to do, foreseen from its config.
  ///
  /// Algorithm 1: rounds × epochs × Σ M_k steps; Algorithm 2: epochs × K × max M_k steps for each
  /// retraining (paper §2, §3).
  /// - Parameters:
  ///   - batches: M_k, the mini-batches in an epoch of each subnetwork.
  ///   - rounds: pruning rounds to the last target.
  public init(of config: ExperimentConfig, batches: [Int], rounds: Int) {
    let retrainings =
      switch config.retraining.when {
      case .everyRound where config.extractsMasks: rounds
      case .everyRound, .atTargets: config.targets.count
      case .final: 1
      }
    let extractionSteps = rounds * config.defaultRound.epochs * batches.reduce(0, +)
    let perEpoch = batches.count * (batches.max() ?? 0)
    self.init(
      extraction: config.extractsMasks ? extractionSteps : 0,
      retraining: retrainings * config.retrainingEpochs * perEpoch)
  }
}
