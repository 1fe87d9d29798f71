import Foundation
import Glibc

/// The engines that tests leave in the background, found by the folder they work in.
enum Engines {
  /// The processes of our program that work in a folder or were given a path in it.
  static func processes(in folder: String) -> [pid_t] {
    let files = FileManager.default
    guard
      let program = Program.path.map({ URL(fileURLWithPath: $0).resolvingSymlinksInPath().path })
    else { return [] }
    let place = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    return ((try? files.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { pid_t($0) }
      .filter { process in
        guard
          let executable = try? files.destinationOfSymbolicLink(atPath: "/proc/\(process)/exe"),
          executable == program || executable == program + " (deleted)"
        else { return false }
        let home = try? files.destinationOfSymbolicLink(atPath: "/proc/\(process)/cwd")
        let words = files.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
        return home == place || String(decoding: words, as: UTF8.self).contains(folder)
      }
  }

  /// Whether none of them is left, for one that has said its last word is given the time to end.
  static func areGone(from folder: String) async throws -> Bool {
    let deadline = ContinuousClock.now + .seconds(RunningExperiment.patience)
    while !processes(in: folder).isEmpty {
      guard ContinuousClock.now < deadline else { return false }
      try await Task.sleep(for: .milliseconds(50))
    }
    return true
  }

  /// Kills what is left of a folder's engines, so that no test leaves one behind.
  static func end(in folder: String) {
    for process in processes(in: folder) { kill(process, SIGKILL) }
  }
}
