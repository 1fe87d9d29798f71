public import Experiments

/// A run of the engine in this process: the engine on its own queue, its event stream, its recorder.
public final class EngineRunner: ExperimentRunner {
  /// The run's name.
  public let name: String
  /// The folder the run is kept in.
  public let folder: String
  /// The number of the first event of this sitting; of a resumed run those before it are history.
  public let firstSequence: Int

  /// The log that the run is recorded in.
  public let eventsPath: String

  private let events: EventStream
  private let control: EngineControl
  private let work: Task<Void, Never>

  init(
    directory: RunDirectory, firstSequence: Int, events: EventStream,
    control: EngineControl, work: Task<Void, Never>
  ) {
    name = directory.name
    folder = directory.path
    eventsPath = directory.eventsPath
    self.firstSequence = firstSequence
    self.events = events
    self.control = control
    self.work = work
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
