internal import TerminalUI

extension KeyMap {
  /// How the panes draw.
  static let views: [Binding] = [
    Binding(
      .logScale, "log-scale", [.character("y")], "log y",
      "logarithmic or linear loss", footer: 7),
    Binding(
      .xAxis, "x-axis", [.character("x")], "x axis",
      "loss over steps or over rounds"),
    Binding(
      .nextView, "view", [.character("t")], "view",
      "Loss: stage; Sparsity: layers, owners; Log", footer: 6),
    Binding(
      .heatmapMode, "heatmap", [.character("v")], "cells",
      "heatmap: what fits, numbers, swatches …", footer: 4),
    Binding(
      .order, "order", [.character("o")], "order",
      "subnetworks by name or by similarity", footer: 5),
    Binding(
      .export, "export", [.character("e")], "export",
      "the focused pane as CSV, SVG or text", footer: 7),
    Binding(
      .smoothing, "smoothing", [.character("s")], "smooth",
      "raw, moving average .90 or .98", footer: 8),
    Binding(
      .freeze, "freeze-display", [.character("f")], "freeze",
      "hold the display still; the run goes on", footer: 9),
  ]
}
