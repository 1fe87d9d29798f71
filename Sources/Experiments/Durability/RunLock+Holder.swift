internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#endif

extension RunLock {
  /// Who holds a run at this moment, as the lock's file names them.
  public struct Holder: Sendable, Equatable {
    /// In words, `process 4711 on host`; what a person is told where nothing is known.
    public let description: String
    /// The process, if it is on this machine and known.
    public let process: Int32?

    init(text: Data) {
      let words = String(decoding: text.prefix(200), as: UTF8.self)
        .trimmingCharacters(in: .whitespacesAndNewlines)
      description = words.isEmpty ? "a process without a name" : words
      let parts = words.split(separator: " ", maxSplits: 3)
      let isHere =
        parts.count == 4 && parts[0] == "process" && parts[2] == "on"
        && parts[3] == ProcessInfo.processInfo.hostName
      process = isHere ? Int32(parts[1]).flatMap { $0 > 0 ? $0 : nil } : nil
    }
  }

  /// Who holds a run; `nil` if nobody does. Asks the kernel, so that a process that was killed counts as
  /// gone whatever it left behind.
  public static func holder(of directory: RunDirectory) -> Holder? {
    let path = directory.lockPath
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    // Shared, and for a moment: others may look at the same time, and who takes the lock tries again.
    guard flock(descriptor, LOCK_SH | LOCK_NB) != 0, errno == EWOULDBLOCK else { return nil }
    return Holder(text: (try? ExperimentFiles.read(path)) ?? Data())
  }
}
