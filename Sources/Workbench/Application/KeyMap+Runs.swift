internal import TerminalUI

extension KeyMap {
  /// The list of runs.
  static let runs: [Binding] = [
    Binding(
      .filterRuns, "filter-runs", [.character("/")], "filter",
      "runs by name, or as in rtl runs --where", footer: 1, on: [.runs]),
    Binding(
      .markRun, "mark-run", [.character(" ")], "mark",
      "mark the run for comparison, or not", footer: 1, on: [.runs]),
    Binding(
      .markAllRuns, "mark-all-runs", [.character("*")], "mark all",
      "mark all runs that are listed, or none of them", footer: 1, on: [.runs]),
    Binding(
      .compareRuns, "compare-runs", [.character("=")], "compare",
      "the marked runs side by side", footer: 0, on: [.runs]),
    Binding(
      .runsOrRounds, "runs-or-rounds", [.character("R")], "rounds",
      "all runs, or the rounds of this one", footer: 8, on: [.runs]),
  ]

  /// What a recording can do besides.
  static let playback: [Binding] = [
    Binding(
      .nextRound, "next-round", [.character("]")], "next round",
      "recording: on to the next round", footer: 1),
    Binding(
      .previousRound, "previous-round", [.character("[")], "round before",
      "recording: back to the round before", footer: 1),
    Binding(
      .faster, "faster", [.character(">")], "faster",
      "recording: twice as fast"),
    Binding(
      .slower, "slower", [.character("<")], "slower",
      "recording: half as fast"),
  ]

  /// The keys of the comparison.
  package static let comparison = KeyMap([
    Section("Comparison", comparisonRows + everywhere)
  ])

  private static let comparisonRows: [Binding] = [
    Binding(
      .back, "back", [.escape], "back",
      "to the run", footer: 0),
    Binding(
      .panels, "panels", [.character("v")], "panels",
      "a panel a run on shared axes, or all in one", footer: 1),
    Binding(
      .metric, "metric", [.character("u")], "metric",
      "panels: quality, J, held-out loss", footer: 1),
    Binding(
      .perSubnetwork, "view", [.character("t")], "subnetworks",
      "a curve a run, or a curve a subnetwork", footer: 1),
    Binding(
      .logScale, "log-scale", [.character("y")], "log y",
      "logarithmic or linear loss", footer: 2),
    Binding(
      .export, "export", [.character("e")], "export",
      "the comparison as CSV, SVG or text", footer: 3),
    Binding(
      .up, "up", [.up, .character("k")], "up",
      "line of the table or row of panels above"),
    Binding(
      .down, "down", [.down, .character("j")], "down",
      "line of the table or row of panels below"),
    Binding(
      .left, "left", [.left, .character("h")], "left",
      "table of many runs: the run before"),
    Binding(
      .right, "right", [.right, .character("l")], "right",
      "table of many runs: the run after"),
    Binding(
      .pageUp, "page-up", [.pageUp], "page up",
      "a page up"),
    Binding(
      .pageDown, "page-down", [.pageDown], "page down",
      "a page down"),
    Binding(
      .top, "first", [.home, .character("g")], "first",
      "to the first line or panel"),
    Binding(
      .bottom, "last", [.end, .character("G")], "last",
      "to the last line or panel"),
    Binding(
      .help, "help", [.character("?"), .function(1)], "help",
      "this list", footer: 4),
    Binding(
      .leave, "leave", [.character("q"), .control("c")], "leave",
      "leave the screen; the run goes on", footer: 5),
  ]
}
