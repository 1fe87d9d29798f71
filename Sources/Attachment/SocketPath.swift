internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#endif

/// The place of an engine's socket in the folder of its run, however long that folder's path is.
///
/// The system's addresses hold 107 bytes of a path. For a longer one the folder is opened and the
/// socket is named by way of `/proc/self/fd`, which is short.
package struct SocketPath {
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

  /// Connects to whoever listens.
  /// - Returns: the socket; `nil` if nobody does. A socket that a dead engine left behind is removed.
  /// - Throws: `AttachmentError.system` with the system's reason.
  package func connect() throws -> Int32? {
    let present = identity(of: Self.name)
    let descriptor = try makeSocket()
    let status = try withAddress(of: Self.name) { Glibc.connect(descriptor, $0, $1) }
    if status == 0 { return descriptor }
    let reason = errno
    close(descriptor)
    switch reason {
    case ENOENT: return nil
    case ECONNREFUSED:
      // Servers listen before their socket gets its name: refused means dead. Not if another one
      // has come in its place since.
      if let present, identity(of: Self.name) == present { unlink(full) }
      return nil
    default:
      errno = reason
      throw failure("cannot be connected to")
    }
  }

  /// Device and number of a file of the folder; `nil` if it is not there.
  func identity(of name: String) -> [UInt64]? {
    var status = stat()
    guard lstat((folder as NSString).appendingPathComponent(name), &status) == 0 else { return nil }
    return [UInt64(status.st_dev), UInt64(status.st_ino)]
  }

  /// An error with the reason of the last failed call.
  func failure(_ what: String) -> AttachmentError {
    .system(path: full, reason: "\(what): \(String(cString: strerror(errno)))")
  }
}
