public import Experiments
internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#endif

/// Lets others attach to a run: hands them its events and hands their commands to it.
///
/// One client controls, any number watches, and single orders are taken from everybody of the same
/// user. Nobody can hold the engine up: each client has a mailbox that thins progress, and is dropped
/// when it takes nothing for too long.
public actor RunServer {
  /// Clients that are let in at once.
  static let clientLimit = 64
  /// For so long steps are gathered before they are handed on: a frame a second is enough to see a curve
  /// grow, and where the training has all cores each frame is taken from it. News is handed on at once.
  static let gathering = Duration.seconds(1)
  /// The longest line a client may send, in bytes.
  static let lineLimit = 1 << 16

  /// Somebody who was let in.
  struct Client {
    let connection: Connection
    let process: Int32
    var role: AttachmentRole
    var mailbox: Mailbox?
    var sending: Task<Void, Never>?
  }

  let runner: any ExperimentRunner
  let owner: UInt32
  let patience: Double
  let heartbeat: Duration
  private let onUnattended: (@Sendable () -> Void)?
  private var listener: Listener?
  private var following: Task<Void, Never>?

  var relay: EventRelay
  var clients: [Int: Client] = [:]
  var controller: Int?
  private var nextClient = 0
  private var pending: [(client: Int, order: NumberedCommand)] = []
  private var isWaiting = false
  private var hasToldOfWaiting = false
  /// Whether the run said that it has ended; one that was killed does not.
  private(set) var hasRunEnded = false

  /// A server of a run that nobody can reach yet.
  /// - Parameters:
  ///   - owner: the user whose processes are let in; `nil` is this process's.
  ///   - patience: seconds for which a client may take nothing; long, for a screen that was stopped
  ///     with Ctrl-Z takes nothing either.
  ///   - heartbeat: the time between two signs of life.
  ///   - recall: finds events of the run by their numbers in its log.
  ///   - onUnattended: called when the run waits for orders and nobody has control.
  public init(
    runner: any ExperimentRunner, owner: UInt32? = nil, patience: Double = 600,
    heartbeat: Duration = .seconds(2),
    recalling recall: (@Sendable (Set<Int>) -> [RecordedEvent])? = nil,
    onUnattended: (@Sendable () -> Void)? = nil
  ) {
    self.runner = runner
    relay = EventRelay(recalling: recall)
    self.owner = owner ?? geteuid()
    self.patience = patience
    self.heartbeat = heartbeat
    self.onUnattended = onUnattended
  }

  /// Begins to take the run's events in; before anybody is let in.
  public func start() async {
    let mailbox = await runner.subscribe(.newestProgress(limit: 4096))
    following = Task {
      while let events = await mailbox.next(gathering: Self.gathering) { take(events) }
      endOfEvents()
    }
  }

  /// Listens on `engine.socket` in the run's folder, which only the owner can open, and lets in who
  /// comes.
  /// - Throws: `AttachmentError` if the socket cannot be made or another engine has it.
  public func listen(in folder: String) throws {
    try reserve(in: folder)
    open()
  }

  /// Makes the socket; who connects to it waits for `open()`.
  /// - Throws: `AttachmentError` if the socket cannot be made or another engine has it.
  public func reserve(in folder: String) throws {
    listener = try Listener(folder: folder)
  }

  /// Lets in who has come since `reserve(in:)`, and all who come.
  public func open() {
    listener?.start { [patience] socket in
      let connection = Connection(
        descriptor: socket, limit: Self.lineLimit, patience: patience)
      Task { await self.serve(connection) }
    }
  }

  /// Waits until the run has ended and the clients have heard so, then removes the socket.
  public func close() async {
    await following?.value
    await runner.waitUntilEnded()
    listener?.stop()
    let impatience = Task {
      try await Task.sleep(for: .seconds(5))
      for client in clients.values { client.connection.hangUp() }
    }
    for client in clients.values { await client.sending?.value }
    impatience.cancel()
  }

  // MARK: - Letting in

  /// Serves somebody who has connected, until they leave.
  func serve(_ connection: Connection) async {
    guard let (client, hello) = await letIn(connection) else { return }
    await attend(client, connection, hello.role)
  }

  /// Serves the process that started this one over the socket they share.
  /// - Returns: whether that process is still there; if not, nobody knows of the run.
  public func adopt(descriptor: Int32) async -> Bool {
    let connection = Connection(
      descriptor: descriptor, limit: Self.lineLimit, patience: patience)
    guard let (client, hello) = await letIn(connection) else { return false }
    Task { await attend(client, connection, hello.role) }
    return true
  }

  /// Tells the process that started this one why there is no run.
  public static func refuse(descriptor: Int32, reason: String, status: Int32) async {
    let connection = Connection(descriptor: descriptor, limit: lineLimit)
    await refuse(connection, ServerFrame.Refusal(reason: reason, status: status))
  }

  private func letIn(_ connection: Connection) async -> (client: Int, hello: Hello)? {
    guard let peer = connection.peer, peer.user == owner else {
      await Self.refuse(
        connection,
        .init(reason: "this run belongs to another user (\(owner))", status: 1))
      return nil
    }
    let line = try? await connection.nextLine(within: 10)
    guard let line, let hello = try? ExperimentJSON.decode(Hello.self, from: line) else {
      await Self.refuse(
        connection, .init(reason: "found no hello, expected one as the first line", status: 1))
      return nil
    }
    if let refusal = reasonAgainst(hello) {
      await Self.refuse(connection, refusal)
      return nil
    }
    let client = admit(connection, hello, process: peer.process)
    // In line before anything else can be: no other line may come first.
    let welcome = ServerFrame.welcome(.init(run: runner.name, process: getpid()))
    let isHeard = await withCheckedContinuation { continuation in
      post(welcome, to: client) { continuation.resume(returning: $0) }
    }
    guard isHeard else {
      leave(client)
      return nil
    }
    return (client, hello)
  }

  private func reasonAgainst(_ hello: Hello) -> ServerFrame.Refusal? {
    guard hello.protocol == protocolVersion else {
      return .init(
        reason: "found protocol \(hello.protocol), expected \(protocolVersion): "
          + "this engine was started by another version of the program",
        status: 1)
    }
    guard let role = hello.role else {
      let roles = AttachmentRole.allCases.map(\.rawValue).joined(separator: ", ")
      return .init(reason: "found no role, expected one of \(roles)", status: 1)
    }
    guard clients.count < Self.clientLimit else {
      return .init(reason: "\(clients.count) are attached already", status: 1)
    }
    if role == .control, hello.takeOver != true, let controller, let holder = clients[controller] {
      return .init(
        reason: "process \(holder.process) controls this run", status: 1,
        controller: holder.process)
    }
    return nil
  }

  private func admit(_ connection: Connection, _ hello: Hello, process: Int32) -> Int {
    nextClient += 1
    let id = nextClient
    let role = hello.role ?? .watch
    if role == .control {
      if let former = controller {
        clients[former]?.role = .watch
        post(.demoted(by: process), to: former)
      }
      controller = id
    }
    clients[id] = Client(connection: connection, process: process, role: role)
    return id
  }

  /// Lets a client only watch from now on.
  func release(_ id: Int) {
    guard controller == id else { return }
    controller = nil
    clients[id]?.role = .watch
    lookAfterWaiting()
  }

  /// Forgets a client.
  func leave(_ id: Int) {
    guard let client = clients.removeValue(forKey: id) else { return }
    client.connection.hangUp()
    if let mailbox = client.mailbox { relay.remove(mailbox) }
    if controller == id { controller = nil }
    lookAfterWaiting()
  }

  // MARK: - Events and answers

  private func take(_ events: [RecordedEvent]) {
    relay.deliver(events)
    for event in events {
      switch event.event {
      case .commandAccepted(let command):
        answer(command, refusal: nil)
        if command.isWork { isWaiting = false }
      case .commandRefused(let command, let reason):
        answer(command, refusal: reason)
      case .stateChanged(let state):
        isWaiting = state == .waiting
        if !isWaiting { hasToldOfWaiting = false }
      case .runEnded: hasRunEnded = true
      default: break
      }
    }
    lookAfterWaiting()
  }

  /// The engine answers in the order in which it was asked.
  private func answer(_ command: RunCommand, refusal: String?) {
    guard let index = pending.firstIndex(where: { $0.order.command == command }) else { return }
    let (client, order) = pending.remove(at: index)
    post(
      .answer(
        .init(id: order.id, command: command, refusal: refusal, isFromEngine: true)), to: client)
  }

  /// Hands a client's command to the engine.
  func take(_ order: NumberedCommand, from id: Int) {
    let role = clients[id]?.role
    guard role == .control || role == .order, !relay.isClosed else {
      let reason = relay.isClosed ? "the run has ended" : "this process only watches"
      post(
        .answer(
          .init(id: order.id, command: order.command, refusal: reason, isFromEngine: false)),
        to: id)
      return
    }
    pending.append((id, order))
    runner.send(order.command)
  }

  private func endOfEvents() {
    relay.close()
    for (client, order) in pending {
      post(
        .answer(
          .init(
            id: order.id, command: order.command, refusal: "the run has ended",
            isFromEngine: false)), to: client)
    }
    pending = []
    for (id, client) in clients where client.role == .order {
      post(.end, to: id)
      clients[id]?.sending = Task {
        await client.connection.flush()
        client.connection.hangUp()
      }
    }
  }

  /// A run that waits for orders is told of when there is nobody to give any.
  private func lookAfterWaiting() {
    guard isWaiting, !hasToldOfWaiting, controller == nil,
      !pending.contains(where: { $0.order.command.isWork })
    else { return }
    hasToldOfWaiting = true
    onUnattended?()
  }
}

extension RunCommand {
  /// Whether it gives a waiting engine something to do.
  fileprivate var isWork: Bool {
    switch self {
    case .launchRound, .startRetraining, .unfreeze: true
    case .pause, .pauseAtRoundEnd, .resume, .runFor, .changeSettings, .freeze, .stop, .note: false
    }
  }
}
