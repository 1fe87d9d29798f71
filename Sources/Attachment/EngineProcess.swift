internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#endif

/// An engine in a process of its own, which outlives the terminal and the program that started it.
public enum EngineProcess {
  /// The descriptor under which the new process finds the socket to the one that started it.
  public static let descriptor: Int32 = 3

  /// Whether this process was started by `start`: there is a socket where it has to be.
  public static var wasStartedByThisProgram: Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
  }

  /// Starts this program anew in a session of its own, without a terminal, and attaches to it.
  /// - Parameters:
  ///   - arguments: the command line of the new process, without the program's name.
  ///   - role: to control the run or to watch it.
  ///   - wayBack: what to type to come back to a run of a name.
  /// - Throws: `AttachmentError.refused` with the engine's own sentence and exit status.
  public static func start(
    arguments: [String], role: AttachmentRole, wayBack: (String) -> WayBack
  ) async throws -> AttachedRunner {
    var pair: [Int32] = [0, 0]
    guard
      socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &pair) == 0
    else {
      throw AttachmentError.system(
        path: "socketpair", reason: String(cString: strerror(errno)))
    }
    let connection = Connection(descriptor: pair[0], limit: Attachment.lineLimit)
    let process: pid_t
    do {
      defer { close(pair[1]) }
      process = try spawn(arguments, socket: pair[1])
    }
    do {
      // As long as it takes: data may have to be read first.
      let welcome = try await Attachment.greet(
        connection, Hello(role: role), run: "", within: nil)
      Thread.detachNewThread { bury(process) }
      return AttachedRunner(
        connection: connection, welcome: welcome, role: role, wayBack: wayBack(welcome.run))
    } catch {
      // First of all: an engine that is still there must hear that nobody waits for it.
      connection.hangUp()
      switch error {
      case AttachmentError.hungUp:
        throw AttachmentError.refused(
          "the engine ended before the run began: \(await end(of: process))", status: 1)
      case AttachmentError.refused:
        // It has said its last word.
        _ = await end(of: process)
      default:
        Thread.detachNewThread { bury(process) }
      }
      throw error
    }
  }

  /// Waits for the end of a child on a thread of its own.
  private static func end(of process: pid_t) async -> String {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: bury(process)) }
    }
  }

  /// Waits for the end of a child, so that it does not stay in the system's table.
  /// - Returns: how it ended, in words.
  @discardableResult
  private static func bury(_ process: pid_t) -> String {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else { return "nothing is known of it" }
    }
    let signal = status & 0x7f
    return signal == 0 ? "exit status \((status >> 8) & 0xff)" : "signal \(signal)"
  }

  /// Closes every other descriptor in the new process: it lives for hours, and would keep pipes and files
  /// of the shell open that its starter inherited.
  private static func closeOthers(_ actions: UnsafeMutablePointer<posix_spawn_file_actions_t>) {
    // A GNU extension of glibc 2.34 that its Swift module lacks.
    typealias CloseFrom =
      @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32
    guard let address = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np") else { return }
    _ = unsafeBitCast(address, to: CloseFrom.self)(actions, descriptor + 1)
  }

  private static func spawn(_ arguments: [String], socket: Int32) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    // Standard error stays until the run has a folder for its log: a crash before that has to be seen.
    posix_spawn_file_actions_adddup2(&actions, socket, descriptor)
    closeOthers(&actions)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A screen ignores the signals that ask it to end, and the threads of tasks block most; the engine
    // shall hear them.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigdefault(&attributes, &all)
    // POSIX_SPAWN_SETSID of glibc's spawn.h, a GNU extension that its Swift module lacks.
    let newSession: Int32 = 0x80
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | newSession))

    var words = (["rtl"] + arguments).map { strdup($0) } + [nil]
    var variables =
      ProcessInfo.processInfo.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var process = pid_t()
    let failure = posix_spawn(
      &process, "/proc/self/exe", &actions, &attributes, &words, &variables)
    guard failure == 0 else {
      throw AttachmentError.system(
        path: "/proc/self/exe", reason: "cannot be started: \(String(cString: strerror(failure)))")
    }
    return process
  }
}
