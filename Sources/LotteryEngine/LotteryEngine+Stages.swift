internal import Experiments
internal import NeuralNetworks
internal import Tensors

extension LotteryEngine {
  /// Sends the run's fixed facts.
  func describe(layout: ParameterLayout, schedule: PruningSchedule) {
    var description = RunDescription(
      runName: directory.name, seed: config.seed, model: config.model.kind.rawValue,
      dataset: config.dataset.kind.rawValue, subnetworks: task.subnetworkNames,
      layers: layout.prunableLayers.map {
        LayerDescription(name: $0.name, weights: $0.range.count)
      },
      prunableParameters: layout.prunableCount, totalParameters: layout.count,
      targets: config.targets, batchSize: config.batchSize,
      plannedRounds: schedule.plannedRounds, defaultRound: config.defaultRound,
      computedWith: Processor.compiledFeatures.joined(separator: ", "))
    description.pruning = config.extractsMasks ? config.extraction.pruning : nil
    events.send(.runStarted(description))
    if let pruning = description.pruning {
      events.send(.message(.info, "weights are pruned by \(pruning)"))
    }
  }

  /// Whether joint retraining follows a round (paper §10).
  func shouldRetrain(target: Double?, isLast: Bool) -> Bool {
    switch config.retraining.when {
    case .atTargets: target != nil
    case .everyRound: true
    case .final: isLast
    }
  }

  /// Sends what a branch takes over: the masks of its round, and how they overlap.
  func describe(
    _ origin: RunOrigin, layout: ParameterLayout, initial: FloatBuffer
  ) throws {
    let masks = start.snapshot.masks
    events.send(
      .message(.info, "branched from round \(origin.round) of '\(origin.run)', same θ₀ and masks"))
    if let settings = origin.settings {
      events.send(.settingsChanged(settings, fromRound: origin.round + 1))
    }
    guard origin.round > 0 else { return }
    for (k, mask) in masks.enumerated() {
      watch.send(
        .pruned(
          PruneReport(
            round: origin.round, subnetwork: k, removed: layout.prunableCount - mask.weightsLeft,
            weightsLeft: mask.weightsLeft, sparsity: mask.sparsity, maskHash: mask.hash)))
    }
    try sendOverlap(round: origin.round, masks: masks, layout: layout, initial: initial)
  }

  /// Compares the masks of a finished round.
  private func sendOverlap(
    round: Int, masks: [Mask], layout: ParameterLayout, initial: FloatBuffer
  ) throws {
    let bits = masks.map(\.bits)
    var report = MaskOverlap.report(
      round: round, masks: bits,
      layers: layout.prunableLayers.map { (name: $0.name, range: $0.range) })
    let path = InputPath(task: task, initial: initial, pool: WorkerPool(threads: threads))
    report.inputReachesOutput = try path.reaches(bits, layers: layout.prunableLayers.map(\.range))
    watch.send(.overlapMeasured(report))
    events.send(.roundFinished(round: round))
  }

  /// Sends that a round begins.
  func announce(_ place: RunPlace, _ plan: RoundPlan, masks: [Mask]) {
    events.send(
      .roundStarted(
        RoundStarted(
          round: place.round, plan: plan,
          plannedSteps: masks.indices.map {
            (plan[$0]?.epochs ?? 0) * task.stepsPerEpoch(subnetwork: $0)
          })))
  }

  /// One round of Algorithm 1; then compares and keeps the masks.
  func extract(
    round: Int, plan: RoundPlan, masks: inout [Mask], initial: FloatBuffer
  ) throws {
    let extraction = Extraction(
      config: config, task: task, initial: initial, events: events, control: control, board: board,
      watch: watch, stepTaken: { [checkpointer] in checkpointer.stepTaken() })
    let pruned = try extraction.run(
      round: round, plan: plan, masks: masks, threads: threads)
    let layout = task.makeLayout()
    try control.insist { try directory.writeMasks(pruned, round: round, layout: layout) }
    masks = pruned
    try sendOverlap(round: round, masks: masks, layout: layout, initial: initial)
  }

  /// A round without training: takes the masks at a target as they are given, and keeps them.
  func adopt(
    _ given: GivenMasks, at target: Double, round: Int, masks: inout [Mask],
    layout: ParameterLayout, initial: FloatBuffer
  ) throws {
    let before = masks
    let (adopted, origin) = try given.masks(at: target, round: round, before: before)
    try control.insist { try directory.writeMasks(adopted, round: round, layout: layout) }
    masks = adopted
    events.send(.message(.info, "round \(round): \(origin)"))
    for (k, mask) in masks.enumerated() {
      watch.send(
        .pruned(
          PruneReport(
            round: round, subnetwork: k, removed: before[k].weightsLeft - mask.weightsLeft,
            weightsLeft: mask.weightsLeft, sparsity: mask.sparsity, maskHash: mask.hash)))
    }
    try sendOverlap(round: round, masks: masks, layout: layout, initial: initial)
  }

  /// Algorithm 2 from the masks as they are (or K trainings that share nothing, where the method says
  /// so), then judges all subnetworks on held-out data.
  func retrain(
    round: Int, masks: [Mask], target: Double?, epochs: Int, initial: FloatBuffer
  ) throws {
    // Made anew each time: between two retrainings the workers of the rounds need the memory.
    let retraining = Retraining(
      config: config, task: task,
      trainer: SubnetworkTrainer(task: task, pool: WorkerPool(threads: threads)),
      initial: initial, events: events, control: control, board: board,
      watch: watch, stepTaken: { [checkpointer] in checkpointer.stepTaken() })
    let result = try retraining.run(round: round, masks: masks, epochs: epochs)
    let report = try retraining.evaluate(result, round: round, masks: masks, target: target)
    // Whatever happens to the files, a resume finds the training done.
    retraining.capture(result)
    let statistics = Tickets.batchNorm(
      result.statistics, layout: retraining.batchNormLayout, subnetworks: task.subnetworkNames)
    let weights = Tickets.weights(
      of: task.subnetworkNames, result.learners.map(\.parameters), layout: retraining.layout,
      isIndependent: config.method.isIndependent)
    // Weights last: a round counts as retrained once they are there.
    try control.insist {
      try directory.keep(statistics, at: directory.batchNormPath(round: round, target: target))
    }
    try control.insist {
      try directory.keep(weights, at: directory.weightsPath(round: round, target: target))
    }
    watch.send(.evaluated(report))
    events.send(.retrainingFinished(round: round))
  }
}
