internal import TerminalUI

extension KeyMap {
  /// How the panes draw.
  static let views: [Binding] = [
    Binding(
      .logScale, "log-scale", [.character("y")], "log y",
      "logarithmic or linear loss", footer: 7, on: [.loss]),
    Binding(
      .xAxis, "x-axis", [.character("x")], "x axis",
      "loss over steps or over rounds", on: [.loss]),
    Binding(
      .stage, "view", [.character("t")], "stage",
      "loss of both stages, extraction, retraining", on: [.loss]),
    Binding(
      .smoothing, "smoothing", [.character("s")], "smooth",
      "raw, moving average .90 or .98", footer: 8, on: [.loss]),
    Binding(
      .freeze, "freeze-display", [.character("f")], "freeze",
      "hold the display still; the run goes on", footer: 9),
  ]
}
