public import Experiments
internal import Foundation
internal import NeuralNetworks

extension EngineRunner {
  /// Checks what can be checked, makes the run directory and starts the engine.
  /// - Parameters:
  ///   - config: the resolved configuration.
  ///   - configText: the file as the person wrote it.
  ///   - runsFolder: where runs are kept.
  ///   - name: the run's name; `nil` makes the config's unique.
  ///   - threads: how many threads compute.
  ///   - isInteractive: whether to wait for orders when the plan is done.
  /// - Throws: `ExperimentError` for the run directory, `DatasetError` for data that is missing.
  public static func start(
    config: ExperimentConfig, configText: String, runsFolder: String, name: String?,
    threads: Int, isInteractive: Bool
  ) async throws -> EngineRunner {
    // Data first: a run whose data is missing leaves no folder behind.
    let task = try check(config, threads: threads)
    var start = RunStart(task)
    start.warnings = try GivenMasks(task)?.check() ?? []
    if config.model.initial != nil { _ = try task.initialParameters(layout: task.makeLayout()) }
    try FreeSpace.require(RunSize.bytes(task, threads: threads), at: runsFolder)
    let directory = try RunDirectory.create(
      name: name, defaultName: config.name, in: runsFolder, configText: configText,
      config: task.config)
    return try await begin(
      directory, task: task, start: start, threads: threads, isInteractive: isInteractive)
  }

  /// Goes on with a run from its newest good checkpoint, bit for bit; from its beginning if it has none.
  /// - Parameter isStrict: refuses where the bits may differ, instead of warning.
  /// - Throws: `ExperimentError.runIsHeld` if another process writes it, `EngineError.alreadyFinished`,
  ///   `.bitsMayDiffer`, and what is wrong with its files.
  public static func resume(
    _ name: String, runsFolder: String, threads: Int, isInteractive: Bool, isStrict: Bool
  ) async throws -> EngineRunner {
    let directory = try RunDirectory.open(name, in: runsFolder)
    let lock = try RunLock(directory)
    let task = try check(try directory.resolvedConfig(), threads: threads)
    let found = try StoredState.find(directory, task: task)
    if found.isFinished { throw EngineError.alreadyFinished(run: name) }
    var start = found.start
    if let computedWith = found.computedWith {
      let differences = ComputedWith.here.differences(from: computedWith)
      if isStrict, !differences.isEmpty {
        throw EngineError.bitsMayDiffer(run: name, differences: differences)
      }
      start.warnings += differences.map { "the bits may differ from here on: \($0)" }
    }
    try FreeSpace.require(RunSize.checkpointBytes(task, threads: threads), at: directory.path)
    try EventLog.cut(
      directory.eventsPath, at: found.log, keepingRestIn: directory.discardedEventsPath)
    return try await begin(
      directory, task: task, start: start, threads: threads, isInteractive: isInteractive,
      lock: lock, earlier: found.events, position: found.log)
  }

  /// Starts a new run from the masks of a round of another one, and its θ₀. Both are shared with it, not
  /// copied.
  /// - Parameters:
  ///   - parent: the other run's name; it may be running.
  ///   - round: a round whose masks are on disk.
  ///   - changes: changes of its config, as `section.key=value`.
  ///   - name: the new run's name; `nil` makes the parent's unique.
  ///   - waits: whether it stands before its first round until somebody lets it go, so that its plan can
  ///     be changed.
  /// - Throws: `EngineError` if the changes make another network or there is no such round,
  ///   `ExperimentError` for files.
  public static func branch(
    _ parent: String, round: Int, changes: [String], runsFolder: String, name: String?,
    threads: Int, isInteractive: Bool, waits: Bool = false
  ) async throws -> EngineRunner {
    let other = try RunDirectory.open(parent, in: runsFolder)
    let config = try ExperimentConfig.load(path: other.resolvedConfigPath, overrides: changes)
    guard config.model.initial == (try other.resolvedConfig().model.initial) else {
      throw EngineError.unsupported(
        "model.initial: cannot be changed in a branch, which shares θ₀ with its parent")
    }
    let task = try check(config, threads: threads)
    let available = try other.maskRounds()
    guard available.contains(round) else {
      throw EngineError.noSuchRound(run: parent, round: round, available: available)
    }
    // What is damaged, or does not fit the new run's network, is refused before there is a folder.
    let shared = try other.shareable(upTo: round)
    let layout = task.makeLayout()
    func masks(_ round: Int) throws -> [Mask] {
      try Tickets.readMasks(
        other.masksPath(round: round), subnetworks: task.subnetworkNames, layout: layout,
        round: round)
    }
    let own = try masks(round)
    let before = round > 0 ? try masks(round - 1) : own
    _ = try Tickets.readWeights(other.initialParametersPath, layout: layout)
    var origin = RunOrigin(
      run: parent, round: round, maskHashes: own.map(\.hash), changes: changes,
      program: ProgramVersion.build)
    origin.inherit(from: other, config: config, subnetworks: task.subnetworkNames)
    var start = RunStart(task, origin: origin, masks: own, before: before)
    if waits { start.snapshot.pausesAtRoundEnd = true }
    start.warnings = try GivenMasks(task)?.check() ?? []
    if round > 0, config.extractsMasks {
      start.warnings += CalibrationSplit.warnings(config, masksOf: try other.resolvedConfig())
    }
    try FreeSpace.require(RunSize.bytes(task, threads: threads), at: runsFolder)
    let directory = try RunDirectory.create(
      name: name, defaultName: parent, in: runsFolder, configText: config.yaml(),
      config: task.config
    ) { directory, sums in
      for file in shared.sums.keys { try directory.share(file, from: other) }
      sums = shared
      try directory.write(origin, sums: &sums)
    }
    return try await begin(
      directory, task: task, start: start, threads: threads, isInteractive: isInteractive)
  }

  private static func check(
    _ config: ExperimentConfig, threads: Int
  ) throws -> any LotteryTask {
    let task = try TaskCatalogue.task(config)
    try NetworkMemory.require(NetworkMemory.bytes(task, threads: threads))
    try PruningSchedule(config, prunableCount: task.makeLayout().prunableCount).check()
    return task
  }

  /// Puts engine, recorder and checkpoints together and sets them going.
  private static func begin(
    _ directory: RunDirectory, task: any LotteryTask, start: RunStart, threads: Int,
    isInteractive: Bool, lock: RunLock? = nil, earlier: [RecordedEvent] = [],
    position: LogPosition = .start
  ) async throws -> EngineRunner {
    let lock = try lock ?? RunLock(directory)
    let log = directory.eventsPath
    let events = EventStream(
      continuing: earlier, from: position.events,
      recalling: { EventLog.events(log, numbered: $0) })
    var beginning = EngineControl.Beginning(
      start.snapshot.standing ?? StandingSettings(task.config.defaultRound),
      subnetworks: task.subnetworkNames)
    beginning.orders = start.snapshot.orders
    beginning.budget = start.snapshot.budget
    beginning.round = start.snapshot.place.round
    beginning.pausesAtRoundEnd = start.snapshot.pausesAtRoundEnd ?? false
    beginning.leavesBoundary = start.snapshot.leavesBoundary ?? false
    beginning.masksAreGiven = !task.config.extractsMasks
    let control = EngineControl(events: events, beginning: beginning)
    let recorder = RunRecorder(
      directory: directory, mailbox: await events.subscribe(.everything), continuing: earlier,
      at: position,
      onFailure: { control.storageFailed(.events, reason: "\($0)") },
      onRecovery: { control.storageRecovered(.events) })
    let board = RunBoard(start.snapshot)
    let checkpointer = Checkpointer(
      board: board, store: CheckpointStore(folder: directory.checkpointsPath), events: events,
      recorder: recorder, control: control, settings: task.config.checkpoints,
      computedWith: .here)
    control.onStandstill(
      { checkpointer.save() }, onRetry: { Task { await recorder.retry() } })
    let engine = LotteryEngine(
      config: task.config, task: task, directory: directory, events: events, control: control,
      board: board, checkpointer: checkpointer, start: start, threads: threads,
      isInteractive: isInteractive)
    let work = Task {
      async let delivered: Void = events.run()
      async let recorded = recorder.run()
      await engine.run()
      control.end()
      events.finish()
      _ = await (delivered, recorded)
      // Held until the last byte is written.
      withExtendedLifetime(lock) {}
    }
    return EngineRunner(
      directory: directory, firstSequence: position.events, events: events, control: control,
      work: work)
  }
}
