internal import TerminalUI

extension KeyMap {
  /// How the panes draw.
  static let views: [Binding] = [
    Binding(
      .logScale, "log-scale", [.character("y")], "log y",
      "logarithmic or linear loss", footer: 7, on: [.loss]),
    Binding(
      .metric, "metric", [.character("u")], "metric",
      "loss, balanced accuracy, F1, … J, sparsity, speed", on: [.loss]),
    Binding(
      .xAxis, "x-axis", [.character("x")], "x axis",
      "charts by step, epoch, round, time", on: [.loss]),
    Binding(
      .nextView, "view", [.character("t")], "view",
      "Loss: stage; Sparsity: layers, owners; Log", footer: 6,
      on: [.loss, .sparsity, .log]),
    Binding(
      .heatmapMode, "heatmap", [.character("v")], "cells",
      "heatmap: what fits, numbers, swatches …", footer: 4,
      on: [.overlap]),
    Binding(
      .order, "order", [.character("o")], "order",
      "subnetworks by name or by similarity", footer: 5,
      on: [.overlap, .sparsity]),
    Binding(
      .alignment, "align", [.character("A")], "meaning",
      "tree of the masks; do names go with them?", on: [.overlap]),
    Binding(
      .picture, "picture", [.character("I")], "picture",
      "the picture, borders, error; spectrograms of each scene"),
    Binding(
      .collapse, "collapse", [.character("C")], "collapse",
      "quality and overlap against sparsity, each mask"),
    Binding(
      .analysis, "analysis", [.character("K")], "analysis",
      "what rtl calibrate, route and predict found"),
    Binding(
      .export, "export", [.character("e")], "export",
      "the focused pane as CSV, SVG or text", footer: 7),
    Binding(
      .smoothing, "smoothing", [.character("s")], "smooth",
      "raw, moving average .90 or .98", footer: 8, on: [.loss]),
    Binding(
      .zoomIn, "zoom-in", [.character("+")], "closer",
      "half as much of the x axis", on: [.loss]),
    Binding(
      .zoomOut, "zoom-out", [.character("-")], "wider",
      "twice as much of the x axis", on: [.loss]),
    Binding(
      .cursor, "cursor", [.character("c")], "cursor",
      "read all curves out at one place", on: [.loss]),
    Binding(
      .marker, "note", [.character("m")], "note",
      "words on this moment, kept with the run"),
    Binding(
      .freeze, "freeze-display", [.character("f")], "freeze",
      "hold the display still; the run goes on", footer: 9),
  ]
}
