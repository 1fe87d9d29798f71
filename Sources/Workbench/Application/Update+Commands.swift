internal import Experiments
internal import TerminalUI

extension WorkbenchState {
  /// Does a command, or says in the strip why it does nothing.
  mutating func perform(_ command: Command) -> [Effect] {
    if let reason = reasonAgainst(command) {
      // Going back from nowhere is not worth a word.
      if command != .back { say(reason, .detail) }
      return []
    }
    if let effects = performEverywhere(command) { return effects }
    if page == .picker { return performOnPicker(command) }
    if page == .comparison { return performInComparison(command) }
    switch command {
    case .pause where contact.playback != nil: return perform(PlaybackCommand.pauseOrResume)
    case .nextRound: return perform(PlaybackCommand.nextRound)
    case .previousRound: return perform(PlaybackCommand.previousRound)
    case .faster: return perform(PlaybackCommand.faster)
    case .slower: return perform(PlaybackCommand.slower)
    case .open where !isInRuns: drillDown()
    case .open, .filterRuns, .markRun, .markAllRuns, .compareRuns, .runsOrRounds:
      return performInRuns(command)
    case .perSubnetwork, .panels: break
    case .pause: return pause()
    case .pauseAtRoundEnd: return pauseAtRoundEnd()
    case .launchRound: openForm(.round)
    case .runFor: openForm(.runFor)
    case .runForLength(let length):
      say("asked to \(EventText.name(.runFor(length), subnetworks: run.labels))")
      return [.send(.runFor(length))]
    case .annotate(let text): return [.send(.note(text))]
    case .write(let path): return export(to: path)
    case .settings: openForm(.settings)
    case .freezeMask: return freezeMask()
    case .goBack: popup = .rounds(RoundChooser(run))
    case .nextAlarm: goToNextAlarm()
    case .startRetraining: return startRetraining()
    case .end: popup = .dialog(endingQuestion)
    case .configurations:
      page = .picker
      return [.listConfigurations]
    case .pane(let pane): focus = pane
    case .nextPane: focus = focus.next
    case .previousPane: focus = focus.previous
    case .zoom: isZoomed.toggle()
    case .back: goBack()
    case .logScale: lossView.isLogarithmic.toggle()
    case .xAxis: lossView.nextAxis()
    case .smoothing: lossView.smoothing = lossView.smoothing.next
    case .metric: lossView.metric = lossView.metric.next(judgedBy: shown.judgedBy)
    case .zoomIn: zoomCharts(in: true)
    case .zoomOut: zoomCharts(in: false)
    case .cursor: toggleCursor()
    case .marker: popup = .note(TextInput())
    case .nextView: showNextView()
    case .acknowledge: acknowledge()
    case .freeze: freeze()
    case .up, .down, .left, .right, .pageUp, .pageDown, .top, .bottom: move(command)
    case .heatmapMode: showNextHeatmapMode()
    case .order: changeOrder()
    case .export: openExport()
    case .picture: showPicture()
    case .collapse: return showCollapse()
    case .alignment: return showAlignment()
    case .analysis: return showAnalysis()
    case .help, .leave, .commandLine, .nextTheme, .toggleMouse, .theme, .set: break
    }
    return []
  }

  private mutating func performOnPicker(_ command: Command) -> [Effect] {
    switch command {
    case .up: picker.move(by: -1)
    case .down: picker.move(by: 1)
    case .pageUp: picker.move(by: -10)
    case .pageDown: picker.move(by: 10)
    case .top: picker.move(by: -picker.configurations.count)
    case .bottom: picker.move(by: picker.configurations.count)
    case .back where picker.failure == nil: page = .run
    case .back: picker.failure = nil
    case .configurations: return [.listConfigurations]
    case .pane(.runs):
      page = .run
      focus = .runs
      runList.isShown = true
      isZoomed = true
      return refreshRuns()
    case .open:
      guard let configuration = picker.configuration else { return [] }
      picker.isLaunching = true
      picker.failure = nil
      return [.launch(configuration)]
    default: break
    }
    return []
  }

  private mutating func pause() -> [Effect] {
    if run.state == .paused {
      guard order != .resume else { return [] }
      order = .resume
      return [.send(.resume)]
    }
    if order == .pause || (order == nil && run.state == .pausing) {
      order = nil
      say("the pause was withdrawn")
      return [.send(.resume)]
    }
    order = .pause
    say("pausing at the next batch: \(label(of: .pause)) withdraws")
    return [.send(.pause)]
  }

  private mutating func pauseAtRoundEnd() -> [Effect] {
    if order == .pauseAtRoundEnd || order == .pause || run.state == .pausing || run.runFor != nil {
      order = nil
      say("the pause was withdrawn")
      return [.send(.resume)]
    }
    order = .pauseAtRoundEnd
    say(
      "pausing when round \(max(1, run.round)) has ended: \(label(of: .pauseAtRoundEnd)) withdraws")
    return [.send(.pauseAtRoundEnd)]
  }

  private mutating func goBack() {
    if !drills.isEmpty {
      drills.removeLast()
    } else if focus == .loss, !lossView.cursors.isEmpty {
      lossView.cursors = [:]
    } else if focus == .loss, !lossView.windows.isEmpty {
      lossView.windows = [:]
    } else if isInRuns, !runList.filter.isEmpty {
      runList.filter = ""
      runList.refresh()
    } else if isZoomed {
      isZoomed = false
    } else if focusScroll != 0 {
      scroll[focus] = 0
    } else {
      selected = nil
    }
  }

  private mutating func freeze() {
    if frozen == nil {
      frozen = run
      say("the display is frozen, the run goes on: \(label(of: .freeze)) thaws it")
    } else {
      frozen = nil
      notice = nil
      refreshAlignment()
      clampScroll()
    }
  }
}
