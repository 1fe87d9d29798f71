/// Everything a key can ask for on the run screen and the start screen.
package enum Command: Sendable, Hashable {
  case pause, pauseAtRoundEnd, launchRound, startRetraining
  case pane(Pane), nextPane, previousPane
  case up, down, left, right, pageUp, pageDown, top, bottom
  case zoom, back, logScale, xAxis, smoothing, stage, freeze, acknowledge
  case open, configurations
  case help, leave, end
  case commandLine, nextTheme, toggleMouse, theme(String), set(Setting)
}

extension Command {
  /// Whether the engine has to do it.
  package var isForTheEngine: Bool {
    switch self {
    case .pause, .pauseAtRoundEnd, .launchRound, .startRetraining, .end: true
    default: false
    }
  }
}
