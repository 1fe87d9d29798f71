internal import Datasets
package import Experiments
package import NeuralNetworks
package import Tensors

/// Algorithm 2 (paper §3): joint retraining of all subnetworks on one shared θ, from θ₀, with every
/// step confined to the active mask.
///
/// The same steps in the same order serve the methods whose subnetworks share nothing (`Method`): then
/// each has a θ and an optimizer of its own.
package final class Retraining {
  /// What a retraining leaves behind.
  package struct Result {
    /// θ with its optimizer, one per subnetwork (K times the same objects if θ is shared).
    package let learners: [Learner]
    /// Running statistics, one per subnetwork (K times the same object if they are shared).
    package let statistics: [BatchNormStatistics]
    fileprivate var place: TrainingState.Place
  }

  package let layout: ParameterLayout
  package let batchNormLayout: BatchNormLayout
  private let config: ExperimentConfig
  private let task: any LotteryTask
  private let trainer: SubnetworkTrainer
  private let initial: FloatBuffer
  private let events: EventStream
  private let control: EngineControl
  private let board: RunBoard
  private let watch: WatchPost
  private let stepTaken: @Sendable () -> Void

  /// - Parameters:
  ///   - board: where the state is put when a snapshot is asked for.
  ///   - watch: what looks on; `nil` is one that nobody hears of but by its events.
  ///   - stepTaken: called after every step.
  package init(
    config: ExperimentConfig, task: any LotteryTask, trainer: SubnetworkTrainer,
    initial: FloatBuffer, events: EventStream, control: EngineControl, board: RunBoard = RunBoard(),
    watch: WatchPost? = nil, stepTaken: @escaping @Sendable () -> Void = {}
  ) {
    self.config = config
    self.task = task
    self.trainer = trainer
    self.initial = initial
    self.events = events
    self.control = control
    self.board = board
    self.watch = watch ?? WatchPost(CollapseWatch(config.watch), events: events)
    self.stepTaken = stepTaken
    layout = trainer.network.layout
    batchNormLayout = trainer.network.batchNormLayout
  }

  /// Retrains from θ₀ with fixed masks; goes on from the board's state if there is some.
  /// - Throws: `StopRequested`, `DatasetError` if an image can no longer be read.
  package func run(round: Int, masks: [Mask], epochs: Int) throws -> Result {
    let learningRate = config.retraining.learningRate ?? config.optimizer.learningRate
    // Smaller subsets repeat their batches until all have M = max M_k.
    let batchCount = masks.indices.map(task.stepsPerEpoch(subnetwork:)).max() ?? 0
    var result = Result(
      learners: owned(by: masks.count, shared: !config.method.isIndependent) {
        Learner(task, layout: layout, initial: initial, pool: trainer.pool)
      },
      statistics: owned(by: masks.count, shared: config.batchNorm.statistics == .shared) {
        BatchNormStatistics(layout: batchNormLayout)
      },
      place: .init(lossSums: masks.map { _ in 0 }))
    if let state = board.retraining(ofRound: round) {
      state.restore(owners(result.learners), statistics: owners(result.statistics))
      result.place = state.place
    }
    while result.place.epoch <= epochs {
      let epoch = result.place.epoch
      let batches = masks.indices.map { k in
        task.epoch(stage: .retraining, round: round, subnetwork: k, epoch: epoch)
      }
      var random =
        result.place.random.flatMap(RandomStream.init(state:))
        ?? RandomStream(seed: config.seed, purpose: "retraining augmentation", round, epoch)
      while result.place.step < batchCount * masks.count {
        let (index, k) = result.place.step.quotientAndRemainder(dividingBy: masks.count)
        try control.checkpoint(of: k) { capture(result) }
        let batch = batches[k][index % batches[k].count]
        let step = (epoch - 1) * batchCount + index
        let decay = config.retraining.decay.factor(at: Double(step) / Double(epochs * batchCount))
        let loss = try keeping(result) {
          try trainer.step(
            batch, subnetwork: k, mask: masks[k].bits, learner: result.learners[k],
            statistics: result.statistics[k], learningRate: learningRate * decay, random: &random)
        }
        result.place.step += 1
        result.place.lossSums[k] += loss
        result.place.random = random.words
        stepTaken()
        control.count(.batches, of: k)
        events.send(
          .stepFinished(
            StepReport(
              stage: .retraining, round: round, subnetwork: k, epoch: epoch,
              step: step + 1, plannedSteps: epochs * batchCount,
              loss: loss, samples: batch.count)))
      }
      for k in masks.indices {
        control.count(.epochs, of: k)
        watch.send(
          .epochFinished(
            EpochReport(
              stage: .retraining, round: round, subnetwork: k, epoch: epoch,
              meanLoss: result.place.lossSums[k] / Double(batchCount))))
      }
      result.place = .init(epoch: epoch + 1, lossSums: masks.map { _ in 0 })
    }
    return result
  }

  /// Puts the state of a retraining on the board.
  package func capture(_ result: Result) {
    board.capture(
      TrainingState(
        place: result.place, learners: owners(result.learners),
        statistics: owners(result.statistics)))
  }

  /// Does something that changes nothing where it fails; then the state is put on the board.
  private func keeping<Value>(_ result: Result, _ work: () throws -> Value) throws -> Value {
    do { return try work() } catch {
      capture(result)
      throw error
    }
  }

  /// A thing for each of so many subnetworks, or one thing that all share.
  private func owned<Thing>(by count: Int, shared: Bool, _ make: () -> Thing) -> [Thing] {
    guard shared else { return (0..<count).map { _ in make() } }
    return Array(repeating: make(), count: count)
  }

  /// The different learners.
  private func owners(_ learners: [Learner]) -> [Learner] {
    config.method.isIndependent ? learners : Array(learners.prefix(1))
  }

  /// The different sets of statistics.
  private func owners(_ statistics: [BatchNormStatistics]) -> [BatchNormStatistics] {
    config.batchNorm.statistics == .shared ? Array(statistics.prefix(1)) : statistics
  }

  /// Judges all subnetworks on all held-out samples.
  /// - Throws: `StopRequested`, `DatasetError` if an image can no longer be read.
  package func evaluate(
    _ result: Result, round: Int, masks: [Mask], target: Double?
  ) throws -> EvaluationReport {
    let bits = masks.map(\.bits)
    let verdict = try keeping(result) {
      try task.judge(
        Candidate.all(
          parameters: result.learners.map(\.parameters), masks: bits,
          statistics: result.statistics), after: .retraining, round: round, with: trainer,
        beforeEach: { try control.checkpoint { capture(result) } })
    }
    for drawing in verdict?.drawings ?? [] { events.send(drawing) }
    return EvaluationReport(
      stage: .retraining, round: round, target: target, samples: verdict?.samples ?? 0,
      subnetworks: verdict?.qualities ?? [],
      argmaxAccuracy: config.evaluation.argmax ? verdict?.argmaxAccuracy : nil,
      unionParameters: MaskOverlap.unionCount(bits), overall: verdict?.overall)
  }
}
