internal import TerminalUI

extension KeyMap {
  /// The keys of the start screen.
  package static let picker = KeyMap([
    Section("Start", pickerRows + everywhere)
  ])

  private static let pickerRows: [Binding] = [
    Binding(
      .open, "launch", [.enter], "launch",
      "start a run from the configuration", footer: 0),
    Binding(
      .up, "up", [.up, .character("k")], "up",
      "configuration above", footer: 1),
    Binding(
      .down, "down", [.down, .character("j")], "down",
      "configuration below", footer: 2),
    Binding(
      .pageUp, "page-up", [.pageUp], "page up",
      "ten up"),
    Binding(
      .pageDown, "page-down", [.pageDown], "page down",
      "ten down"),
    Binding(
      .top, "first", [.home, .character("g")], "first",
      "first configuration"),
    Binding(
      .bottom, "last", [.end, .character("G")], "last",
      "last configuration"),
    Binding(
      .configurations, "reload", [.character("O")], "reload",
      "read the list again", footer: 3),
    Binding(
      .pane(.runs), "runs", [.character("5")], "runs",
      "the runs that are there", footer: 4),
    Binding(
      .help, "help", [.character("?"), .function(1)], "help",
      "this list", footer: 5),
    Binding(
      .leave, "leave", [.character("q"), .control("c")], "quit",
      "leave", footer: 6),
    Binding(
      .back, "back", [.escape], "back",
      "take an error off the screen; to the run", footer: 4),
  ]
}
