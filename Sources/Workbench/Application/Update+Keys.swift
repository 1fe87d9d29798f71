internal import Experiments
internal import TerminalUI

extension WorkbenchState {
  /// Takes a key: the popup has it first, then the table of the page.
  mutating func press(_ key: Key) -> [Effect] {
    // Nobody can see the screen any more; the run is not the screen's.
    if key == .closed { return [.quit] }
    if case .resize = key { return [] }
    if case .background(let color) = key {
      follow(background: color)
      return []
    }
    if case .mouse(let action, let point) = key { return press(action, at: point) }
    switch popup {
    case .help(let panel): return press(key, in: panel)
    case .prompt(let prompt): return press(key, in: prompt)
    case .form(let form): return press(key, in: form)
    case .dialog(let dialog): return press(key, in: dialog)
    case .rounds(let chooser): return press(key, in: chooser)
    case .note(let input): return press(key, inNote: input)
    case .export(let form): return press(key, in: form)
    case nil: break
    }
    if page == .run, let input = runList.input { return pressInFilter(key, input) }
    guard let command = keyMap[key] else { return [] }
    return perform(command)
  }

  private mutating func press(_ key: Key, in form: LaunchForm) -> [Effect] {
    var form = form
    switch key {
    case .escape, .control("c"):
      popup = nil
      return []
    case .enter:
      return submit(&form)
    case .tab, .down: form.move(by: 1)
    case .backtab, .up: form.move(by: -1)
    default: form.handle(key)
    }
    popup = .form(form)
    return []
  }

  private mutating func press(_ key: Key, in dialog: Dialog) -> [Effect] {
    var dialog = dialog
    if now < dialog.opensAt, ![.escape, .control("c"), .resize].contains(key) {
      // Who goes on typing has not seen it yet; to close it changes nothing.
      dialog.opensAt = now + Self.offerSeconds
      popup = .dialog(dialog)
      return []
    }
    switch key {
    case .escape, .control("c"):
      popup = nil
      return []
    case .up, .left, .backtab: dialog.move(by: -1)
    case .down, .right, .tab: dialog.move(by: 1)
    case .enter:
      guard dialog.choices.indices.contains(dialog.selected) else { return [] }
      return answer(dialog.choices[dialog.selected].outcome)
    case .character(let character):
      if let choice = dialog.choices.first(where: { $0.key == character }) {
        return answer(choice.outcome)
      }
    default: break
    }
    popup = .dialog(dialog)
    return []
  }

  private mutating func answer(_ outcome: Dialog.Outcome) -> [Effect] {
    popup = nil
    switch outcome {
    case .cancel:
      return []
    case .export(let request): return [.export(request)]
    case .rename(let request):
      popup = .export(ExportForm(subject: exportSubject, path: request.path))
      return []
    case .openRun(let name):
      return open(name)
    case .resumeRun(let name):
      return open(name, resumes: true)
    case .end(let mode):
      order = .stop(mode)
      switch mode {
      case .finishRound: say("finishing the round, then the run ends")
      case .now: say("stopping at the next batch")
      case .kill: say("ending at once, without a checkpoint")
      }
      return [.send(.stop(mode))]
    case .resume:
      guard run.state == .paused else { return [] }
      order = .resume
      return [.send(.resume)]
    case .retrain:
      return perform(.startRetraining)
    case .branch(let round, let endsThisRun):
      return branch(from: round, endsThisRun: endsThisRun)
    }
  }
}
