internal import TerminalUI

extension KeyMap {
  /// What every page has besides its own.
  static let everywhere: [Binding] = [
    Binding(
      .commandLine, "command-line", [.character(":")], "command",
      "every command by its name, with Tab", footer: 10),
    Binding(
      .nextTheme, "next-theme", [.character("T")], "theme",
      "the next theme"),
    Binding(
      .toggleMouse, "mouse", [.character("M")], "mouse",
      "switch the mouse on or off"),
  ]

  /// The program itself.
  static let program: [Binding] = [
    Binding(
      .configurations, "other-run", [.character("O")], "other run",
      "launch another; this one goes on", footer: 4),
    Binding(
      .help, "help", [.character("?"), .function(1)], "help",
      "this list", footer: 2),
    Binding(
      .leave, "leave", [.character("q"), .control("c")], "leave",
      "leave the screen; the run goes on", footer: 3),
  ]
}
