/// The fixed facts of a run.
public struct RunDescription: Sendable, Codable, Equatable {
  /// The run's name, which is its folder's.
  public var runName: String
  /// The config's seed.
  public var seed: UInt64
  /// The model's name.
  public var model: String
  /// The dataset's name.
  public var dataset: String
  /// The names of the K subnetworks.
  public var subnetworks: [String]
  /// The prunable layers, shallow to deep.
  public var layers: [LayerDescription]
  /// Weights a mask decides over.
  public var prunableParameters: Int
  /// All parameters of the dense network.
  public var totalParameters: Int
  /// Ascending target sparsities.
  public var targets: [Double]
  /// Samples per mini-batch.
  public var batchSize: Int
  /// Rounds until the last target with the configured prune count.
  public var plannedRounds: Int
  /// What a launched round uses unless the person says otherwise.
  public var defaultRound: RoundSettings
  /// The instruction sets behind the numbers: the same seed gives the same bits on the same ones.
  public var computedWith: String
  /// How weights are pruned, in words; `nil` if by magnitude and constant count, the paper's way.
  public var pruning: String?
  /// The version of the log that follows; `nil` in logs from before there was one, which is 1.
  public var logVersion: Int? = EventLog.version

  /// All facts of a run.
  public init(
    runName: String, seed: UInt64, model: String, dataset: String, subnetworks: [String],
    layers: [LayerDescription], prunableParameters: Int, totalParameters: Int, targets: [Double],
    batchSize: Int, plannedRounds: Int, defaultRound: RoundSettings, computedWith: String
  ) {
    self.runName = runName
    self.seed = seed
    self.model = model
    self.dataset = dataset
    self.subnetworks = subnetworks
    self.layers = layers
    self.prunableParameters = prunableParameters
    self.totalParameters = totalParameters
    self.targets = targets
    self.batchSize = batchSize
    self.plannedRounds = plannedRounds
    self.defaultRound = defaultRound
    self.computedWith = computedWith
  }
}

/// A prunable layer.
public struct LayerDescription: Sendable, Codable, Equatable {
  /// PyTorch's parameter name.
  public var name: String
  /// Its number of weights.
  public var weights: Int

  /// A layer by name and size.
  public init(name: String, weights: Int) {
    self.name = name
    self.weights = weights
  }
}

/// The beginning of a pruning round.
public struct RoundStarted: Sendable, Codable, Equatable {
  /// Counted from 1.
  public var round: Int
  /// What each subnetwork does, after landing on a target is taken into account.
  public var plan: RoundPlan
  /// Optimizer steps each subnetwork will take, in the order of the subnetworks.
  public var plannedSteps: [Int]

  private enum CodingKeys: String, CodingKey {
    case round
    case plan = "settings"
    case plannedSteps
  }

  /// A beginning round.
  public init(round: Int, plan: RoundPlan, plannedSteps: [Int]) {
    self.round = round
    self.plan = plan
    self.plannedSteps = plannedSteps
  }

  /// A beginning round with the same settings for all subnetworks.
  public init(round: Int, settings: RoundSettings, plannedSteps: [Int]) {
    self.init(round: round, plan: RoundPlan(settings), plannedSteps: plannedSteps)
  }

  /// The settings of every subnetwork that has none of its own.
  public var settings: RoundSettings { plan.settings }
}

/// One optimizer step.
public struct StepReport: Sendable, Codable, Equatable {
  /// Extraction or retraining.
  public var stage: Stage
  /// The pruning round, from 1; in retraining the round whose masks are used.
  public var round: Int
  /// Index of the subnetwork.
  public var subnetwork: Int
  /// Epoch within the stage, from 1.
  public var epoch: Int
  /// Step of this subnetwork within the stage, from 1.
  public var step: Int
  /// Steps this subnetwork takes in the stage.
  public var plannedSteps: Int
  /// Mean loss over the mini-batch before the step; not finite if training diverged.
  public var loss: Double
  /// Samples in the mini-batch.
  public var samples: Int

  /// A finished step.
  public init(
    stage: Stage, round: Int, subnetwork: Int, epoch: Int, step: Int, plannedSteps: Int,
    loss: Double, samples: Int
  ) {
    self.stage = stage
    self.round = round
    self.subnetwork = subnetwork
    self.epoch = epoch
    self.step = step
    self.plannedSteps = plannedSteps
    self.loss = loss
    self.samples = samples
  }
}

/// One epoch of one subnetwork.
public struct EpochReport: Sendable, Codable, Equatable {
  /// Extraction or retraining.
  public var stage: Stage
  /// The pruning round, from 1.
  public var round: Int
  /// Index of the subnetwork.
  public var subnetwork: Int
  /// Epoch within the stage, from 1.
  public var epoch: Int
  /// Mean loss over the epoch's mini-batches.
  public var meanLoss: Double

  /// A finished epoch.
  public init(stage: Stage, round: Int, subnetwork: Int, epoch: Int, meanLoss: Double) {
    self.stage = stage
    self.round = round
    self.subnetwork = subnetwork
    self.epoch = epoch
    self.meanLoss = meanLoss
  }
}

/// One pruning of one mask.
public struct PruneReport: Sendable, Codable, Equatable {
  /// The pruning round, from 1.
  public var round: Int
  /// Index of the subnetwork.
  public var subnetwork: Int
  /// Weights removed now.
  public var removed: Int
  /// Weights left in the mask.
  public var weightsLeft: Int
  /// Fraction of prunable weights removed so far.
  public var sparsity: Double
  /// Content hash of the new mask, hexadecimal.
  public var maskHash: String

  /// A finished pruning.
  public init(
    round: Int, subnetwork: Int, removed: Int, weightsLeft: Int, sparsity: Double, maskHash: String
  ) {
    self.round = round
    self.subnetwork = subnetwork
    self.removed = removed
    self.weightsLeft = weightsLeft
    self.sparsity = sparsity
    self.maskHash = maskHash
  }
}

/// The pairwise similarity of all masks, globally and per layer (paper §8).
public struct OverlapReport: Sendable, Codable, Equatable {
  /// The pruning round, from 1.
  public var round: Int
  /// J(i, j) = |m_i ∩ m_j| / |m_i ∪ m_j| over all prunable weights, K×K, 1 on the diagonal.
  public var jaccard: [[Double]]
  /// Expectation of J for independent masks of the same densities a, b: ab / (a + b − ab), K×K.
  public var chance: [[Double]]
  /// Weights used by at least one subnetwork.
  public var unionParameters: Int
  /// How many weights are in exactly n of the K masks, n = 0…K.
  public var ownership: [Int]
  /// The same per prunable layer, shallow to deep.
  public var layers: [LayerOverlap]
  /// Whether the input still reaches the outputs of each subnetwork, for a layer without weights may be
  /// one that a shortcut goes around; `nil` where nobody looked.
  public var inputReachesOutput: [Bool]?

  /// A finished comparison.
  public init(
    round: Int, jaccard: [[Double]], chance: [[Double]], unionParameters: Int, ownership: [Int],
    layers: [LayerOverlap], inputReachesOutput: [Bool]? = nil
  ) {
    self.round = round
    self.jaccard = jaccard
    self.chance = chance
    self.unionParameters = unionParameters
    self.ownership = ownership
    self.layers = layers
    self.inputReachesOutput = inputReachesOutput
  }

  /// Mean J of each subnetwork to the K − 1 others; `nan` for K = 1.
  public var meanJaccard: [Double] { Self.meanToOthers(jaccard) }

  /// Mean chance level of each subnetwork to the K − 1 others; `nan` for K = 1.
  public var meanChance: [Double] { Self.meanToOthers(chance) }

  private static func meanToOthers(_ matrix: [[Double]]) -> [Double] {
    // As the rows come from a log, they need not be as long as there are rows.
    matrix.enumerated().map { i, row in
      let others = row.indices.filter { $0 != i }
      return others.reduce(0) { $0 + row[$1] } / Double(others.count)
    }
  }
}

/// The similarity of the masks within one layer.
public struct LayerOverlap: Sendable, Codable, Equatable {
  /// PyTorch's parameter name.
  public var name: String
  /// Sparsity of each subnetwork in this layer.
  public var sparsity: [Double]
  /// J(i, j) within this layer, K×K; 1 where both masks are empty.
  public var jaccard: [[Double]]
  /// The chance level of each pair, K×K.
  public var chance: [[Double]]

  /// A layer's comparison.
  public init(name: String, sparsity: [Double], jaccard: [[Double]], chance: [[Double]]) {
    self.name = name
    self.sparsity = sparsity
    self.jaccard = jaccard
    self.chance = chance
  }
}

/// A judgement on held-out data.
public struct EvaluationReport: Sendable, Codable, Equatable {
  /// The stage that trained what is judged: extraction (one subnetwork, before its rewind) or
  /// retraining (all of them, sharing θ).
  public var stage: Stage
  /// The pruning round, from 1.
  public var round: Int
  /// The target sparsity that was reached, if this round reached one.
  public var target: Double?
  /// Held-out samples used.
  public var samples: Int
  /// The judged subnetworks.
  public var subnetworks: [SubnetworkQuality]
  /// Multi-class accuracy of the argmax over the K subnetworks' scores, without knowing the subset.
  public var argmaxAccuracy: Double?
  /// Size of the union of the masks at that moment.
  public var unionParameters: Int?
  /// The quality of all subnetworks together, each where it belongs, for tasks that have one: the PSNR
  /// of a whole picture.
  public var overall: QualityScore?

  /// A finished judgement.
  public init(
    stage: Stage, round: Int, target: Double?, samples: Int, subnetworks: [SubnetworkQuality],
    argmaxAccuracy: Double?, unionParameters: Int?, overall: QualityScore? = nil
  ) {
    self.stage = stage
    self.round = round
    self.target = target
    self.samples = samples
    self.subnetworks = subnetworks
    self.argmaxAccuracy = argmaxAccuracy
    self.unionParameters = unionParameters
    self.overall = overall
  }
}
