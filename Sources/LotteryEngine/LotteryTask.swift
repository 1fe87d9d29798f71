package import Datasets
package import Experiments
package import NeuralNetworks
package import Tensors

/// What the engine has to know of a task: the network, the subsets' mini-batches, the loss, and how
/// trained subnetworks are judged.
///
/// Extraction, retraining, checkpoints and reports go by this alone; adding a task is a type and a line
/// of `TaskCatalogue`.
package protocol LotteryTask: Sendable {
  /// The config, with what the program found written out.
  var config: ExperimentConfig { get }
  /// The names of the K subnetworks, in order.
  var subnetworkNames: [String] { get }
  /// The network that all subnetworks share, and its output units.
  var architecture: Architecture { get }
  var outputs: Int { get }
  /// Training samples that are set aside for calibration.
  var calibrationSamples: Int { get }

  /// θ₀ as the seed gives it, the same for every method and subnetwork.
  func drawnParameters(layout: ParameterLayout) -> FloatBuffer

  /// Dense parameters that a step of subnetwork k must not touch.
  func frozenRanges(subnetwork k: Int, layout: ParameterLayout) -> [Range<Int>]

  /// Mini-batches of subnetwork k in an epoch.
  func stepsPerEpoch(subnetwork k: Int) -> Int

  /// The mini-batches of an epoch; the same for the same seed and place.
  func epoch(stage: Stage, round: Int, subnetwork k: Int, epoch: Int) -> [Minibatch]

  /// What takes mini-batches to a network and back, for one place where steps are taken.
  func makeFeeder(pool: WorkerPool) -> any BatchFeeder

  /// Judges subnetworks: one at the end of its extraction, before the rewind, or all after retraining.
  /// - Parameter round: the round they were trained in.
  /// - Parameter beforeEach: called before each subnetwork's turn with some samples; what it throws ends
  ///   the judging.
  /// - Returns: `nil` if the config wants no judgement at this stage.
  /// - Throws: `DatasetError` if a sample can no longer be read.
  func judge(
    _ candidates: [Candidate], after stage: Stage, round: Int, with trainer: SubnetworkTrainer,
    beforeEach: () throws -> Void
  ) throws -> Verdict?
}

/// What takes mini-batches to a network's input, and from its outputs to the loss.
///
/// Each place where steps are taken has its own, so it may have scratch memory; a task that needs none is
/// one itself.
package protocol BatchFeeder {
  /// Fills the network's input with training samples.
  /// - Parameter random: the stream of the augmentation.
  /// - Throws: `DatasetError` if a sample can no longer be read.
  func load(
    _ batch: Minibatch, into input: LaneBatch, random: inout RandomStream, pool: WorkerPool
  ) throws

  /// The mean loss of the network's outputs for the mini-batch last loaded; leaves its gradient in the
  /// network.
  func loss(_ batch: Minibatch, subnetwork k: Int, network: Network) -> Double
}

extension LotteryTask where Self: BatchFeeder {
  /// The task itself.
  package func makeFeeder(pool: WorkerPool) -> any BatchFeeder { self }
}

/// A subnetwork to judge: m_k ⊙ θ with its running statistics.
package struct Candidate {
  package let subnetwork: Int
  package let parameters: FloatBuffer
  package let mask: BitVector
  package let statistics: BatchNormStatistics

  package init(
    subnetwork: Int, parameters: FloatBuffer, mask: BitVector, statistics: BatchNormStatistics
  ) {
    self.subnetwork = subnetwork
    self.parameters = parameters
    self.mask = mask
    self.statistics = statistics
  }

  /// The subnetworks in their order.
  package static func all(
    parameters: [FloatBuffer], masks: [BitVector], statistics: [BatchNormStatistics]
  ) -> [Candidate] {
    masks.indices.map {
      Candidate(
        subnetwork: $0, parameters: parameters[$0], mask: masks[$0], statistics: statistics[$0])
    }
  }
}

/// What judging came to.
package struct Verdict {
  /// One per judged subnetwork.
  package let qualities: [SubnetworkQuality]
  /// Samples that were used.
  package let samples: Int
  /// Fraction of samples for which the argmax over the subnetworks is right, for tasks that have one.
  package var argmaxAccuracy: Double?
  /// The quality of all together, for tasks that have one.
  package var overall: QualityScore?
  /// What they show, for tasks that show something.
  package var drawings: [Event] = []
  /// A line per sample with what each subnetwork said, as CSV; made when it is asked for.
  package var table: () -> String
}

extension LotteryTask {
  package var calibrationSamples: Int { 0 }

  /// Where the network's parameters are.
  package func makeLayout() -> ParameterLayout { architecture.parameterLayout(outputs: outputs) }

  /// A network with memory for a mini-batch.
  package func makeNetwork(pool: WorkerPool) -> Network {
    let network = Network(
      architecture, outputs: outputs, capacity: config.batchSize, pool: pool)
    network.momentum = config.batchNorm.momentum
    return network
  }

  /// Fresh moments.
  package func makeOptimizer(layout: ParameterLayout, pool: WorkerPool) -> Adam {
    Adam(
      layout: layout, subnetworks: subnetworkNames.count,
      settings: ModelCatalogue.adamSettings(config.optimizer), pool: pool)
  }

  package func frozenRanges(subnetwork k: Int, layout: ParameterLayout) -> [Range<Int>] { [] }
}

/// The tasks a config can name; adding one is a case here and one of `TaskConfig.Kind`.
package enum TaskCatalogue {
  /// The task of a config, with its data.
  /// - Throws: `DatasetError` for missing or corrupt files, `EngineError` for what does not fit.
  package static func task(_ config: ExperimentConfig) throws -> any LotteryTask {
    switch config.task.kind {
    case .binary, .multiclass: try ClassificationTask(config)
    case .inr: try PictureTask(config)
    case .speech: try SpeechTask(config)
    }
  }
}
