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
  let task: any LotteryTask
  let directory: RunDirectory
  let events: EventStream
  let control: EngineControl
  let threads: Int
  let board: RunBoard
  let checkpointer: Checkpointer
  let start: RunStart
  let watch: WatchPost
  private let isInteractive: Bool
  /// Whether θ₀ is there, so that a failure leaves a state to go on from.
  private var isUnderWay = false

  package init(
    config: ExperimentConfig, task: any LotteryTask, directory: RunDirectory,
    events: EventStream, control: EngineControl, board: RunBoard, checkpointer: Checkpointer,
    start: RunStart, threads: Int, isInteractive: Bool
  ) {
    self.config = config
    self.task = task
    self.directory = directory
    self.events = events
    self.control = control
    self.board = board
    self.checkpointer = checkpointer
    self.start = start
    self.threads = threads
    self.isInteractive = isInteractive
    let pausesOnCrit = isInteractive && config.watch.pauseOnCrit
    watch = WatchPost(start.watch, events: events) { _ in
      if pausesOnCrit { control.pauseForAlarm() }
    }
  }

  /// Works until the plan is done, a person ends the run, or an error ends it; always closes with
  /// `.runEnded`, unless it is killed.
  package func run() async {
    checkpointer.begin()
    var end: RunState
    do {
      end = try carryOutThePlan()
      // With the orders that nobody has begun with.
      if end == .stopped, control.stopMode != .kill { checkpointer.save() }
    } catch is StopRequested {
      // What is in flight is on the board: every worker left it there when it stopped.
      if control.stopMode != .kill { checkpointer.save() }
      end = .stopped
    } catch {
      events.send(.message(.error, "\(error)"))
      // The workers left what they had on the board: a resume does no step a second time.
      if isUnderWay { checkpointer.save() }
      end = .failed
    }
    await checkpointer.end()
    if control.stopMode == .kill {
      // Without the events of an end the log is that of a run whose engine died.
      events.send(
        .message(
          .warning,
          "ended at once, without a checkpoint: a resume goes on from the newest there is"))
      return
    }
    if let report = checkpointer.report { events.send(.message(.info, report)) }
    // What cannot be written now will be missing: that is no good end.
    if control.storageFails { end = .failed }
    events.send(.stateChanged(end))
    events.send(.runEnded(end))
  }

  /// The rounds of the schedule, with retraining where the config wants it and orders in between;
  /// begins where `start` says.
  private func carryOutThePlan() throws -> RunState {
    let layout = task.makeLayout()
    let schedule = PruningSchedule(config, prunableCount: layout.prunableCount)
    let given = GivenMasks(task)
    let initial = try prepare(layout: layout, schedule: schedule)
    isUnderWay = true
    var (place, masks) = (start.snapshot.place, start.snapshot.masks)
    events.send(.stateChanged(.running))

    func removed() -> [Int] { masks.map { layout.prunableCount - $0.weightsLeft } }
    func extraction(_ plan: RoundPlan) {
      place.round += 1
      place.target = nil
      place.stage = .extraction(plan)
      control.roundStarted(place.round)
      announce(place, plan, masks: masks)
      board.enter(place, masks: masks)
    }
    /// The target that all masks have reached since this was asked last.
    func newTarget() -> Double? {
      guard let now = schedule.leastRemoved(removed(), control.standing) else { return nil }
      // A mask that was frozen and goes on again may be behind.
      let before = min(place.reached ?? now, now)
      place.reached = now
      return schedule.targetReached(from: before, to: now)
    }
    /// The next target of masks that are given; dense ones have theirs from the beginning.
    func givenTarget() -> Double? {
      guard given != nil else { return nil }
      if schedule.targets == [0] { return place.round == 0 ? 0 : nil }
      let most = removed().max() ?? 0
      return schedule.targets.first { schedule.removed(at: $0) > most }
    }
    func nextPlan() -> RoundPlan? {
      given == nil ? schedule.plan(control.standing, removed: removed()) : nil
    }
    func retraining(epochs: Int) {
      place.stage = .retraining(epochs: epochs)
      events.send(.retrainingStarted(round: place.round, epochs: epochs))
      board.enter(place, masks: masks)
    }
    while true {
      switch place.stage {
      case .extraction(let plan):
        if place.reached == nil {
          place.reached = schedule.leastRemoved(removed(), control.standing)
        }
        try extract(round: place.round, plan: plan, masks: &masks, initial: initial)
        control.roundFinished()
        place.target = newTarget()
        place.stage = .extracted
        board.enter(place, masks: masks)
        checkpointer.save()
      case .extracted:
        if control.stopMode != nil { return .stopped }
        let isLast = place.target != nil && place.target == schedule.targets.last
        if shouldRetrain(target: place.target, isLast: isLast) {
          retraining(epochs: config.retrainingEpochs)
        } else {
          place.stage = .between
          board.enter(place, masks: masks)
        }
      case .retraining(let epochs):
        try retrain(
          round: place.round, masks: masks, target: place.target, epochs: epochs, initial: initial)
        place.stage = .between
        board.enter(place, masks: masks)
        checkpointer.save()
      case .between:
        try control.roundBoundary()
        if control.stopMode != nil { return .stopped }
        // Freezing the last mask that was behind makes the others reach a target.
        if let target = newTarget() {
          place.target = target
          place.stage = .extracted
          continue
        }
        switch control.nextOrder() {
        case .retraining(let epochs): retraining(epochs: epochs ?? config.retrainingEpochs)
        case .round where given != nil:
          events.send(
            .message(
              .warning,
              "no round: with method '\(config.method.rawValue)' masks are given, not pruned"))
        case .round(let settings, let subnetwork):
          // A mask that was frozen after the order stays as well.
          let resting = masks.indices.filter { k in
            control.standing.isFrozen(k) || subnetwork.map { $0 != k } ?? false
          }
          if resting.count < masks.count {
            extraction(RoundPlan(settings, resting: resting))
          } else {
            let whose = subnetwork.map { "the mask of \(task.subnetworkNames[$0]) is frozen" }
            events.send(
              .message(
                .warning, "no round: " + (whose ?? "the masks of all subnetworks are frozen")))
          }
        case nil where givenTarget() != nil:
          guard let given, let target = givenTarget() else { continue }
          place.round += 1
          control.roundStarted(place.round)
          announce(
            place, RoundPlan(control.standing.general, resting: Array(masks.indices)), masks: masks)
          try adopt(
            given, at: target, round: place.round, masks: &masks, layout: layout, initial: initial)
          control.roundFinished()
          place.target = target
          place.reached = schedule.removed(at: target)
          place.stage = .extracted
          board.enter(place, masks: masks)
          checkpointer.save()
        case nil:
          guard let plan = nextPlan() else {
            guard isInteractive else { return .finished }
            control.waitForOrder()
            guard control.stopMode != nil else { continue }
            // What was ordered meanwhile is left to a resume.
            let isLeft = control.hasOrders || givenTarget() != nil || nextPlan() != nil
            return isLeft ? .stopped : .finished
          }
          extraction(plan)
        }
      }
    }
  }

  /// Tells what the run is, and makes sure of θ₀ and the masks it starts from.
  /// - Returns: θ₀.
  private func prepare(layout: ParameterLayout, schedule: PruningSchedule) throws -> FloatBuffer {
    board.restore(start.snapshot)
    if !start.isDescribed {
      describe(layout: layout, schedule: schedule)
      if task.calibrationSamples > 0 {
        events.send(
          .message(
            .info,
            "\(task.calibrationSamples) training images are set aside for calibration: nothing is "
              + "trained on them"))
      }
    }
    let initial = try initialParameters(layout: layout)
    if start.isNew, let origin = start.origin {
      try describe(origin, layout: layout, initial: initial)
    }
    for warning in start.warnings { events.send(.message(.warning, warning)) }
    if let news = start.news { events.send(.message(.info, news)) }
    return initial
  }

  /// θ₀ from the run's folder, or drawn and kept there.
  private func initialParameters(layout: ParameterLayout) throws -> FloatBuffer {
    if directory.hasInitialParameters {
      try control.insist { try directory.completeSums() }
      return try Tickets.readWeights(directory.initialParametersPath, layout: layout)
    }
    // θ₀ last: where it is, the masks are, too.
    try control.insist { try directory.writeMasks(start.snapshot.masks, round: 0, layout: layout) }
    let initial = try task.initialParameters(layout: layout)
    let origin = task.initialOrigin
    try control.insist {
      try directory.writeInitialParameters(initial, layout: layout, origin: origin)
    }
    if let path = origin["initial"], let hash = origin["initial_sha256"] {
      events.send(.message(.info, "θ₀ is from \(path), SHA-256 \(hash)"))
    }
    return initial
  }
}
