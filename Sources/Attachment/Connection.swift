internal import Dispatch
package import Foundation
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#endif

/// One end of a connected stream socket, spoken over in lines of JSON.
///
/// Reading and writing block, each on a queue of its own, never on Swift's cooperative threads. The
/// descriptor is closed when nobody holds the connection any more, so that its number is never used
/// for something else in between.
package final class Connection: Sendable {
  private let descriptor: Int32
  private let reading = DispatchQueue(label: "rtl.connection.reading")
  private let writing = DispatchQueue(label: "rtl.connection.writing")
  private let limit: Int
  private let patience: Double
  private let received = Mutex(Data())

  /// Takes a connected socket over.
  /// - Parameters:
  ///   - limit: the longest line that is read, in bytes.
  ///   - patience: seconds for which the other side may take nothing before a write fails.
  package init(descriptor: Int32, limit: Int, patience: Double = 600) {
    self.descriptor = descriptor
    self.limit = limit
    self.patience = patience
  }

  deinit { close(descriptor) }

  /// The process at the other end and its user; `nil` if the system does not say.
  package var peer: (process: Int32, user: UInt32)? {
    // struct ucred: process, user, group.
    var credentials: [UInt32] = [0, 0, 0]
    var size = socklen_t(MemoryLayout<UInt32>.stride * credentials.count)
    guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 else {
      return nil
    }
    return (Int32(bitPattern: credentials[0]), credentials[1])
  }

  /// Hangs up: waiting reads and writes end on both sides.
  package func hangUp() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  // MARK: - Reading

  /// The next line without its line feed; `nil` when the other side has hung up.
  /// - Parameter seconds: how long to wait; `nil` waits for good.
  /// - Throws: `AttachmentError.notUnderstood` for a line that is too long, `.silent` when the time
  ///   has passed.
  package func nextLine(within seconds: Double? = nil) async throws -> Data? {
    try await withCheckedThrowingContinuation { continuation in
      reading.async { [self] in
        continuation.resume(with: Result { try readLine(within: seconds) })
      }
    }
  }

  private func readLine(within seconds: Double?) throws -> Data? {
    let deadline = seconds.map { ContinuousClock.now + .seconds($0) }
    return try received.withLock { buffer in
      var searched = 0
      while true {
        if let end = buffer[(buffer.startIndex + searched)...].firstIndex(of: 10) {
          let line = Data(buffer[..<end])
          buffer = Data(buffer[(end + 1)...])
          return line
        }
        searched = buffer.count
        guard searched <= limit else {
          throw AttachmentError.notUnderstood(
            found: "a line of more than \(limit) bytes", expected: "a shorter one")
        }
        if let deadline, !isReady(POLLIN, until: deadline) {
          throw AttachmentError.silent(process: peer?.process ?? 0, seconds: Int(seconds ?? 0))
        }
        guard try receive(into: &buffer) else { return nil }
      }
    }
  }

  /// Adds what has come; false at the end of the stream.
  private func receive(into buffer: inout Data) throws -> Bool {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = recv(descriptor, &chunk, chunk.count, 0)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      buffer.append(contentsOf: chunk[..<count])
      return true
    }
  }

  private func isReady(_ event: Int32, until deadline: ContinuousClock.Instant) -> Bool {
    while true {
      let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
      guard left > 0 else { return false }
      var wanted = pollfd(fd: descriptor, events: Int16(event), revents: 0)
      let count = poll(&wanted, 1, Int32(min(left.rounded(.up), 1e6)))
      if count > 0 { return true }
      if count < 0 && errno != EINTR { return true }
    }
  }

  // MARK: - Writing

  /// Sends a line and waits until the other side's queue has taken it.
  /// - Throws: `AttachmentError.hungUp`, or `.silent` if the other side takes nothing for too long.
  package func send(_ line: Data) async throws {
    try await withCheckedThrowingContinuation { continuation in
      writing.async { [self] in
        continuation.resume(with: Result { try write(line + Data([10])) })
      }
    }
  }

  /// Sends a line some time later, in its turn.
  /// - Parameter heard: told whether the other side's queue has taken it.
  package func post(_ line: Data, _ heard: @escaping @Sendable (Bool) -> Void = { _ in }) {
    writing.async { [self] in heard((try? write(line + Data([10]))) != nil) }
  }

  /// Waits until everything in line has been sent, or could not be.
  package func flush() async {
    await withCheckedContinuation { continuation in
      writing.async { continuation.resume() }
    }
  }

  private func write(_ data: Data) throws {
    try data.withUnsafeBytes { (raw: UnsafeRawBufferPointer) in
      var written = 0
      while written < raw.count {
        let count = Glibc.send(
          descriptor, raw.baseAddress?.advanced(by: written), raw.count - written,
          Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
        if count >= 0 {
          written += count
        } else if errno == EAGAIN {
          guard isReady(POLLOUT, until: .now + .seconds(patience)) else {
            throw AttachmentError.silent(process: peer?.process ?? 0, seconds: Int(patience))
          }
        } else if errno != EINTR {
          throw AttachmentError.hungUp
        }
      }
    }
  }
}
