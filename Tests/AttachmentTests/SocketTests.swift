import Attachment
import Experiments
import Foundation
import Glibc
import Synchronization
import Testing

/// Where the socket is, who may use it, and what is left of dead ones.
@Suite(.serialized, .timeLimit(.minutes(5))) struct SocketTests {
  @Test("processes of another user are refused")
  func anotherUser() async throws {
    let served = try await Served(owner: geteuid() + 1)
    await #expect {
      try await served.attach()
    } throws: { error in
      "\(error)".contains("another user")
    }
    var status = stat()
    #expect(stat(served.folder.path + "/engine.socket", &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
  }

  @Test("paths longer than an address are no obstacle")
  func longPath() async throws {
    let served = try await Served(length: 400)
    #expect(try await served.attach().name == "scripted")
    #expect(try await Attachment.snapshot(of: served.folder.directory, within: 120) != nil)
  }

  @Test("a socket that a dead engine left behind is removed, by client and server")
  func stale() async throws {
    let folder = try Folder()
    let path = folder.path + "/engine.socket"
    let directory = try folder.directory
    func leaveBehind() throws { close(try boundSocket(path)) }
    try leaveBehind()
    #expect(try await Attachment.snapshot(of: directory, within: 120) == nil)
    #expect(!FileManager.default.fileExists(atPath: path))
    try leaveBehind()
    let server = RunServer(runner: ScriptedRunner())
    await server.start()
    try await server.listen(in: folder.path)
    #expect(try await Attachment.snapshot(of: directory, within: 120) != nil)
    let second = RunServer(runner: ScriptedRunner())
    await second.start()
    await #expect(throws: AttachmentError.alreadyServed(path: path)) {
      try await second.listen(in: folder.path)
    }
    #expect(try await Attachment.snapshot(of: directory, within: 120) != nil)
  }

  /// A socket with a name that nobody listens on yet.
  private func boundSocket(_ path: String) throws -> Int32 {
    let socket = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(status == 0)
    return socket
  }

  @Test("who started the engine has control; it is told when nobody is there any more")
  func starter() async throws {
    for isThere in [true, false] {
      let server = RunServer(runner: ScriptedRunner())
      await server.start()
      var pair: [Int32] = [0, 0]
      try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
      let starter = Connection(descriptor: pair[0], limit: 1 << 16)
      try await starter.send(ExperimentJSON.line(Hello(role: .control)))
      if !isThere { starter.hangUp() }
      #expect(await server.adopt(descriptor: pair[1]) == isThere)
      guard isThere else { continue }
      let line = try #require(try await starter.nextLine(within: 120))
      #expect(
        try ExperimentJSON.decode(ServerFrame.self, from: line)
          == .welcome(.init(run: "scripted", process: getpid())))
    }
  }

  @Test("an engine that ends while somebody connects counts as gone")
  func endsMeanwhile() async throws {
    let folder = try Folder()
    let socket = try boundSocket(folder.path + "/engine.socket")
    try #require(listen(socket, 4) == 0)
    Thread.detachNewThread {
      for _ in 0..<2 { close(accept(socket, nil, nil)) }
      close(socket)
    }
    #expect(try await Attachment.snapshot(of: folder.directory, within: 120)?.process == nil)
    await #expect(throws: AttachmentError.noEngine(run: "scripted", wayBack: .scripted)) {
      try await Attachment.order(
        .pause, of: folder.directory, wayBack: .scripted, within: 120)
    }
  }

  @Test("who comes before the starter waits at the door and cannot take its place")
  func starterFirst() async throws {
    let folder = try Folder()
    let runner = ScriptedRunner()
    let server = RunServer(runner: runner)
    await server.start()
    try await server.reserve(in: folder.path)
    let early = Connection(
      descriptor: try #require(try SocketPath(folder: folder.path).connect(within: 120)),
      limit: 1 << 20)
    try await early.send(ExperimentJSON.line(Hello(role: .control)))
    var pair: [Int32] = [0, 0]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
    let starter = Connection(descriptor: pair[0], limit: 1 << 20)
    try await starter.send(ExperimentJSON.line(Hello(role: .control)))
    #expect(await server.adopt(descriptor: pair[1]))
    await server.open()
    let line = try #require(try await starter.nextLine(within: 120))
    #expect(
      try ExperimentJSON.decode(ServerFrame.self, from: line)
        == .welcome(.init(run: "scripted", process: getpid())))
    #expect(reason(try await frames(early))?.contains("controls this run") == true)
    #expect(runner.received.isEmpty)
  }

  @Test("a stopped engine whose queue is full is told in time, whatever signals come")
  func crowded() async throws {
    let folder = try Folder()
    let path = SocketPath(folder: folder.path)
    let socket = try boundSocket(path.full)
    defer { close(socket) }
    try #require(listen(socket, 0) == 0)
    var waiting: [Int32] = []
    defer { for descriptor in waiting { close(descriptor) } }
    // A handler without SA_RESTART, so that the call is interrupted.
    var (action, before) = (sigaction(), sigaction())
    action.__sigaction_handler.sa_handler = { _ in }
    try #require(sigaction(SIGUSR2, &action, &before) == 0)
    defer { sigaction(SIGUSR2, &before, nil) }
    let caller = pthread_self()
    let nuisance = Nuisance { pthread_kill(caller, SIGUSR2) }
    defer { nuisance.stop() }
    #expect(throws: AttachmentError.crowded(path: path.full, seconds: 1)) {
      for _ in 0..<10 { waiting.append(try #require(try path.connect(within: 0.3))) }
    }
    #expect(!waiting.isEmpty, "the first one has room")
    #expect(FileManager.default.fileExists(atPath: path.full))
  }

  @Test("what is no socket is refused, and left where it is", arguments: [true, false])
  func noSocket(isPipe: Bool) async throws {
    let folder = try Folder()
    let path = SocketPath(folder: folder.path)
    if isPipe {
      try #require(mkfifo(path.full, 0o600) == 0)
    } else {
      try Data("text".utf8).write(to: URL(fileURLWithPath: path.full))
    }
    #expect(
      throws: AttachmentError.system(path: path.full, reason: "found a file that is no socket")
    ) { try path.connect(within: 120) }
    #expect(FileManager.default.fileExists(atPath: path.full))
  }

  @Test("a run that is held without a socket is not said to be without an engine")
  func unreachable() async throws {
    let folder = try Folder()
    let directory = try folder.directory
    let lock = try RunLock(directory)
    let holder = try #require(RunLock.holder(of: directory))
    #expect(holder.process == getpid())
    await #expect(
      throws: AttachmentError.unreachable(
        run: "scripted", holder: holder.description, wayBack: .scripted)
    ) {
      try await Attachment.order(.pause, of: directory, wayBack: .scripted, within: 120)
    }
    withExtendedLifetime(lock) {}
  }
}

/// Does something again and again on a thread of its own until it is stopped.
private final class Nuisance: Sendable {
  private let isOver = Mutex(false)
  private let ended = DispatchSemaphore(value: 0)

  init(_ act: @escaping @Sendable () -> Void) {
    Thread.detachNewThread { [self] in
      while !isOver.withLock({ $0 }) {
        act()
        usleep(10_000)
      }
      ended.signal()
    }
  }

  func stop() {
    isOver.withLock { $0 = true }
    ended.wait()
  }
}
