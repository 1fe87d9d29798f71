import Attachment
import Experiments
import Foundation
import Testing

/// A scripted run that can be attached to.
struct Served {
  let runner: ScriptedRunner
  let server: RunServer
  let folder: Folder

  init(
    _ runner: ScriptedRunner = ScriptedRunner(), length: Int = 0, owner: UInt32? = nil,
    patience: Double = 600, heartbeat: Duration = .seconds(2),
    onUnattended: (@Sendable () -> Void)? = nil
  ) async throws {
    self.runner = runner
    folder = try Folder(length: length)
    server = RunServer(
      runner: runner, owner: owner, patience: patience, heartbeat: heartbeat,
      onUnattended: onUnattended)
    await server.start()
    try await server.listen(in: folder.path)
    runner.stream.send(.stateChanged(.running))
  }

  func attach(
    _ role: AttachmentRole = .control, takeOver: Bool = false
  ) async throws -> AttachedRunner {
    try await AttachedRunner.attach(
      to: folder.directory, role: role, takeOver: takeOver,
      wayBack: .scripted,
      within: 120)
  }

  /// A bare line to the server.
  func connect() throws -> Connection {
    let socket = try #require(try SocketPath(folder: folder.path).connect(within: 120))
    return Connection(descriptor: socket, limit: 1 << 26)
  }
}

extension WayBack {
  /// The words of the scripted run.
  static let scripted = WayBack(
    attach: "attach scripted", status: "status scripted", resume: "resume scripted")
}

/// The frames of a connection up to its end.
func frames(_ connection: Connection) async throws -> [ServerFrame] {
  var frames: [ServerFrame] = []
  while let line = try await connection.nextLine(within: 120) {
    frames.append(try ExperimentJSON.decode(ServerFrame.self, from: line))
  }
  return frames
}

func reason(_ frames: [ServerFrame]) -> String? {
  for case .refused(let refusal) in frames { return refusal.reason }
  return nil
}

/// The events of a runner up to the end of its mailbox.
func events(_ runner: AttachedRunner) async -> [Event] {
  var events: [Event] = []
  let mailbox = await runner.subscribe(.everything)
  while let batch = await mailbox.next() { events += batch.map(\.event) }
  return events
}
