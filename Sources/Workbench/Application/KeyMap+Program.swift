internal import TerminalUI

extension KeyMap {
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
