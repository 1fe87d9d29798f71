internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#endif

/// The right to write a run: a kernel lock (`flock`) on a file in its folder, which names its holder.
///
/// The kernel frees it with the process, however that ends. It is free again when its last owner goes.
public final class RunLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock.
  /// - Throws: `ExperimentError.runIsHeld` naming the holder, `.file` if there can be no lock.
  public init(_ directory: RunDirectory) throws {
    let path = directory.lockPath
    // Set last: a lock that was not taken must not be given back.
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw ExperimentFiles.failure("cannot be written", path: path) }
    guard Self.take(descriptor) else {
      let isHeld = errno == EWOULDBLOCK
      let failure = ExperimentFiles.failure("cannot be locked", path: path)
      let holder = Holder(text: (try? ExperimentFiles.read(path)) ?? Data())
      close(descriptor)
      guard isHeld else { throw failure }
      throw ExperimentError.runIsHeld(name: directory.name, holder: holder.description)
    }
    let text = Data("process \(getpid()) on \(ProcessInfo.processInfo.hostName)\n".utf8)
    // The text is for people; on a full disk the lock holds without it.
    if ftruncate(descriptor, 0) == 0 {
      try? ExperimentFiles.write(text, to: descriptor, path: path)
    }
    self.descriptor = descriptor
  }

  /// Takes the lock; somebody who only looks who holds it has it for a moment.
  /// - Returns: false with the reason in `errno`.
  private static func take(_ descriptor: Int32) -> Bool {
    for _ in 0..<20 {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
      guard errno == EWOULDBLOCK || errno == EINTR else { return false }
      usleep(10_000)
    }
    return flock(descriptor, LOCK_EX | LOCK_NB) == 0
  }

  deinit {
    ftruncate(descriptor, 0)
    close(descriptor)
  }
}
