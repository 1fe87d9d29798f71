import Foundation
import Testing

/// A tmux session with one shell, driven by keys and read back as text.
final class Terminal: Sendable {
  /// Where tmux is; `nil` if it is not installed.
  static let tmux = Program.find("tmux")

  private let socket = "rtl-tests-\(UUID().uuidString)"
  private let tmux: String
  private static let locale = ["TERM": "xterm-256color", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"]

  /// Opens a shell in a terminal of a size, and closes it when the body has ended.
  static func session(
    columns: Int, rows: Int, in folder: String, _ body: (Terminal) async throws -> Void
  ) async throws {
    let terminal = try await Terminal(columns: columns, rows: rows, in: folder)
    do {
      try await body(terminal)
    } catch {
      await terminal.close()
      throw error
    }
    await terminal.close()
  }

  private init(columns: Int, rows: Int, in folder: String) async throws {
    tmux = try #require(Self.tmux)
    try await command(
      "-f", "/dev/null", "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "-c", folder,
      "env PS1='ready> ' sh")
  }

  /// Ends the session and all in it.
  private func close() async {
    _ = try? await command("kill-server")
  }

  /// Sends keys by tmux' names.
  func press(_ keys: String...) async throws {
    let outcome = try await Program.run(tmux, ["-L", socket, "send-keys"] + keys)
    #expect(outcome.status == 0, "tmux send-keys \(keys): \(outcome.summary)")
  }

  /// Sends text and Enter.
  func type(_ line: String) async throws {
    try await command("send-keys", "-l", line)
    try await press("Enter")
  }

  /// The screen as it is.
  func screen() async throws -> String {
    try await command("capture-pane", "-p").output
  }

  /// The screen as it is, with its escape sequences.
  func styledScreen() async throws -> String {
    try await command("capture-pane", "-p", "-e").output
  }

  /// Waits until tmux knows something of the terminal; a notice may be gone before it is seen.
  /// - Throws: `NotShown` after the time limit.
  func wait(forFacts format: String, _ wanted: String) async throws {
    let deadline = ContinuousClock.now + .seconds(RunningExperiment.patience)
    while try await facts(format) != wanted {
      guard ContinuousClock.now < deadline else {
        throw NotShown(wanted: "\(format) \(wanted)", screen: try await screen())
      }
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  /// Waits until something on the screen is written in a style, as the escape sequence has it.
  /// - Throws: `NotShown` after the time limit.
  func wait(forStyle style: String) async throws {
    let deadline = ContinuousClock.now + .seconds(RunningExperiment.patience)
    while true {
      let screen = try await styledScreen()
      if screen.contains(style) { return }
      guard ContinuousClock.now < deadline else { throw NotShown(wanted: style, screen: screen) }
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  /// Gives the terminal another size.
  func resize(columns: Int, rows: Int) async throws {
    try await command("resize-window", "-x", "\(columns)", "-y", "\(rows)")
  }

  /// What tmux knows of the terminal, such as `#{alternate_on}`.
  func facts(_ format: String) async throws -> String {
    try await command("display-message", "-p", format).output
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Sends text as it is.
  func enter(_ text: String) async throws {
    try await command("send-keys", "-l", text)
  }

  /// Waits until nothing has changed on the screen for a moment.
  func settle() async throws {
    var before = try await screen()
    while true {
      try await Task.sleep(for: .milliseconds(300))
      let now = try await screen()
      if now == before { return }
      before = now
    }
  }

  /// Takes the terminal away from those in it, and opens another one.
  func vanish() async throws {
    try await command("respawn-pane", "-k", "sh")
  }

  /// What a screen did not show in time.
  struct NotShown: Error, CustomStringConvertible {
    let wanted: String
    let screen: String
    var description: String { "\(wanted): not shown; the screen is\n\(screen)" }
  }

  /// Waits until the screen shows all of some texts; long, as the machine may be busy.
  /// - Returns: the screen.
  /// - Throws: `NotShown` after the time limit.
  @discardableResult
  func wait(for texts: String..., seconds: Double = RunningExperiment.patience) async throws
    -> String
  {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      let screen = try await screen()
      if texts.allSatisfy({ screen.contains($0) }) { return screen }
      guard ContinuousClock.now < deadline else {
        throw NotShown(wanted: texts.joined(separator: ", "), screen: screen)
      }
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  @discardableResult
  private func command(_ arguments: String...) async throws -> Outcome {
    let outcome = try await Program.run(
      tmux, ["-L", socket] + arguments,
      environment: Self.locale)
    #expect(outcome.status == 0, "tmux \(arguments): \(outcome.summary)")
    return outcome
  }
}
