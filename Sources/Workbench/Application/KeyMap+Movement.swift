internal import TerminalUI

extension KeyMap {
  /// Where one looks.
  static let movement: [Binding] = [
    Binding(
      .nextPane, "next-pane", [.tab], "pane",
      "go to the next pane", footer: 2),
    Binding(
      .previousPane, "previous-pane", [.backtab], "pane back",
      "go to the previous pane"),
    Binding(
      .pane(.loss), "loss", [.character("1")], "Loss",
      "charts: P prune r rewind T target p pause n note"),
    Binding(
      .pane(.sparsity), "sparsity", [.character("2")], "Sparsity",
      "sparsity, quality and overlap"),
    Binding(
      .pane(.overlap), "overlap", [.character("3")], "Overlap",
      "pairwise Jaccard heatmap"),
    Binding(
      .pane(.layers), "layers", [.character("4")], "Layers",
      "overlap and sparsity per layer"),
    Binding(
      .pane(.runs), "runs", [.character("5")], "Runs",
      "all runs; the rounds of this one"),
    Binding(
      .pane(.log), "log", [.character("6")], "Log",
      "events and messages"),
    Binding(
      .zoom, "zoom", [.character("z")], "zoom",
      "give the pane the whole screen, or back", footer: 3),
    Binding(
      .up, "up", [.up, .character("k")], "up",
      "subnetwork or line above"),
    Binding(
      .down, "down", [.down, .character("j")], "down",
      "subnetwork or line below"),
    Binding(
      .left, "left", [.left, .character("h")], "left",
      "column or subnetwork before; Loss: cursor, view"),
    Binding(
      .right, "right", [.right, .character("l")], "right",
      "column or subnetwork after; Loss: cursor, view"),
    Binding(
      .pageUp, "page-up", [.pageUp], "page up",
      "a page up"),
    Binding(
      .pageDown, "page-down", [.pageDown], "page down",
      "a page down"),
    Binding(
      .top, "first", [.home, .character("g")], "first",
      "to the first line; Loss: the beginning"),
    Binding(
      .bottom, "last", [.end, .character("G")], "last",
      "to the last line; Loss: the newest"),
    Binding(
      .open, "open", [.enter], "open",
      "a cell: that pair; a layer: its heatmap; a run", footer: 0,
      on: [.overlap, .layers, .sparsity, .runs]),
    Binding(
      .back, "back", [.escape], "back",
      "close, unzoom, scroll back, select nothing"),
  ]
}
