package import Experiments

/// Everything a key can ask for on the run screen and the start screen.
package enum Command: Sendable, Hashable {
  case pause, pauseAtRoundEnd, launchRound, startRetraining
  case runFor, settings, freezeMask, goBack, nextAlarm
  case marker
  case pane(Pane), nextPane, previousPane
  case up, down, left, right, pageUp, pageDown, top, bottom
  case zoom, back, logScale, xAxis, smoothing, nextView, freeze, acknowledge
  case metric, zoomIn, zoomOut, cursor
  case open, configurations, heatmapMode, order, export, picture, collapse, alignment, analysis
  case help, leave, end
  case filterRuns, markRun, markAllRuns, compareRuns, runsOrRounds, perSubnetwork, panels
  case nextRound, previousRound, faster, slower
  case runForLength(RunLength), annotate(String), write(String)
  case commandLine, nextTheme, toggleMouse, theme(String), set(Setting)
}

extension Command {
  /// Whether the engine has to do it.
  package var isForTheEngine: Bool {
    switch self {
    case .pause, .pauseAtRoundEnd, .launchRound, .startRetraining, .end: true
    case .runFor, .settings, .freezeMask, .marker, .runForLength, .annotate: true
    default: false
    }
  }

  /// Whether it is about the program rather than about what is on the screen.
  var isForEveryPage: Bool {
    switch self {
    case .help, .leave, .commandLine, .nextTheme, .toggleMouse, .theme: true
    case .set(let setting): setting.isForTheProgram
    default: false
    }
  }
}
