import Foundation
import Testing

/// A person's own keys and themes, with the real binary.
@Suite("Settings", .enabled(if: Program.path != nil, Program.absence), .timeLimit(.minutes(5)))
struct SettingsTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path("rtl/themes"), withIntermediateDirectories: true)
  }

  private func keys(_ arguments: String..., config: String? = nil) async throws -> Outcome {
    if let config { _ = try folder.write(config, to: "rtl/config.yaml") }
    return try await Program.run(
      try #require(Program.path), ["keys"] + arguments,
      environment: ["XDG_CONFIG_HOME": folder.path])
  }

  @Test("rtl keys prints the table in force")
  func table() async throws {
    let standard = try await keys()
    #expect(standard.status == 0 && standard.output.contains("  p  "), "\(standard.summary)")
    let own = try await keys(config: "keys: { pause: [F4, F5] }")
    #expect(own.status == 0, "\(own.summary)")
    let line = try #require(own.output.split(separator: "\n").first { $0.contains(" pause  ") })
    #expect(line.contains("F4 F5") && !line.contains("  p  "), "\(line)")
  }

  @Test("docs/keys.md is what rtl keys --markdown prints, whatever the person's keys are")
  func documentation() async throws {
    let outcome = try await keys("--markdown", config: "keys: { pause: F5 }")
    #expect(outcome.status == 0, "\(outcome.summary)")
    let page = try String(contentsOfFile: Program.checkout + "/docs/keys.md", encoding: .utf8)
    #expect(outcome.output == page, "stale: rtl keys --markdown > docs/keys.md")
  }

  @Test(
    "a mistake in config.yaml ends with status 2 and its line",
    arguments: [
      ("keys:\n  pasue: p", "config.yaml:2:3: unknown command 'pasue'; did you mean 'pause'?"),
      ("keys:\n  zoom: p", "config.yaml:2:9: p is the key of both 'pause' and 'zoom'"),
      ("mouse: 3", "config.yaml:1:8: expected on or off"),
      ("kyes: {}", "config.yaml:1:1: unknown setting 'kyes'; did you mean 'keys'?"),
    ])
  func mistakes(_ config: String, _ sentence: String) async throws {
    let outcome = try await keys(config: config)
    #expect(outcome.status == 2, "\(outcome.summary)")
    #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
  }

  @Test("a folder in place of config.yaml is refused with status 2")
  func noFile() async throws {
    try FileManager.default.createDirectory(
      atPath: folder.path("rtl/config.yaml"), withIntermediateDirectories: true)
    let outcome = try await keys()
    #expect(outcome.status == 2 && outcome.errors.contains("config.yaml"), "\(outcome.summary)")
  }

  @Test(
    "a theme of one's own is used, its odd line is told, and a wrong name gets the nearest",
    .enabled(if: Terminal.tmux != nil, "no tmux in PATH"))
  func themes() async throws {
    _ = try folder.write("theme: sea\nmouse: on", to: "rtl/config.yaml")
    _ = try folder.write("roles:\n  goood: { fg: blue }", to: "rtl/themes/sea.yaml")
    _ = try folder.write("roles: [", to: "rtl/themes/broken.yaml")
    let program = try #require(Program.path)
    try await Terminal.session(columns: 200, rows: 24, in: folder.path) { terminal in
      try await terminal.wait(for: "ready>")
      try await terminal.type("export XDG_CONFIG_HOME=\(folder.path); clear; '\(program)'")
      try await terminal.wait(for: "sea.yaml:2:3: unknown name 'goood'")
      #expect(try await terminal.facts("#{mouse_any_flag}") == "1")
      try await terminal.press(":")
      try await terminal.enter("theme se")
      try await terminal.wait(for: "sea", "theme se")
      try await terminal.press("C-c", "q")
      try await terminal.wait(for: "ready>", "broken.yaml:")
      for (command, source) in [
        ("RTL_THEME=see '\(program)'", "RTL_THEME"),
        ("'\(program)' --theme see", "--theme"),
      ] {
        try await terminal.type("clear; \(command); echo status $?")
        try await terminal.wait(for: "\(source): no theme 'see'; did you mean 'sea'?", "status 2")
      }
      try await terminal.type("clear; '\(program)' --theme broken; echo status $?")
      try await terminal.wait(for: "broken.yaml:", "status 2")
    }
  }

  /// The light theme's `footer-text` background, #e4e4e4, among the 256 colours.
  private static let lightFooter = "48;5;254"

  @Test(
    "a light terminal gets the light theme, unless somebody has chosen one",
    .enabled(if: Terminal.tmux != nil, "no tmux in PATH"))
  func background() async throws {
    let program = try #require(Program.path)
    try await Terminal.session(columns: 100, rows: 24, in: folder.path) { terminal in
      try await terminal.wait(for: "ready>")
      // tmux answers for its pane when it has a colour of its own; without colours nobody asks.
      try await terminal.type(
        "unset NO_COLOR; export XDG_CONFIG_HOME=\(folder.path) TERM=tmux-256color; clear")
      for (background, choice, isLight) in [
        ("#fdf6e3", "", true), ("#101010", "", false), ("#fdf6e3", "RTL_THEME=dark", false),
      ] {
        try await terminal.type(
          "tmux set -g window-style 'bg=\(background)'; clear; \(choice) '\(program)'")
        try await terminal.wait(for: "launch", "quit")
        if isLight {
          try await terminal.wait(forStyle: Self.lightFooter)
        } else {
          try await terminal.settle()
          let styles = try await terminal.styledScreen()
          #expect(!styles.contains(Self.lightFooter), "\(background) \(choice)")
        }
        try await terminal.press("q")
        try await terminal.wait(for: "ready>")
      }
    }
  }
}
