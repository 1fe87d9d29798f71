internal import Datasets
package import Experiments
package import NeuralNetworks
package import Tensors

/// Algorithm 2 (paper §3): joint retraining of all subnetworks on one shared θ, from θ₀, with every
/// step confined to the active mask.
package final class JointRetraining {
  /// What joint retraining leaves behind.
  package struct Result {
    /// The shared dense θ.
    package let parameters: FloatBuffer
    /// Running statistics, one per subnetwork (K times the same object if they are shared).
    package let statistics: [BatchNormStatistics]
  }

  package let layout: ParameterLayout
  package let batchNormLayout: BatchNormLayout
  private let config: ExperimentConfig
  private let task: ClassificationTask
  private let trainer: SubnetworkTrainer
  private let initial: FloatBuffer
  private let events: EventStream
  private let control: EngineControl

  package init(
    config: ExperimentConfig, task: ClassificationTask, trainer: SubnetworkTrainer,
    initial: FloatBuffer, events: EventStream, control: EngineControl
  ) {
    self.config = config
    self.task = task
    self.trainer = trainer
    self.initial = initial
    self.events = events
    self.control = control
    layout = trainer.network.layout
    batchNormLayout = trainer.network.batchNormLayout
  }

  /// Retrains from θ₀ with fixed masks.
  /// - Throws: `StopRequested`, `DatasetError` if an image can no longer be read.
  package func run(round: Int, masks: [Mask], epochs: Int) throws -> Result {
    let parameters = FloatBuffer(count: initial.count)
    parameters.copy(from: initial)
    let statistics = makeStatistics(count: masks.count)
    let optimizer = task.makeOptimizer(layout: layout, pool: trainer.pool)
    let learningRate = config.retraining.learningRate ?? config.optimizer.learningRate
    // Smaller subsets repeat their batches until all have M = max M_k.
    let batchCount = masks.indices.map(task.stepsPerEpoch(subnetwork:)).max() ?? 0
    for epoch in 1...epochs {
      let batches = masks.indices.map { k in
        task.epoch(stage: .retraining, round: round, subnetwork: k, epoch: epoch)
      }
      var random = RandomStream(
        seed: config.seed, purpose: "retraining augmentation", round, epoch)
      var lossSums = [Double](repeating: 0, count: masks.count)
      for index in 0..<batchCount {
        for k in masks.indices {
          try control.checkpoint()
          let batch = batches[k][index % batches[k].count]
          let loss = try trainer.step(
            batch, subnetwork: k, mask: masks[k].bits, parameters: parameters,
            statistics: statistics[k], optimizer: optimizer, learningRate: learningRate,
            random: &random)
          lossSums[k] += loss
          events.send(
            .stepFinished(
              StepReport(
                stage: .retraining, round: round, subnetwork: k, epoch: epoch,
                step: (epoch - 1) * batchCount + index + 1, plannedSteps: epochs * batchCount,
                loss: loss, samples: batch.count)))
        }
      }
      for k in masks.indices {
        events.send(
          .epochFinished(
            EpochReport(
              stage: .retraining, round: round, subnetwork: k, epoch: epoch,
              meanLoss: lossSums[k] / Double(batchCount))))
      }
    }
    return Result(parameters: parameters, statistics: statistics)
  }

  /// Judges all subnetworks on all held-out samples.
  /// - Throws: `StopRequested`.
  package func evaluate(
    _ result: Result, round: Int, masks: [Mask], target: Double?
  ) throws -> EvaluationReport {
    let bits = masks.map(\.bits)
    let judgement = try Evaluator(task: task, trainer: trainer).judgeAll(
      parameters: result.parameters, masks: bits, statistics: result.statistics,
      beforeEach: control.checkpoint)
    return EvaluationReport(
      stage: .retraining, round: round, target: target, samples: judgement.labels.count,
      subnetworks: judgement.qualities,
      argmaxAccuracy: config.evaluation.argmax ? judgement.argmaxAccuracy : nil,
      unionParameters: MaskOverlap.unionCount(bits))
  }

  private func makeStatistics(count: Int) -> [BatchNormStatistics] {
    switch config.batchNorm.statistics {
    case .perSubnetwork:
      return (0..<count).map { _ in BatchNormStatistics(layout: batchNormLayout) }
    case .shared:
      let shared = BatchNormStatistics(layout: batchNormLayout)
      return (0..<count).map { _ in shared }
    }
  }
}
