public import Experiments
internal import Foundation
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#endif

/// A run whose engine is another process, seen and commanded over a socket.
public final class AttachedRunner: ExperimentRunner {
  /// The run's name.
  public let name: String
  /// The engine's process.
  public let process: Int32

  private struct State {
    var relay = EventRelay()
    var lastHeard: ContinuousClock.Instant
    var isLost = false
    var hasEnded = false
    var refusal: String?
    var commands = 0
  }

  private let connection: Connection
  private let wayBack: WayBack
  private let patience: Duration
  private let now: @Sendable () -> ContinuousClock.Instant
  private let state: Mutex<State>

  /// A runner over a line that has been let in.
  /// - Parameters:
  ///   - wayBack: what to type to come back.
  ///   - patience: the silence after which the engine counts as stalled; a few heartbeats.
  ///   - now: the clock; tests give their own.
  package init(
    connection: Connection, welcome: ServerFrame.Welcome, role: AttachmentRole, wayBack: WayBack,
    patience: Duration = .seconds(6),
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) {
    self.now = now
    self.connection = connection
    self.wayBack = wayBack
    self.patience = patience
    name = welcome.run
    process = welcome.process
    state = Mutex(
      State(
        lastHeard: now(),
        refusal: role == .control ? nil : "this only watches; `\(wayBack.attach)` controls it"))
    Task { await self.read() }
  }

  /// Attaches to a run.
  /// - Parameters:
  ///   - role: to control or to watch.
  ///   - takeOver: whether to take control from who has it.
  ///   - wayBack: what to type to come back.
  /// - Throws: `AttachmentError.noEngine`, `.unreachable`, `.controlled`, or what else went wrong.
  public static func attach(
    to directory: RunDirectory, role: AttachmentRole, takeOver: Bool = false, wayBack: WayBack,
    within seconds: Double = Attachment.answerSeconds
  ) async throws -> AttachedRunner {
    let (connection, welcome) = try await Attachment.connect(
      to: directory, Hello(role: role, takeOver: takeOver), wayBack: wayBack, within: seconds)
    return AttachedRunner(
      connection: connection, welcome: welcome, role: role, wayBack: wayBack)
  }

  // MARK: - As any runner

  /// A new mailbox, with the run's course so far; older steps are thinned.
  public func subscribe(_ policy: Mailbox.Policy) async -> Mailbox {
    state.withLock { $0.relay.subscribe(policy) }
  }

  /// Sends a command to the engine; what cannot be sent is refused by event, too.
  public func send(_ command: RunCommand) {
    let contact = contact
    if let reason = contact.refusal ?? (contact.isLost ? "the engine is gone" : nil) {
      announceRefusal(of: command, reason)
      return
    }
    // Numbered and put in line in one go: the order is that of the callers.
    state.withLock { state in
      state.commands += 1
      let numbered = NumberedCommand(id: state.commands, command: command)
      if let line = try? ExperimentJSON.line(ClientFrame.command(numbered)) {
        connection.post(line)
      }
    }
  }

  /// Waits until the engine has said that all is recorded, or is lost.
  public func waitUntilEnded() async {
    let mailbox = await subscribe(.newestProgress(limit: 0))
    while await mailbox.next() != nil {}
  }

  /// How long the engine has been silent, and whether commands are taken.
  public var contact: RunContact {
    let (silence, isLost, hasEnded, refusal) = state.withLock {
      ($0.lastHeard.duration(to: now()), $0.isLost, $0.hasEnded, $0.refusal)
    }
    var contact = RunContact(refusal: refusal)
    if isLost {
      contact.link = .lost(advice: advice)
    } else if !hasEnded, silence >= patience {
      contact.link = .stalled(seconds: Int(silence.components.seconds))
    }
    return contact
  }

  /// Gives control up, behind every command that was sent, and watches on.
  public func release() {
    state.withLock { $0.refusal = "control was given up; `\(wayBack.attach)` takes it" }
    if let line = try? ExperimentJSON.line(ClientFrame.release) { connection.post(line) }
  }

  /// Hangs up once every command is on its way; the run goes on.
  public func leave() async {
    await connection.flush()
    connection.hangUp()
  }

  // MARK: - Reading

  private func read() async {
    while let line = try? await connection.nextLine() {
      guard let frame = try? ExperimentJSON.decode(ServerFrame.self, from: line) else { continue }
      state.withLock { take(frame, into: &$0) }
      if case .answer(let answer) = frame, let reason = answer.refusal, !answer.isFromEngine {
        announceRefusal(of: answer.command, reason)
      }
    }
    state.withLock {
      $0.isLost = !$0.hasEnded
      $0.relay.close()
    }
  }

  private func take(_ frame: ServerFrame, into state: inout State) {
    state.lastHeard = now()
    switch frame {
    case .events(let events):
      state.relay.deliver(events)
      if events.contains(where: \.event.isEnd) { state.hasEnded = true }
    case .steps(let steps): state.relay.deliver(steps.events)
    case .demoted(let other):
      state.refusal =
        "process \(other) has taken control; `\(wayBack.attach) --take-over` takes it back"
    case .end: state.hasEnded = true
    case .welcome, .refused, .caughtUp, .answer, .heartbeat: break
    }
  }

  private func announceRefusal(of command: RunCommand, _ reason: String) {
    // No part of the run's course, so without a place in it.
    let event = RecordedEvent(
      sequence: -1, time: Date().timeIntervalSince1970,
      event: .commandRefused(command, reason: reason))
    state.withLock { $0.relay.announce(event) }
  }

  /// What a person can do who has lost the engine.
  private var advice: String {
    Self.isAlive(process)
      ? "the engine (process \(process)) hung up but is there: `\(wayBack.attach)` comes back"
      : "the engine (process \(process)) is gone: "
        + "`\(wayBack.resume)` goes on from its newest checkpoint, `\(wayBack.status)` says how it is"
  }

  /// Whether a process is there and not merely waiting to be buried.
  private static func isAlive(_ process: Int32) -> Bool {
    guard kill(process, 0) == 0 || errno == EPERM else { return false }
    guard let line = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else {
      return false
    }
    // The state follows the name, which may hold anything but ends with the last bracket.
    return line[(line.lastIndex(of: ")") ?? line.startIndex)...].dropFirst(2).first != "Z"
  }
}

extension Event {
  fileprivate var isEnd: Bool {
    if case .runEnded = self { return true }
    return false
  }
}
