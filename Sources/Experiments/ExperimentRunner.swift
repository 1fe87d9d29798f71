/// A run in progress, as a screen or a recorder sees it.
///
/// The one behind it may train in this process, replay a recording or sit behind a socket.
public protocol ExperimentRunner: AnyObject, Sendable {
  /// The run's name.
  var name: String { get }

  /// A new mailbox; one that comes late first receives the lifecycle events it missed.
  func subscribe(_ policy: Mailbox.Policy) async -> Mailbox

  /// Hands a command over; returns at once. The answer is an event.
  func send(_ command: RunCommand)

  /// Waits until the engine has ended and every event is delivered and recorded, or until the line
  /// to it is lost.
  func waitUntilEnded() async

  /// How the engine is reached at this moment.
  var contact: RunContact { get }

  /// Turns away from the run, which goes on, once every command is on its way.
  func leave() async
}

extension ExperimentRunner {
  /// An engine in this process is always there and takes commands.
  public var contact: RunContact { RunContact() }

  /// There is no line to hang up.
  public func leave() async {}
}

/// A configuration a person can pick and launch.
public struct ConfigurationListing: Sendable, Equatable {
  /// The name to show.
  public var name: String
  /// The file, or `nil` for one that is compiled in.
  public var path: String?
  /// One line on what it does.
  public var summary: String

  /// A listed configuration.
  public init(name: String, path: String?, summary: String) {
    self.name = name
    self.path = path
    self.summary = summary
  }
}

/// Makes runs from configurations; the only way for a screen to start an engine.
public protocol ExperimentLauncher: Sendable {
  /// The configurations that can be picked.
  func configurations() -> [ConfigurationListing]

  /// Starts a run.
  /// - Throws: an error whose description is meant for a person: bad config, missing data, no space.
  func launch(_ configuration: ConfigurationListing) async throws -> any ExperimentRunner

  /// Goes on with an interrupted run from its newest checkpoint.
  /// - Throws: an error whose description is meant for a person: held by another process, finished.
  func resume(run: String) async throws -> any ExperimentRunner

  /// Goes back to a round of a run: starts a new run from its masks, with changes of its config as
  /// `section.key=value`.
  /// - Throws: an error whose description is meant for a person: no such round, bad change.
  func branch(run: String, round: Int, changes: [String]) async throws -> any ExperimentRunner
}
