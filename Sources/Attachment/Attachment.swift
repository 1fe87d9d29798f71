internal import Dispatch
public import Experiments
internal import Foundation

/// What a client can ask of the engine behind a run's folder without staying attached.
public enum Attachment {
  /// Seconds in which an engine has to answer unless a caller says otherwise.
  public static let answerSeconds = 10.0
  /// The longest line of a server, in bytes: the comparison of many masks is one.
  static let lineLimit = 1 << 26

  /// An engine as it was found.
  public struct Snapshot: Sendable {
    /// The engine's process.
    public let process: Int32
    /// The run's course so far, older steps thinned.
    public let events: [RecordedEvent]
  }

  /// The course of a run that an engine holds; `nil` if none does.
  /// - Throws: `AttachmentError` if the engine does not answer as it should.
  public static func snapshot(
    of directory: RunDirectory, within seconds: Double = answerSeconds
  ) async throws -> Snapshot? {
    guard
      let (connection, welcome) = try await connectIfServed(
        to: directory, Hello(role: .watch), within: seconds)
    else { return nil }
    defer { connection.hangUp() }
    var events: [RecordedEvent] = []
    do {
      while true {
        switch try await nextFrame(of: connection, run: directory.name, within: seconds) {
        case .events(let more): events += more
        case .steps(let more): events += more.events
        case .caughtUp: return Snapshot(process: welcome.process, events: events)
        default: break
        }
      }
    } catch AttachmentError.hungUp {
      // It has ended while it was asked; its folder tells the rest.
      return nil
    }
  }

  /// Gives one command and waits for its answer.
  /// - Parameter wayBack: what to type to see how the run is, for errors.
  /// - Returns: why the command was refused; `nil` if it was accepted.
  /// - Throws: `AttachmentError.noEngine`, or another if the engine does not answer as it should.
  public static func order(
    _ command: RunCommand, of directory: RunDirectory, wayBack: WayBack,
    within seconds: Double = answerSeconds
  ) async throws -> String? {
    let (connection, _) = try await connect(
      to: directory, Hello(role: .order), wayBack: wayBack, within: seconds)
    defer { connection.hangUp() }
    try await connection.send(
      ExperimentJSON.line(ClientFrame.command(NumberedCommand(id: 1, command: command))))
    while true {
      let frame = try await nextFrame(of: connection, run: directory.name, within: seconds)
      if case .answer(let answer) = frame { return answer.refusal }
    }
  }

  // MARK: - Saying hello

  /// Connects and is let in.
  /// - Throws: `AttachmentError.noEngine` or `.unreachable` if nobody listens.
  static func connect(
    to directory: RunDirectory, _ hello: Hello, wayBack: WayBack, within seconds: Double
  ) async throws -> (Connection, ServerFrame.Welcome) {
    guard let result = try await connectIfServed(to: directory, hello, within: seconds) else {
      if let holder = RunLock.holder(of: directory) {
        throw AttachmentError.unreachable(
          run: directory.name, holder: holder.description, wayBack: wayBack)
      }
      throw AttachmentError.noEngine(run: directory.name, wayBack: wayBack)
    }
    return result
  }

  private static func connectIfServed(
    to directory: RunDirectory, _ hello: Hello, within seconds: Double
  ) async throws -> (Connection, ServerFrame.Welcome)? {
    let path = SocketPath(folder: directory.path)
    // It may block, and not on one of Swift's cooperative threads.
    let socket = try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(with: Result { try path.connect(within: seconds) })
      }
    }
    guard let descriptor = socket else { return nil }
    let connection = Connection(descriptor: descriptor, limit: lineLimit)
    do {
      let welcome = try await greet(connection, hello, run: directory.name, within: seconds)
      return (connection, welcome)
    } catch AttachmentError.hungUp {
      // It ends at this very moment.
      return nil
    }
  }

  /// Says hello and waits to be let in.
  /// - Parameter seconds: how long; `nil` waits as long as the line is there.
  static func greet(
    _ connection: Connection, _ hello: Hello, run: String, within seconds: Double?
  ) async throws -> ServerFrame.Welcome {
    connection.post(try ExperimentJSON.line(hello))
    switch try await nextFrame(of: connection, run: run, within: seconds) {
    case .welcome(let welcome): return welcome
    default:
      throw AttachmentError.notUnderstood(found: "another frame", expected: "a welcome")
    }
  }

  private static func nextFrame(
    of connection: Connection, run: String, within seconds: Double?
  ) async throws -> ServerFrame {
    guard let line = try await connection.nextLine(within: seconds) else {
      throw AttachmentError.hungUp
    }
    guard let frame = try? ExperimentJSON.decode(ServerFrame.self, from: line) else {
      throw AttachmentError.notUnderstood(
        found: "'\(String(decoding: line.prefix(60), as: UTF8.self))'",
        expected: "a frame of protocol \(protocolVersion)")
    }
    guard case .refused(let refusal) = frame else { return frame }
    if let holder = refusal.controller {
      throw AttachmentError.controlled(run: run, by: holder)
    }
    throw AttachmentError.refused(refusal.reason, status: refusal.status)
  }
}
