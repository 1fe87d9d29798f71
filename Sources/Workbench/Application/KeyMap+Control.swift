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
      .runFor, "run-for", [.character("N")], "run for",
      "run N batches, epochs or rounds, then pause"),
    Binding(
      .settings, "settings", [.character("S")], "settings",
      "change the rounds to come, for all or one"),
    Binding(
      .freezeMask, "freeze-mask", [.character("F")], "freeze mask",
      "keep the selected subnetwork's mask (=), or not"),
    Binding(
      .goBack, "go-back", [.character("b")], "go back",
      "list the rounds; start a new run from one"),
    Binding(
      .startRetraining, "retrain", [.character("r")], "retrain",
      "retrain jointly from the masks as they are", footer: 6),
    Binding(
      .nextAlarm, "next-alarm", [.character("!")], "next alarm",
      "go to the next alarm (! warning, X critical)", footer: 0),
    Binding(
      .acknowledge, "acknowledge", [.character("a")], "acknowledge",
      "take the alarm off the strip", footer: 0),
    Binding(
      .end, "end-run", [.character("Q")], "end run",
      "end the run: finish the round, stop, kill"),
  ]
}
