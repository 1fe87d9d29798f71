internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#endif

/// The place of an engine's socket in the folder of its run, however long that folder's path is.
///
/// The system's addresses hold 107 bytes of a path. For a longer one the folder is opened and the
/// socket is named by way of `/proc/self/fd`, which is short.
package struct SocketPath: Sendable {
  /// The socket's name in the folder of a run.
  package static let name = "engine.socket"

  /// The folder of the run.
  let folder: String
  /// The whole path, for people.
  package var full: String { (folder as NSString).appendingPathComponent(Self.name) }

  /// The socket of a run's folder.
  package init(folder: String) { self.folder = folder }

  /// Calls a body with the address of a name in the folder.
  /// - Throws: `AttachmentError.system` if the folder cannot be opened.
  func withAddress<Result>(
    of name: String, _ body: (UnsafePointer<sockaddr>, socklen_t) throws -> Result
  ) throws -> Result {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let room = MemoryLayout.size(ofValue: address.sun_path) - 1
    var path = (folder as NSString).appendingPathComponent(name)
    var opened: Int32 = -1
    if path.utf8.count > room {
      opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      guard opened >= 0 else { throw failure("cannot be opened") }
      path = "/proc/self/fd/\(opened)/\(name)"
    }
    defer { if opened >= 0 { close(opened) } }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    return try withUnsafePointer(to: &address) { pointer in
      try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        try body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }

  /// A new stream socket, closed on exec.
  func makeSocket() throws -> Int32 {
    let descriptor = socket(
      AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw failure("no socket can be made") }
    return descriptor
  }

  /// Connects to whoever listens; blocks while their queue is full.
  /// - Parameter seconds: how long at most.
  /// - Returns: the socket; `nil` if nobody listens. A socket that a dead engine left behind is removed.
  /// - Throws: `AttachmentError.system` with the system's reason, `.crowded` when the time has passed.
  package func connect(within seconds: Double) throws -> Int32? {
    let present = identity(of: Self.name)
    let descriptor = try makeSocket()
    let reason: Int32
    do {
      reason = try connect(descriptor, within: seconds)
    } catch {
      close(descriptor)
      throw error
    }
    if reason == 0 { return descriptor }
    close(descriptor)
    switch reason {
    case ENOENT: return nil
    case EAGAIN:
      throw AttachmentError.crowded(path: full, seconds: Int(seconds.rounded(.up)))
    case ECONNREFUSED:
      // Any other kind of file is refused, too.
      guard present?.isSocket != false else {
        throw AttachmentError.system(path: full, reason: "found a file that is no socket")
      }
      // Servers listen before their socket gets its name: refused means dead. Not if another one
      // has come in its place since.
      if let present, identity(of: Self.name) == present { unlink(full) }
      return nil
    default:
      errno = reason
      throw failure("cannot be connected to")
    }
  }

  /// Connects a socket.
  /// - Returns: the system's reason against it, `EAGAIN` when the time has passed; 0 if it is connected.
  private func connect(_ descriptor: Int32, within seconds: Double) throws -> Int32 {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      // The queue of an engine that was stopped fills up and is never emptied: without a limit `connect`
      // would wait for good. No limit at all is what 0 means to the system.
      let left = max(1, ContinuousClock.now.duration(to: deadline) / .microseconds(1))
      var limit = timeval()
      limit.tv_sec = Int(min(left, 1e12)) / 1_000_000
      limit.tv_usec = Int(min(left, 1e12)) % 1_000_000
      guard
        setsockopt(
          descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size)) == 0
      else { throw failure("no time limit can be set") }
      let reason = try withAddress(of: Self.name) {
        Glibc.connect(descriptor, $0, $1) == 0 ? 0 : errno
      }
      guard reason == EINTR else { return reason }
      guard ContinuousClock.now < deadline else { return EAGAIN }
    }
  }

  /// What tells one file from another that has taken its name.
  struct Identity: Equatable {
    let device: UInt64
    let number: UInt64
    let isSocket: Bool
  }

  /// The identity of a file of the folder; `nil` if it is not there.
  func identity(of name: String) -> Identity? {
    var status = stat()
    guard lstat((folder as NSString).appendingPathComponent(name), &status) == 0 else { return nil }
    return Identity(
      device: UInt64(status.st_dev), number: UInt64(status.st_ino),
      isSocket: status.st_mode & S_IFMT == S_IFSOCK)
  }

  /// An error with the reason of the last failed call.
  func failure(_ what: String) -> AttachmentError {
    .system(path: full, reason: "\(what): \(String(cString: strerror(errno)))")
  }
}
