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
    switch command {
    case .pause: return pause()
    case .pauseAtRoundEnd: return pauseAtRoundEnd()
    case .launchRound: return openForm()
    case .startRetraining:
      say(
        run.state == .waiting
          ? "joint retraining was asked for" : "joint retraining starts when the round has ended")
      return [.send(.startRetraining(epochs: nil))]
    case .end: popup = .dialog(.ending)
    case .configurations:
      page = .picker
      return [.listConfigurations]
    case .pane(let pane): focus = pane
    case .nextPane: focus = focus.next
    case .previousPane: focus = focus.previous
    case .zoom: isZoomed.toggle()
    case .back: goBack()
    case .logScale: lossView.isLogarithmic.toggle()
    case .xAxis: lossView.axis = lossView.axis == .step ? .round : .step
    case .smoothing: lossView.smoothing = lossView.smoothing.next
    case .stage: lossView.stage = nextStage
    case .acknowledge: acknowledged = run.alarm
    case .freeze: freeze()
    case .up, .down, .left, .right, .pageUp, .pageDown, .top, .bottom: move(command)
    case .help, .leave, .commandLine, .nextTheme, .toggleMouse, .theme, .set, .open: break
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
    case .back: picker.failure = nil
    case .configurations: return [.listConfigurations]
    case .open:
      guard let configuration = picker.configuration else { return [] }
      picker.isLaunching = true
      picker.failure = nil
      return [.launch(configuration)]
    default: break
    }
    return []
  }

  private var nextStage: Stage? {
    switch lossView.stage {
    case nil: .extraction
    case .extraction?: .retraining
    default: nil
    }
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
    if order == .pauseAtRoundEnd || order == .pause || run.state == .pausing {
      order = nil
      say("the pause was withdrawn")
      return [.send(.resume)]
    }
    order = .pauseAtRoundEnd
    say(
      "pausing when round \(max(1, run.round)) has ended: \(label(of: .pauseAtRoundEnd)) withdraws")
    return [.send(.pauseAtRoundEnd)]
  }

  private mutating func openForm() -> [Effect] {
    guard let description = run.description else { return [] }
    var defaults = description.defaultRound
    defaults.pruneCount = max(1, min(defaults.pruneCount, mostPrunableWeights))
    popup = .form(
      LaunchForm(
        defaults: defaults, mostWeights: mostPrunableWeights,
        moment: run.state == .waiting
          ? "Starts at once." : "Starts when the present work has ended."))
    return []
  }

  private mutating func goBack() {
    if isZoomed {
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
      clampScroll()
    }
  }
}
