internal import Experiments

extension WorkbenchState {
  /// Why a command does nothing now, as a sentence for the strip; `nil` if it works.
  package func reasonAgainst(_ command: Command) -> String? {
    if page == .picker { return reasonOnPicker(against: command) }
    if page == .comparison { return reasonInComparison(against: command) }
    if contact.playback != nil, command == .pause { return reasonAgainstPlaying(command) }
    if openName.isEmpty, command.isForTheEngine {
      return "there is no run: \(label(of: .pane(.runs))) lists those that are"
    }
    if let reason = reasonAgainstCommanding, command.isForTheEngine { return reason }
    switch command {
    case .pause: return reasonAgainstPause
    case .pauseAtRoundEnd: return reasonAgainstPauseAtRoundEnd
    case .launchRound: return reasonAgainstLaunch
    case .startRetraining: return reasonAgainstRetraining
    case .runFor, .runForLength: return reasonAgainstPause
    case .settings: return reasonAgainstSettings
    case .freezeMask:
      return reasonAgainstSettings
        ?? (selectedSubnetwork == nil
          ? "select a subnetwork first: \(label(of: .up)) \(label(of: .down)) in Sparsity" : nil)
    case .goBack: return reasonAgainstGoingBack
    case .nextAlarm: return run.alarms.isEmpty ? "there is no alarm" : nil
    case .end:
      if run.state.isFinal { return "the run has ended; \(label(of: .leave)) leaves" }
      return order == .stop(.kill) ? "the run is being killed already" : nil
    case .open: return isInRuns ? reasonAgainstInRuns(command) : reasonAgainstOpening
    case .filterRuns, .markRun, .markAllRuns, .compareRuns, .runsOrRounds:
      return reasonAgainstInRuns(command)
    case .nextRound, .previousRound, .faster, .slower: return reasonAgainstPlaying(command)
    case .perSubnetwork, .panels: return "there is no comparison"
    case .heatmapMode: return reasonAgainstHeatmap
    case .order: return reasonAgainstOrdering
    case .picture: return reasonAgainstPicture
    case .collapse: return reasonAgainstCollapse
    case .alignment: return reasonAgainstAlignment
    case .analysis: return reasonAgainstAnalysis
    case .export, .write: return reasonAgainstExport
    case .nextView: return reasonAgainstNextView
    case .configurations:
      return canLaunch ? nil : "runs cannot be launched from here"
    case .marker, .annotate:
      return run.state.isFinal ? "the run has ended; rtl note writes on it" : nil
    case .logScale where !lossView.metric.canBeLogarithmic:
      return "a logarithmic y is for loss and samples/s"
        + ": \(label(of: .metric)) changes what is drawn"
    case .smoothing where lossView.metric != .loss:
      return "only the loss is smoothed: \(label(of: .metric)) changes what is drawn"
    case .logScale, .xAxis, .smoothing, .metric, .zoomIn, .zoomOut, .cursor:
      return isShowing(.loss)
        ? nil : "the Loss pane is not on the screen: press \(label(of: .pane(.loss)))"
    case .set(let setting):
      switch setting {
      case .mouse: return nil
      case .smoothing: return reasonAgainst(.smoothing)
      case .isLogarithmic: return reasonAgainst(.logScale)
      case .xAxis, .metric: return reasonAgainst(.metric)
      }
    case .acknowledge: return alarm == nil ? "there is no alarm" : nil
    case .zoom: return isSmall || !drills.isEmpty ? "the pane has all the room already" : nil
    case .back:
      if focus == .loss, !lossView.cursors.isEmpty || !lossView.windows.isEmpty { return nil }
      return isZoomed || selected != nil || focusScroll != 0 || !drills.isEmpty
        || (isInRuns && !runList.filter.isEmpty) ? nil : "nothing to go back from"
    case .left, .right: return reasonAgainstSideways
    default: return nil
    }
  }

  /// Whether a pane has a place on the screen.
  package func isShowing(_ pane: Pane) -> Bool {
    let layout = Layout(self)
    return drills.isEmpty && layout.kind > .list && layout.rect(of: pane) != nil
  }

  /// Whether there is only one pane, so that there is nothing to zoom.
  var isSmall: Bool { Layout.kind(for: size) < .small }

  /// Whether the engine was told to end.
  var isStopping: Bool {
    if case .stop? = order { return true }
    return run.state == .stopping
  }

  /// The question of `Q`, by how the run was told to end already.
  var endingQuestion: Dialog {
    switch order {
    case .stop(.finishRound)?: .endingSooner
    case .stop?: .endingAtOnce
    default: run.state == .stopping ? .endingSooner : .ending
    }
  }

  /// How far the focused pane is scrolled.
  var focusScroll: Int { scroll[focus] ?? 0 }

  /// Why the engine takes no command from here; a run that has ended says so itself.
  var reasonAgainstCommanding: String? {
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

  private var reasonAgainstSettings: String? {
    if run.state.isFinal { return "the run has ended" }
    if isStopping { return "the run is ending already" }
    return run.description == nil ? "the run is still being prepared" : nil
  }

  private var reasonAgainstGoingBack: String? {
    if !canLaunch { return "runs cannot be launched from here" }
    if isBranching { return "a run is being started" }
    return run.finishedRounds == 0 ? "no round has ended yet" : nil
  }

  /// The selected subnetwork, if there is one.
  var selectedSubnetwork: Int? {
    selected.flatMap { run.subnetworks.indices.contains($0) ? $0 : nil }
  }

  /// Whether the selected subnetwork's mask is frozen.
  var selectedIsFrozen: Bool {
    selectedSubnetwork.map { run.subnetworks[$0].isFrozen } ?? false
  }

  private var reasonAgainstLaunch: String? {
    if run.state.isFinal { return "the run has ended" }
    if isStopping { return "the run is ending already" }
    guard run.description != nil else { return "the run is still being prepared" }
    if run.subnetworks.allSatisfy(\.isFrozen) { return "all masks are frozen" }
    if mostPrunableWeights < 1 { return "no weights are left to prune" }
    return nil
  }

  private var reasonAgainstRetraining: String? {
    if run.state.isFinal { return "the run has ended" }
    if isStopping { return "the run is ending already" }
    if run.state == .preparing { return "the run is still being prepared" }
    if run.isRetraining { return "joint retraining is under way" }
    if run.round == 0 { return "there are no masks yet" }
    return nil
  }

  /// Weights that the smallest mask has left that is not frozen.
  var mostPrunableWeights: Int {
    run.subnetworks.filter { !$0.isFrozen }.map(\.weightsLeft).min() ?? run.description?
      .prunableParameters ?? 0
  }

  private func reasonOnPicker(against command: Command) -> String? {
    switch command {
    case .up, .down, .top, .bottom, .pageUp, .pageDown, .open:
      if picker.configurations.isEmpty { return "there is no configuration to pick" }
      return command == .open && picker.isLaunching ? "a run is being launched" : nil
    case .back:
      return picker.failure == nil && openName.isEmpty ? "there is no run to go back to" : nil
    case .help, .leave, .commandLine, .nextTheme, .toggleMouse, .theme: return nil
    case .set(let setting): return setting.isForTheProgram ? nil : "no run yet: nothing to set"
    case .configurations: return nil
    case .pane(.runs): return runList.isAvailable ? nil : "there is no runs folder here"
    default: return "no run yet: \(label(of: .open)) launches one"
    }
  }
}
