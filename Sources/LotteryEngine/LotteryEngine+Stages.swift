internal import Experiments
internal import NeuralNetworks
internal import Tensors

extension LotteryEngine {
  /// What a round uses unless a person says otherwise.
  var defaultRound: RoundSettings {
    RoundSettings(
      pruneCount: config.extraction.pruneCount, epochs: config.extraction.epochsPerRound,
      learningRate: config.extraction.learningRate ?? config.optimizer.learningRate)
  }

  /// Sends the run's fixed facts.
  func describe(layout: ParameterLayout, schedule: PruningSchedule) {
    events.send(
      .runStarted(
        RunDescription(
          runName: directory.name, seed: config.seed, model: config.model.kind.rawValue,
          dataset: config.dataset.kind.rawValue, subnetworks: task.subnetworkNames,
          layers: layout.prunableLayers.map {
            LayerDescription(name: $0.name, weights: $0.range.count)
          },
          prunableParameters: layout.prunableCount, totalParameters: layout.count,
          targets: config.extraction.targets, batchSize: config.batchSize,
          plannedRounds: schedule.plannedRounds, defaultRound: defaultRound,
          computedWith: Processor.compiledFeatures.joined(separator: ", "))))
  }

  /// Whether joint retraining follows a round (paper §10).
  func shouldRetrain(target: Double?, isLast: Bool) -> Bool {
    switch config.retraining.when {
    case .atTargets: target != nil
    case .everyRound: true
    case .final: isLast
    }
  }

  /// One round of Algorithm 1 for all subnetworks; then compares and keeps the masks.
  func extract(
    round: Int, settings: RoundSettings, masks: inout [Mask], initial: FloatBuffer
  ) throws {
    events.send(
      .roundStarted(
        RoundStarted(
          round: round, settings: settings,
          plannedSteps: masks.indices.map {
            settings.epochs * task.stepsPerEpoch(subnetwork: $0)
          })))
    let extraction = Extraction(
      config: config, task: task, initial: initial, events: events, control: control)
    masks = try extraction.run(round: round, settings: settings, masks: masks, threads: threads)

    let layout = task.makeLayout()
    let layers = layout.prunableLayers
    try directory.writeMasks(masks, round: round, layout: layout)
    events.send(
      .overlapMeasured(
        MaskOverlap.report(
          round: round, masks: masks.map(\.bits),
          layers: layers.map { (name: $0.name, range: $0.range) })))
    events.send(.roundFinished(round: round))
  }

  /// Algorithm 2 from the masks as they are, then judges all subnetworks on held-out data.
  func retrain(
    round: Int, masks: [Mask], target: Double?, epochs: Int?, initial: FloatBuffer
  ) throws {
    let epochs = epochs ?? config.retraining.epochs
    // Made anew each time: between two retrainings the workers of the rounds need the memory.
    let retraining = JointRetraining(
      config: config, task: task,
      trainer: SubnetworkTrainer(task: task, pool: WorkerPool(threads: threads)),
      initial: initial, events: events, control: control)
    events.send(.retrainingStarted(round: round, epochs: epochs))
    let result = try retraining.run(round: round, masks: masks, epochs: epochs)
    let report = try retraining.evaluate(result, round: round, masks: masks, target: target)
    // Weights last: a round counts as retrained once they are there.
    try directory.writeBatchNorm(
      result.statistics, layout: retraining.batchNormLayout, subnetworks: task.subnetworkNames,
      round: round, target: target)
    try directory.writeWeights(
      result.parameters, layout: retraining.layout, round: round, target: target)
    events.send(.evaluated(report))
    events.send(.retrainingFinished(round: round))
  }
}
