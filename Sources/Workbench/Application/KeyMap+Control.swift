internal import TerminalUI

extension KeyMap {
  /// What the engine is asked to do.
  static let control: [Binding] = [
    Binding(
      .pause, "pause", [.character("p")], "pause",
      "at the next batch; resume; withdraw a pause", footer: 0),
    Binding(
      .pauseAtRoundEnd, "pause-at-round-end", [.character("P")], "pause at round end",
      "when the round has ended; again withdraws", footer: 5),
    Binding(
      .launchRound, "launch-round", [.character("n")], "next round",
      "launch a pruning round with its own settings", footer: 1),
    Binding(
      .startRetraining, "retrain", [.character("r")], "retrain",
      "retrain jointly from the masks as they are", footer: 6),
    Binding(
      .acknowledge, "acknowledge", [.character("a")], "acknowledge",
      "take the alarm off the strip", footer: 0),
    Binding(
      .end, "end-run", [.character("Q")], "end run",
      "end the run: finish the round, stop now"),
  ]
}
