internal import Experiments
internal import Foundation

/// Talking to those who were let in.
extension RunServer {
  /// Events that share a line at most.
  private static let eventsPerLine = 64
  /// Steps that share a line at most.
  private static let stepsPerLine = 512

  /// Sends a client its events and takes its commands until it leaves.
  func attend(_ id: Int, _ connection: Connection, _ role: AttachmentRole?) async {
    if role != .order {
      let mailbox = relay.subscribe(.newestProgress(limit: 4096))
      clients[id]?.mailbox = mailbox
      clients[id]?.sending = Task { await tell(id, connection, mailbox) }
    }
    let beating = Task {
      while true {
        try await Task.sleep(for: heartbeat)
        try await connection.send(Self.encode(.heartbeat))
      }
    }
    await listen(to: id, connection)
    beating.cancel()
    leave(id)
  }

  /// Hands a client's commands on until it hangs up or says what nobody understands.
  private func listen(to id: Int, _ connection: Connection) async {
    do {
      while let line = try await connection.nextLine() {
        guard let frame = try? ExperimentJSON.decode(ClientFrame.self, from: line) else {
          throw AttachmentError.notUnderstood(
            found: "a line that is no command", expected: "a command with its number")
        }
        switch frame {
        case .command(let order): take(order, from: id)
        case .release: release(id)
        }
      }
    } catch {
      await Self.refuse(connection, .init(reason: "\(error)", status: 1))
    }
  }

  /// Sends events as they come, and the end. A client that takes none for too long is dropped.
  private func tell(_ id: Int, _ connection: Connection, _ mailbox: Mailbox) async {
    do {
      try await Self.send(mailbox.drain(), to: connection)
      try await connection.send(Self.encode(.caughtUp))
      while let events = await mailbox.next() {
        try await Self.send(events, to: connection)
        // Ten lines a second are enough for any screen.
        try? await Task.sleep(for: .milliseconds(100))
      }
      // Its mailbox is closed, too, when the client has left.
      guard clients[id] != nil else { return }
      await runner.waitUntilEnded()
      // Without an end the other side says what can be done about a run whose engine is gone.
      if hasRunEnded { try await connection.send(Self.encode(.end)) }
    } catch {}
    connection.hangUp()
  }

  private static func send(_ events: [RecordedEvent], to connection: Connection) async throws {
    var rest = events[...]
    while let first = rest.first {
      let isProgress = first.event.isProgress
      let line = rest.prefix(isProgress ? stepsPerLine : eventsPerLine)
        .prefix { $0.event.isProgress == isProgress }
      try await connection.send(
        encode(isProgress ? .steps(PackedSteps(line)) : .events(Array(line))))
      rest = rest.dropFirst(line.count)
    }
  }

  /// Sends a line in its turn.
  /// - Parameter heard: told whether the client's queue has taken it.
  func post(
    _ frame: ServerFrame, to id: Int, _ heard: @escaping @Sendable (Bool) -> Void = { _ in }
  ) {
    guard let connection = clients[id]?.connection, let line = try? Self.encode(frame) else {
      return heard(false)
    }
    connection.post(line, heard)
  }

  /// Says why somebody is not let in, or not any longer, and hangs up.
  static func refuse(_ connection: Connection, _ refusal: ServerFrame.Refusal) async {
    if let line = try? encode(.refused(refusal)) { try? await connection.send(line) }
    connection.hangUp()
  }

  /// A frame as a line.
  static func encode(_ frame: ServerFrame) throws -> Data { try ExperimentJSON.line(frame) }
}
