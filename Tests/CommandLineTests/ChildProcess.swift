import Foundation
import Glibc

/// A started program, waited for by its process id.
///
/// Foundation's `Process` takes a child for alive as long as a daemon that the child left behind
/// (tmux does), and keeps descriptors open for a while after each child.
struct ChildProcess {
  private let identifier: pid_t

  /// Starts a program with an empty standard input and its output in two files.
  init(
    _ executable: String, _ arguments: [String], environment: [String: String], folder: String,
    output: String, errors: String
  ) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)

    // No signal is blocked in the child: the threads of Swift's tasks block most, and a tmux that cannot
    // hear TERM never ends.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

    // `env` changes the folder: this Glibc module has no spawn action for it.
    let env = "/usr/bin/env"
    var words = ([env, "-C", folder, executable] + arguments).map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var identifier = pid_t()
    let failure = posix_spawn(&identifier, env, &actions, &attributes, &words, &variables)
    guard failure == 0 else {
      throw CocoaError(.executableLoad, userInfo: [NSFilePathErrorKey: env])
    }
    self.identifier = identifier
  }

  /// Waits for the end; kills the program if it takes too long.
  /// - Returns: the exit status, 128 + n for a signal n; `nil` if it was killed here.
  func wait(seconds: Double) async throws -> Int32? {
    let deadline = ContinuousClock.now + .seconds(seconds)
    var status: Int32 = 0
    while waitpid(identifier, &status, WNOHANG) == 0 {
      if ContinuousClock.now >= deadline {
        kill(identifier, SIGKILL)
        waitpid(identifier, &status, 0)
        return nil
      }
      try await Task.sleep(for: .milliseconds(5))
    }
    let signal = status & 0x7f
    return signal == 0 ? (status >> 8) & 0xff : 128 + signal
  }
}
