internal import Dispatch
internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#endif

/// A socket in a run's folder that others connect to; for the owner only.
final class Listener: Sendable {
  private let path: SocketPath
  private let descriptor: Int32
  private let identity: SocketPath.Identity?
  private let accepting = DispatchQueue(label: "rtl.listener")

  /// Makes the socket and listens.
  /// - Throws: `AttachmentError.alreadyServed` if somebody listens there, `.system` if it cannot be
  ///   made.
  init(folder: String) throws {
    let path = SocketPath(folder: folder)
    self.path = path
    if let other = try path.connect(within: Attachment.answerSeconds) {
      close(other)
      throw AttachmentError.alreadyServed(path: path.full)
    }
    let descriptor = try path.makeSocket()
    self.descriptor = descriptor
    // It gets its mode and listens before it gets its name: nobody meets it half-made.
    let temporary = ".\(SocketPath.name).\(getpid())"
    let hidden = (folder as NSString).appendingPathComponent(temporary)
    unlink(hidden)
    do {
      let isBound = try path.withAddress(of: temporary) { bind(descriptor, $0, $1) } == 0
      guard isBound, chmod(hidden, 0o600) == 0, listen(descriptor, SOMAXCONN) == 0 else {
        throw path.failure("cannot be made")
      }
      identity = path.identity(of: temporary)
      guard rename(hidden, path.full) == 0 else { throw path.failure("cannot be made") }
    } catch {
      unlink(hidden)
      close(descriptor)
      throw error
    }
  }

  deinit { close(descriptor) }

  /// Calls `take` with each socket that connects, on a queue of its own, until `stop()`.
  func start(_ take: @escaping @Sendable (Int32) -> Void) {
    accepting.async { [self] in
      while true {
        let socket = accept(descriptor, nil, nil)
        if socket >= 0 {
          _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
          take(socket)
        } else if errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM {
          // Somebody has to leave first.
          usleep(100_000)
        } else if errno != EINTR && errno != ECONNABORTED {
          return
        }
      }
    }
  }

  /// Stops listening and removes the socket.
  func stop() {
    if path.identity(of: SocketPath.name) == identity { unlink(path.full) }
    shutdown(descriptor, Int32(SHUT_RDWR))
  }
}
