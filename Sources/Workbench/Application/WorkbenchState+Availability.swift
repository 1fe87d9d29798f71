internal import Experiments

extension WorkbenchState {
  /// Why a command does nothing now, as a sentence for the strip; `nil` if it works.
  package func reasonAgainst(_ command: Command) -> String? {
    if page == .picker { return reasonOnPicker(against: command) }
    if let reason = reasonAgainstCommanding, command.isForTheEngine { return reason }
    switch command {
    case .pause: return reasonAgainstPause
    case .pauseAtRoundEnd: return reasonAgainstPauseAtRoundEnd
    case .launchRound: return reasonAgainstLaunch
    case .startRetraining: return reasonAgainstRetraining
    case .end:
      if run.state.isFinal { return "the run has ended; \(label(of: .leave)) leaves" }
      if isStopping { return "the run is ending already" }
      return nil
    case .open: return "nothing to open here"
    case .configurations:
      if !canLaunch { return "runs cannot be launched from here" }
      return run.state.isFinal || contact.isLost ? nil : "this run is still going"
    case .logScale, .xAxis, .smoothing, .stage:
      return isShowing(.loss)
        ? nil : "the Loss pane is not on the screen: press \(label(of: .pane(.loss)))"
    case .set(let setting):
      return setting.isForTheProgram ? nil : reasonAgainst(.smoothing)
    case .acknowledge: return alarm == nil ? "there is no alarm" : nil
    case .zoom: return isSmall ? "the pane has all the room already" : nil
    case .back:
      return isZoomed || selected != nil || focusScroll != 0 ? nil : "nothing to go back from"
    case .left, .right:
      return focus == .loss || focus == .overlap || focus == .layers
        ? nil : "nothing to move sideways"
    default: return nil
    }
  }

  /// Whether a pane has a place on the screen.
  package func isShowing(_ pane: Pane) -> Bool {
    let layout = Layout(self)
    return layout.kind > .list && layout.rect(of: pane) != nil
  }

  /// Whether there is only one pane, so that there is nothing to zoom.
  var isSmall: Bool { Layout.kind(for: size) < .small }

  /// Whether the engine was told to end.
  var isStopping: Bool {
    if case .stop? = order { return true }
    return run.state == .stopping
  }

  /// How far the focused pane is scrolled.
  var focusScroll: Int { scroll[focus] ?? 0 }

  /// Why the engine takes no command from here; a run that has ended says so itself.
  private var reasonAgainstCommanding: String? {
    if run.state.isFinal { return nil }
    if case .lost(let advice) = contact.link { return Names.printable(advice) }
    return contact.refusal.map(Names.printable)
  }

  private var reasonAgainstPause: String? {
    switch run.state {
    case .running, .preparing, .pausing, .paused:
      isStopping ? "the run is ending already" : nil
    case .waiting: "nothing is running: \(label(of: .launchRound)) launches a round"
    case .stopping: "the run is ending already"
    case .stopped, .finished, .failed: "the run has ended"
    }
  }

  private var reasonAgainstPauseAtRoundEnd: String? {
    if run.state == .paused { return "the run is paused already: \(label(of: .pause)) resumes" }
    return reasonAgainstPause
  }

  private var reasonAgainstLaunch: String? {
    if run.state.isFinal { return "the run has ended" }
    if isStopping { return "the run is ending already" }
    guard run.description != nil else { return "the run is still being prepared" }
    if mostPrunableWeights < 1 { return "no weights are left to prune" }
    return nil
  }

  private var reasonAgainstRetraining: String? {
    if run.state.isFinal { return "the run has ended" }
    if isStopping { return "the run is ending already" }
    if run.state == .preparing { return "the run is still being prepared" }
    if run.stage == .retraining, run.state == .running { return "joint retraining is under way" }
    if run.round == 0 { return "there are no masks yet" }
    return nil
  }

  /// Weights that the smallest mask has left.
  var mostPrunableWeights: Int {
    run.subnetworks.map(\.weightsLeft).min() ?? run.description?.prunableParameters ?? 0
  }

  private func reasonOnPicker(against command: Command) -> String? {
    switch command {
    case .up, .down, .top, .bottom, .pageUp, .pageDown, .open:
      if picker.configurations.isEmpty { return "there is no configuration to pick" }
      return command == .open && picker.isLaunching ? "a run is being launched" : nil
    case .help, .leave, .back, .commandLine, .nextTheme, .toggleMouse, .theme: return nil
    case .set(let setting): return setting.isForTheProgram ? nil : "no run yet: nothing to set"
    case .configurations: return nil
    default: return "no run yet: \(label(of: .open)) launches one"
    }
  }
}
