public import Experiments
internal import Foundation
internal import NeuralNetworks

/// A run of the engine in this process: the engine on its own queue, its event stream, its recorder.
public final class EngineRunner: ExperimentRunner {
  /// The run's name.
  public let name: String
  /// The folder the run is kept in.
  public let folder: String

  private let events: EventStream
  private let control: EngineControl
  private let work: Task<Void, Never>

  private init(
    name: String, folder: String, events: EventStream, control: EngineControl,
    work: Task<Void, Never>
  ) {
    self.name = name
    self.folder = folder
    self.events = events
    self.control = control
    self.work = work
  }

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
    let task = try ClassificationTask(config)
    try PruningSchedule(config.extraction, prunableCount: task.makeLayout().prunableCount).check()
    let directory = try RunDirectory.create(
      name: name, defaultName: config.name, in: runsFolder, configText: configText,
      config: config)
    let events = EventStream()
    let control = EngineControl(events: events)
    let recorder = RunRecorder(
      directory: directory, mailbox: await events.subscribe(.everything),
      // What cannot be recorded must not go on unseen.
      onFailure: { error in
        events.send(.message(.error, "the run is no longer recorded: \(error)"))
        control.recordingFailed(isAttended: isInteractive)
      })
    let engine = LotteryEngine(
      config: config, task: task, directory: directory, events: events, control: control,
      threads: threads, isInteractive: isInteractive)
    let work = Task {
      async let delivered: Void = events.run()
      async let recorded: Void = recorder.run()
      await engine.run()
      control.end()
      events.finish()
      _ = await (delivered, recorded)
    }
    return EngineRunner(
      name: directory.name, folder: directory.path, events: events, control: control, work: work)
  }

  /// A new mailbox.
  public func subscribe(_ policy: Mailbox.Policy) async -> Mailbox {
    await events.subscribe(policy)
  }

  /// Hands a command over; the answer is an event.
  public func send(_ command: RunCommand) {
    control.submit(command)
  }

  /// Waits until the engine has ended and everything is recorded.
  public func waitUntilEnded() async {
    await work.value
  }
}
