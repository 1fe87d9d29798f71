internal import Datasets
package import Experiments
internal import Foundation
internal import NeuralNetworks
internal import Synchronization
package import Tensors

/// One round of Algorithm 1 (paper §2): every subnetwork starts from θ₀ under its mask, trains on
/// its own subset, loses its smallest weights and is rewound.
///
/// Dense parameters, batch-norm statistics and optimizer state start afresh in each extraction, and
/// no two share anything, so they run side by side, one per thread (with fewer subnetworks than
/// threads, each gets several); the bits are the same as one after the other.
package struct Extraction: Sendable {
  private let config: ExperimentConfig
  private let task: ClassificationTask
  private let initial: FloatBuffer
  private let events: EventStream
  private let control: EngineControl
  private let board: RunBoard
  private let stepTaken: @Sendable () -> Void

  /// - Parameters:
  ///   - board: where the state of what is in flight is put when a snapshot is asked for.
  ///   - stepTaken: called after every step.
  package init(
    config: ExperimentConfig, task: ClassificationTask, initial: FloatBuffer,
    events: EventStream, control: EngineControl, board: RunBoard = RunBoard(),
    stepTaken: @escaping @Sendable () -> Void = {}
  ) {
    self.config = config
    self.task = task
    self.initial = initial
    self.events = events
    self.control = control
    self.board = board
    self.stepTaken = stepTaken
  }

  /// Extracts all subnetworks of a round; goes on from the board's state if there is some.
  /// - Returns: the pruned masks, in the order of the subnetworks.
  /// - Throws: `StopRequested`, `DatasetError` if an image can no longer be read.
  package func run(
    round: Int, settings: RoundSettings, masks: [Mask], threads: Int
  ) throws -> [Mask] {
    let begun = board.extraction(ofRound: round)
    let workers = max(1, min(threads, masks.count))
    let progress = Mutex(Progress(pruned: masks.indices.map { begun.finished[$0] }))
    // Workers announce themselves: fewer than asked for may run at a time.
    control.begin(workers: 0)
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      control.workerStarted()
      defer { control.workerFinished() }
      let trainer = SubnetworkTrainer(
        task: task, pool: WorkerPool(threads: max(1, threads / workers)))
      while let k = progress.withLock({ $0.takeNext() }) {
        do {
          let mask = try extract(
            k, round: round, settings: settings, mask: masks[k], from: begun.inFlight[k],
            with: trainer, hasFailed: { progress.withLock { $0.failure != nil } })
          progress.withLock { $0.pruned[k] = mask }
          board.finish(k, mask: mask)
        } catch {
          progress.withLock { $0.failure = $0.failure ?? error }
        }
      }
    }
    control.begin(workers: 1)
    return try progress.withLock { progress in
      if let failure = progress.failure { throw failure }
      return progress.pruned.compactMap(\.self)
    }
  }

  private struct Progress {
    var next = 0
    var pruned: [Mask?]
    var failure: (any Error)?

    mutating func takeNext() -> Int? {
      guard failure == nil else { return nil }
      while next < pruned.count, pruned[next] != nil { next += 1 }
      guard next < pruned.count else { return nil }
      defer { next += 1 }
      return next
    }
  }

  /// Trains, judges, prunes and rewinds subnetwork k.
  private func extract(
    _ k: Int, round: Int, settings: RoundSettings, mask: Mask, from state: TrainingState?,
    with trainer: SubnetworkTrainer, hasFailed: () -> Bool
  ) throws -> Mask {
    let layout = trainer.network.layout
    let parameters = FloatBuffer(count: initial.count)
    parameters.copy(from: initial)
    let statistics = BatchNormStatistics(layout: trainer.network.batchNormLayout)
    let optimizer = task.makeOptimizer(layout: layout, pool: trainer.pool)
    let planned = settings.epochs * task.stepsPerEpoch(subnetwork: k)
    state?.restore(parameters: parameters, optimizer: optimizer, statistics: [statistics])
    var place = state?.place ?? TrainingState.Place(lossSums: [0])
    func capture() {
      board.capture(
        TrainingState(
          place: place, parameters: parameters, optimizer: optimizer, statistics: [statistics]),
        of: k)
    }
    func standIfAsked() throws {
      try control.checkpoint(capture: capture)
      // Without the one that failed the round cannot end: its own work is kept, and no more is done.
      guard hasFailed() else { return }
      capture()
      throw StopRequested()
    }
    func keepingState<Result>(_ work: () throws -> Result) throws -> Result {
      do { return try work() } catch {
        capture()
        throw error
      }
    }
    while place.epoch <= settings.epochs {
      let epoch = place.epoch
      var random =
        place.random.flatMap(RandomStream.init(state:))
        ?? RandomStream(seed: config.seed, purpose: "extraction augmentation", round, k, epoch)
      let batches = task.epoch(stage: .extraction, round: round, subnetwork: k, epoch: epoch)
      while place.step < batches.count {
        try standIfAsked()
        let batch = batches[place.step]
        let loss = try keepingState {
          try trainer.step(
            batch, subnetwork: k, mask: mask.bits, parameters: parameters, statistics: statistics,
            optimizer: optimizer, learningRate: settings.learningRate, random: &random)
        }
        place.step += 1
        place.lossSums[0] += loss
        place.random = random.words
        stepTaken()
        events.send(
          .stepFinished(
            StepReport(
              stage: .extraction, round: round, subnetwork: k, epoch: epoch,
              step: (epoch - 1) * batches.count + place.step,
              plannedSteps: planned, loss: loss, samples: batch.count)))
      }
      events.send(
        .epochFinished(
          EpochReport(
            stage: .extraction, round: round, subnetwork: k, epoch: epoch,
            meanLoss: place.lossSums[0] / Double(batches.count))))
      place = .init(epoch: epoch + 1, lossSums: [0])
    }
    if config.evaluation.roundSamples > 0 {
      let evaluator = Evaluator(task: task, trainer: trainer)
      let quality = try keepingState {
        try evaluator.judge(
          k, parameters: parameters, mask: mask.bits, statistics: statistics,
          samples: task.roundSamples, beforeEach: standIfAsked)
      }
      events.send(
        .evaluated(
          EvaluationReport(
            stage: .extraction, round: round, target: nil, samples: task.roundSamples.count,
            subnetworks: [quality], argmaxAccuracy: nil, unionParameters: nil)))
    }
    let left = MagnitudePruning.prune(
      mask.bits,
      weights: UnsafeBufferPointer(start: parameters.pointer, count: layout.prunableCount),
      count: settings.pruneCount, ranking: config.extraction.ranking,
      layers: layout.prunableLayers.map(\.range))
    let pruned = mask.pruned(
      to: left, round: round, rule: "magnitude, \(config.extraction.ranking.rawValue)")
    events.send(
      .pruned(
        PruneReport(
          round: round, subnetwork: k, removed: mask.weightsLeft - pruned.weightsLeft,
          weightsLeft: pruned.weightsLeft, sparsity: pruned.sparsity, maskHash: pruned.hash)))
    // The rewind: the trained values are given up here, and the next use starts from θ₀.
    events.send(.rewound(round: round, subnetwork: k))
    return pruned
  }
}
