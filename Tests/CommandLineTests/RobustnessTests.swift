import Foundation
import Testing

/// The start screen of the real binary in terminals of every kind, and what is left of it.
@Suite(
  "The workbench in odd terminals", .enabled(if: Program.path != nil, Program.absence),
  .enabled(if: Terminal.tmux != nil, "no tmux in PATH"), .serialized, .timeLimit(.minutes(5)))
struct RobustnessTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The start screen in a terminal, after the shell has noted its modes; the process number is in
  /// the file `pid`.
  private func startScreen(
    columns: Int = 80, rows: Int = 24, with settings: String = "", arguments: String = "",
    shows: String = "demo", _ body: (Terminal) async throws -> Void
  ) async throws {
    let program = try #require(Program.path)
    try await Terminal.session(columns: columns, rows: rows, in: folder.path) { terminal in
      try await terminal.wait(for: "ready>")
      try await terminal.type(
        "clear; stty -g > before; env \(settings) XDG_CONFIG_HOME=\(folder.path) "
          + "sh -c 'echo $$ > pid; exec \"$0\" \(arguments)' '\(program)'; "
          + "echo \"ended $?\"; stty -g > after")
      try await terminal.wait(for: shows)
      try await body(terminal)
    }
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: folder.path(name), encoding: .utf8)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private var process: pid_t {
    get throws {
      let written = try text("pid")
      return try #require(pid_t(written))
    }
  }

  /// Waits for the end of the program and looks at what it left behind.
  private func expectRestored(_ terminal: Terminal, _ comment: Comment) async throws {
    try await terminal.wait(for: "ended ")
    try await terminal.type("echo all is $((6 * 7))")
    try await terminal.wait(for: "all is 42")
    let (before, after) = (try text("before"), try text("after"))
    #expect(before == after, comment)
    #expect(
      try await terminal.facts("#{alternate_on} #{cursor_flag} #{mouse_any_flag}") == "0 1 0",
      comment)
  }

  @Test(
    "every signal that ends the program gives the terminal back, with the mouse on, too",
    arguments: [
      SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGABRT, SIGSEGV, SIGILL, SIGTRAP, SIGFPE, SIGBUS,
    ])
  func signals(_ signal: Int32) async throws {
    try await startScreen { terminal in
      try await terminal.press("M")
      try await terminal.wait(forFacts: "#{alternate_on} #{mouse_any_flag}", "1 1")
      let number = try process
      #expect(kill(number, signal) == 0)
      try await expectRestored(terminal, "signal \(signal)")
      let isAsked = [SIGHUP, SIGINT, SIGTERM].contains(signal)
      let end = try await terminal.screen()
      #expect(end.contains("ended \(isAsked ? 0 : 128 + signal)"), "\(end)")
    }
  }

  @Test("a storm of sizes from 1 × 1 to 400 × 120 ends in a whole screen")
  func sizes() async throws {
    try await startScreen { terminal in
      let sizes = [
        (1, 1), (400, 120), (2, 1), (1, 2), (3, 3), (400, 1), (1, 120), (20, 3), (60, 15),
      ]
      for (index, size) in (sizes + sizes.reversed() + sizes).enumerated() {
        try await terminal.resize(columns: size.0, rows: size.1)
        if index % 3 == 0 { try await terminal.press(["?", "Escape", ":"][index / 3 % 3]) }
      }
      try await terminal.resize(columns: 80, rows: 24)
      try await terminal.press("C-c")
      try await terminal.wait(for: "Routing the Lottery", "Pick a configuration", "quit")
      try await terminal.press("q")
      try await expectRestored(terminal, "after the storm")
    }
  }

  @Test(
    "in each of these terminals it is shown and left",
    arguments: [
      "TERM=vt100", "TERM=screen", "TERM=xterm", "TERM=linux", "TERM=xterm-256color NO_COLOR=1",
      "LANG=C LC_ALL=C", "COLORFGBG=0\\;15",
    ])
  func terminals(_ settings: String) async throws {
    try await startScreen(with: settings) { terminal in
      let screen = try await terminal.screen()
      #expect(screen.contains("Pick a configuration"))
      let isPlain = screen.allSatisfy { $0.isASCII }
      if settings.hasPrefix("LANG=C") { #expect(isPlain, "\(screen)") }
      try await terminal.press("q")
      try await expectRestored(terminal, "\(settings)")
    }
  }

  @Test(
    "where no screen can be had, a sentence says so and nothing is changed",
    arguments: ["TERM=dumb", "TERM=nonsense", "-u TERM"])
  func noScreen(_ settings: String) async throws {
    try await startScreen(columns: 200, with: settings, shows: "ended 2") { terminal in
      let screen = try await terminal.screen()
      #expect(screen.contains("rtl run CONFIG --headless"), "\(screen)")
      try await expectRestored(terminal, "\(settings)")
    }
  }

  @Test("Ctrl-Z on the start screen and fg")
  func stopped() async throws {
    try await startScreen { terminal in
      for _ in 0..<3 {
        try await terminal.press("C-z")
        try await terminal.wait(for: "Stopped", "ready>")
        #expect(try await terminal.facts("#{alternate_on}") == "0")
        try await terminal.type("clear; fg")
        try await terminal.wait(for: "Pick a configuration")
      }
      try await terminal.press("q")
      try await terminal.wait(for: "ready>")
    }
  }

  @Test("a terminal that closes ends the program")
  func closed() async throws {
    try await startScreen { terminal in
      let process = try process
      try await terminal.vanish()
      let deadline = ContinuousClock.now + .seconds(30)
      while kill(process, 0) == 0 {
        try #require(ContinuousClock.now < deadline, "the program goes on without a terminal")
        try await Task.sleep(for: .milliseconds(50))
      }
    }
  }

  @Test("names that are long, wide or hold control characters stay within their line")
  func names() async throws {
    let names = [
      String(repeating: "long", count: 40), "幅広い名前の設定", "red\u{1B}[31m\u{7}\u{202E}end",
    ]
    for name in names { _ = try folder.write(TinyExperiment.config, to: name + ".yaml") }
    try await startScreen(columns: 60, shows: "幅広い名前の設定") { terminal in
      let screen = try await terminal.screen()
      #expect(screen.contains("red?[31m??end"), "\(screen)")
      #expect(screen.contains("longlong"), "\(screen)")
      try await terminal.press("q")
      try await expectRestored(terminal, "names")
    }
  }
}
