internal import Experiments
internal import TerminalUI

extension WorkbenchState {
  /// Takes a key: the popup has it first, then the table of the page.
  mutating func press(_ key: Key) -> [Effect] {
    // Nobody can see the screen any more; the run is not the screen's.
    if key == .closed { return [.quit] }
    if case .resize = key { return [] }
    if case .mouse(let action, let point) = key { return press(action, at: point) }
    switch popup {
    case .help(let panel): return press(key, in: panel)
    case .prompt(let prompt): return press(key, in: prompt)
    case .form(let form): return press(key, in: form)
    case .dialog(let dialog): return press(key, in: dialog)
    case nil: break
    }
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
      guard let settings = form.settings else {
        form.moveToProblem()
        popup = .form(form)
        return [.ring]
      }
      popup = nil
      if let reason = reasonAgainst(.launchRound) {
        say(reason, .warning)
        return []
      }
      say("asked for one more round: \(EventText.text(settings))")
      return [.send(.launchRound(settings))]
    case .tab, .down: form.move(by: 1)
    case .backtab, .up: form.move(by: -1)
    default: form.handle(key)
    }
    popup = .form(form)
    return []
  }

  private mutating func press(_ key: Key, in dialog: Dialog) -> [Effect] {
    var dialog = dialog
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
    case .end(let mode):
      order = .stop(mode)
      say(mode == .now ? "stopping at the next batch" : "finishing the round, then the run ends")
      return [.send(.stop(mode))]
    }
  }
}
