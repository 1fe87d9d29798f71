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
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let isHeld = errno == EWOULDBLOCK
      let failure = ExperimentFiles.failure("cannot be locked", path: path)
      let holder = try? ExperimentFiles.read(path)
      close(descriptor)
      guard isHeld else { throw failure }
      throw ExperimentError.runIsHeld(
        name: directory.name,
        holder: String(decoding: (holder ?? Data()).prefix(200), as: UTF8.self)
          .trimmingCharacters(in: .whitespacesAndNewlines))
    }
    let text = Data("process \(getpid()) on \(ProcessInfo.processInfo.hostName)\n".utf8)
    // The text is for people; on a full disk the lock holds without it.
    if ftruncate(descriptor, 0) == 0 {
      try? ExperimentFiles.write(text, to: descriptor, path: path)
    }
    self.descriptor = descriptor
  }

  /// Whether somebody holds the lock of a run.
  public static func isHeld(_ directory: RunDirectory) -> Bool {
    let descriptor = open(directory.lockPath, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var facts = stat()
    // A lock that was given back is empty. Only where a holder is named the kernel is asked, by a
    // shared lock of a moment, lest that stand in the way of one who takes it.
    guard fstat(descriptor, &facts) == 0, facts.st_size > 0 else { return false }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  deinit {
    ftruncate(descriptor, 0)
    close(descriptor)
  }
}
