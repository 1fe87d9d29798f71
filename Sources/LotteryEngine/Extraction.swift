internal import Datasets
package import Experiments
internal import Foundation
internal import NeuralNetworks
internal import Synchronization
package import Tensors

/// One round of Algorithm 1 (paper §2): every subnetwork starts from θ₀ under its mask, trains on
/// its own subset, loses the weights worth least and is rewound.
///
/// Dense parameters, batch-norm statistics and optimizer state start afresh in each extraction, and
/// no two share anything, so they run side by side, one per thread. A thread that has none left, or
/// none to begin with, helps with those of others. The bits are the same as one after the other.
package struct Extraction: Sendable {
  private let config: ExperimentConfig
  private let task: any LotteryTask
  private let initial: FloatBuffer
  private let events: EventStream
  private let control: EngineControl
  private let board: RunBoard
  private let watch: WatchPost
  private let stepTaken: @Sendable () -> Void

  /// - Parameters:
  ///   - board: where the state of what is in flight is put when a snapshot is asked for.
  ///   - watch: what looks on; `nil` is one that nobody hears of but by its events.
  ///   - stepTaken: called after every step.
  package init(
    config: ExperimentConfig, task: any LotteryTask, initial: FloatBuffer,
    events: EventStream, control: EngineControl, board: RunBoard = RunBoard(),
    watch: WatchPost? = nil, stepTaken: @escaping @Sendable () -> Void = {}
  ) {
    self.config = config
    self.task = task
    self.initial = initial
    self.events = events
    self.control = control
    self.board = board
    self.watch = watch ?? WatchPost(CollapseWatch(config.watch), events: events)
    self.stepTaken = stepTaken
  }

  /// Extracts the subnetworks of a round; goes on from the board's state if there is some.
  /// - Returns: the masks, in the order of the subnetworks: pruned, or as they were where the plan
  ///   lets them rest.
  /// - Throws: `StopRequested`, `DatasetError` if an image can no longer be read.
  package func run(
    round: Int, plan: RoundPlan, masks: [Mask], threads: Int
  ) throws -> [Mask] {
    let begun = board.extraction(ofRound: round)
    let progress = Progress(
      masks.indices.map { begun.finished[$0] ?? (plan[$0] == nil ? masks[$0] : nil) })
    let workers = max(1, min(threads, progress.unfinished))
    let pools = OpenPools(count: workers, guests: min(threads, Network.shards) - 1)
    // Threads of their own, so that as many as were announced do run: who waits for the others to
    // stand still must be able to count on them.
    control.begin(workers: workers)
    let group = DispatchGroup()
    for thread in 0..<max(workers, threads) {
      group.enter()
      Thread.detachNewThread { [self] in
        if thread < workers {
          pools.use(thread) { pool in
            let trainer = SubnetworkTrainer(task: task, pool: pool)
            while let k = progress.takeNext() {
              guard let settings = plan[k] else { continue }
              do {
                let mask = try extract(
                  k, round: round, settings: settings, mask: masks[k], from: begun.inFlight[k],
                  with: trainer, hasFailed: { progress.hasFailed })
                progress.finish(k, mask)
                board.finish(k, mask: mask)
              } catch {
                progress.fail(error)
              }
            }
          }
          control.workerFinished()
        }
        pools.help()
        group.leave()
      }
    }
    group.wait()
    control.begin(workers: 1)
    return try progress.result()
  }

  /// Who is still to be extracted, shared by the workers.
  private final class Progress: Sendable {
    private struct State {
      var next = 0
      var masks: [Mask?]
      var failure: (any Error)?
    }

    private let state: Mutex<State>
    let unfinished: Int

    init(_ masks: [Mask?]) {
      unfinished = masks.count { $0 == nil }
      state = Mutex(State(masks: masks))
    }

    /// The next subnetwork, in their order; `nil` when none is left or one has failed.
    func takeNext() -> Int? {
      state.withLock { state in
        guard state.failure == nil else { return nil }
        while state.next < state.masks.count, state.masks[state.next] != nil { state.next += 1 }
        guard state.next < state.masks.count else { return nil }
        defer { state.next += 1 }
        return state.next
      }
    }

    func finish(_ k: Int, _ mask: Mask) { state.withLock { $0.masks[k] = mask } }

    func fail(_ error: any Error) { state.withLock { $0.failure = $0.failure ?? error } }

    /// Whether some subnetwork could not be extracted.
    var hasFailed: Bool { state.withLock { $0.failure != nil } }

    func result() throws -> [Mask] {
      try state.withLock { state in
        if let failure = state.failure { throw failure }
        return state.masks.compactMap(\.self)
      }
    }
  }

  /// Trains, judges, prunes and rewinds subnetwork k.
  private func extract(
    _ k: Int, round: Int, settings: RoundSettings, mask: Mask, from state: TrainingState?,
    with trainer: SubnetworkTrainer, hasFailed: () -> Bool
  ) throws -> Mask {
    let layout = trainer.network.layout
    let learner = Learner(task, layout: layout, initial: initial, pool: trainer.pool)
    let statistics = BatchNormStatistics(layout: trainer.network.batchNormLayout)
    let planned = settings.epochs * task.stepsPerEpoch(subnetwork: k)
    let criterion = config.extraction.criterion.rule
    let gathered = criterion.gathersGradients ? FloatBuffer(count: layout.prunableCount) : nil
    state?.restore([learner], statistics: [statistics], sensitivities: gathered)
    var place = state?.place ?? TrainingState.Place(lossSums: [0])
    func capture() {
      board.capture(
        TrainingState(
          place: place, learners: [learner], statistics: [statistics], sensitivities: gathered),
        of: k)
    }
    func standIfAsked(beforeStep: Bool) throws {
      try control.checkpoint(of: beforeStep ? k : nil, capture: capture)
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
        try standIfAsked(beforeStep: true)
        let batch = batches[place.step]
        let loss = try keepingState {
          try trainer.step(
            batch, subnetwork: k, mask: mask.bits, learner: learner, statistics: statistics,
            learningRate: settings.learningRate, random: &random)
        }
        if let gathered, epoch == settings.epochs { trainer.addSensitivities(to: gathered) }
        place.step += 1
        place.lossSums[0] += loss
        place.random = random.words
        stepTaken()
        control.count(.batches, of: k)
        events.send(
          .stepFinished(
            StepReport(
              stage: .extraction, round: round, subnetwork: k, epoch: epoch,
              step: (epoch - 1) * batches.count + place.step,
              plannedSteps: planned, loss: loss, samples: batch.count)))
      }
      control.count(.epochs, of: k)
      watch.send(
        .epochFinished(
          EpochReport(
            stage: .extraction, round: round, subnetwork: k, epoch: epoch,
            meanLoss: place.lossSums[0] / Double(batches.count))))
      place = .init(epoch: epoch + 1, lossSums: [0])
    }
    let verdict = try keepingState {
      try task.judge(
        [
          Candidate(
            subnetwork: k, parameters: learner.parameters, mask: mask.bits, statistics: statistics)
        ], after: .extraction, round: round, with: trainer,
        beforeEach: { try standIfAsked(beforeStep: false) })
    }
    if let verdict {
      for drawing in verdict.drawings { events.send(drawing) }
      watch.send(
        .evaluated(
          EvaluationReport(
            stage: .extraction, round: round, target: nil, samples: verdict.samples,
            subnetworks: verdict.qualities, argmaxAccuracy: nil, unionParameters: nil)))
    }
    let worth = criterion.worth(
      of: TrainedWeights(
        trained: learner.parameters, initial: initial, sensitivities: gathered,
        count: layout.prunableCount, seed: config.seed, round: round, subnetwork: k))
    let left = MagnitudePruning.prune(
      mask.bits,
      weights: UnsafeBufferPointer(start: worth.pointer, count: layout.prunableCount),
      count: settings.pruneCount, ranking: config.extraction.ranking,
      layers: layout.prunableLayers.map(\.range))
    let pruned = mask.pruned(to: left, round: round, rule: config.extraction.rule)
    watch.send(
      .pruned(
        PruneReport(
          round: round, subnetwork: k, removed: mask.weightsLeft - pruned.weightsLeft,
          weightsLeft: pruned.weightsLeft, sparsity: pruned.sparsity, maskHash: pruned.hash)))
    // The rewind: the trained values are given up here, and the next use starts from θ₀.
    events.send(.rewound(round: round, subnetwork: k))
    return pruned
  }
}
