import Attachment
import Experiments
import Foundation
import Glibc
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
    await #expect(throws: AttachmentError.noEngine(run: "scripted")) {
      try await Attachment.order(.pause, of: folder.directory, within: 120)
    }
  }
}
