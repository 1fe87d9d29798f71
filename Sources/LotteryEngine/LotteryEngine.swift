package import Experiments
internal import NeuralNetworks
internal import Tensors

/// The engine of one run: an actor on its own serial queue that carries out the plan (extraction
/// rounds, joint retraining at targets) and the orders a person gives between rounds.
package actor LotteryEngine {
  private let executor = DispatchQueueExecutor(label: "rtl.engine")
  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  let config: ExperimentConfig
  let task: ClassificationTask
  let directory: RunDirectory
  let events: EventStream
  let control: EngineControl
  let threads: Int
  private let isInteractive: Bool

  package init(
    config: ExperimentConfig, task: ClassificationTask, directory: RunDirectory,
    events: EventStream, control: EngineControl, threads: Int, isInteractive: Bool
  ) {
    self.config = config
    self.task = task
    self.directory = directory
    self.events = events
    self.control = control
    self.threads = threads
    self.isInteractive = isInteractive
  }

  /// Works until the plan is done, a person ends the run, or an error ends it; always closes with
  /// `.runEnded`.
  package func run() {
    let end: RunState
    do {
      end = try carryOutThePlan()
    } catch is StopRequested {
      end = control.hasFailed ? .failed : .stopped
    } catch {
      events.send(.message(.error, "\(error)"))
      end = .failed
    }
    events.send(.stateChanged(end))
    events.send(.runEnded(end))
  }

  /// The rounds of the schedule, with retraining where the config wants it and orders in between.
  private func carryOutThePlan() throws -> RunState {
    let layout = task.makeLayout()
    let schedule = PruningSchedule(config.extraction, prunableCount: layout.prunableCount)
    let initial = task.initialParameters(layout: layout)
    describe(layout: layout, schedule: schedule)
    try directory.writeInitialParameters(initial, layout: layout)
    events.send(.stateChanged(.running))

    var masks = task.subnetworkNames.map {
      Mask.dense(count: layout.prunableCount, subset: $0, seed: config.seed)
    }
    try directory.writeMasks(masks, round: 0, layout: layout)
    var round = 0
    // The target that the masks have just reached: a retraining that is ordered replaces its result.
    var target: Double?
    while true {
      try control.roundBoundary()
      if control.stopMode != nil { return .stopped }
      let removed = layout.prunableCount - (masks.map(\.weightsLeft).max() ?? 0)
      let planned = schedule.nextCount(removed: removed)
      switch control.nextOrder() {
      case .retraining(let epochs):
        try retrain(
          round: round, masks: masks, target: target, epochs: epochs, initial: initial)
        continue
      case .round(let settings):
        round += 1
        try extract(round: round, settings: settings, masks: &masks, initial: initial)
      case nil:
        guard let planned else {
          guard isInteractive else { return .finished }
          control.waitForOrder()
          if control.stopMode != nil { return .finished }
          continue
        }
        round += 1
        var settings = defaultRound
        settings.pruneCount = planned
        try extract(round: round, settings: settings, masks: &masks, initial: initial)
      }
      let nowRemoved = layout.prunableCount - (masks.map(\.weightsLeft).max() ?? 0)
      target = schedule.targetReached(from: removed, to: nowRemoved)
      let isLast = target != nil && target == schedule.targets.last
      if control.stopMode == nil, shouldRetrain(target: target, isLast: isLast) {
        try retrain(
          round: round, masks: masks, target: target, epochs: nil, initial: initial)
      }
    }
  }
}
