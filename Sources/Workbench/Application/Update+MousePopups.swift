internal import Experiments
internal import TerminalUI

/// The mouse in what lies over the page.
extension WorkbenchState {
  /// Takes the mouse in a popup: the wheel moves, a click chooses.
  mutating func press(
    _ action: MouseAction, at point: Point, in popup: Popup
  ) -> [Effect] {
    let screen = Rect(size: size)
    switch popup {
    case .help(let panel): return press(action, at: point, in: panel)
    case .dialog(let dialog): return press(action, at: point, in: dialog)
    case .rounds(let chooser): return press(action, at: point, in: chooser)
    case .form(var form):
      switch action {
      case .wheelUp: form.move(by: -1)
      case .wheelDown: form.move(by: 1)
      case .press:
        if let field = FormPopup(form: form).field(at: point, in: screen) { form.choose(field) }
      }
      self.popup = .form(form)
    case .export(var form):
      switch action {
      case .wheelUp: form.changeFormat(by: -1)
      case .wheelDown: form.changeFormat(by: 1)
      case .press:
        if let format = ExportPopup(form: form).format(at: point, in: screen) {
          form.choose(format)
        }
      }
      self.popup = .export(form)
    case .prompt(var prompt):
      let candidates = CommandLanguage.candidates(for: prompt.typed, in: self)
      switch action {
      case .wheelUp: prompt.complete(by: -1, among: candidates)
      case .wheelDown: prompt.complete(by: 1, among: candidates)
      case .press:
        let line = PromptLine(state: self, prompt: prompt)
        guard let index = line.candidate(at: point, in: screen) else { return [] }
        prompt.choose(index, among: candidates)
      }
      self.popup = .prompt(prompt)
    case .note: break
    }
    return []
  }

  private mutating func press(
    _ action: MouseAction, at point: Point, in chooser: RoundChooser
  ) -> [Effect] {
    switch action {
    case .wheelUp: return press(.up, in: chooser)
    case .wheelDown: return press(.down, in: chooser)
    case .press:
      guard let row = RoundsPopup(chooser: chooser).row(at: point, in: Rect(size: size)) else {
        return []
      }
      var chooser = chooser
      // The second click on a round asks.
      if chooser.selected == row { return press(.enter, in: chooser) }
      chooser.choose(row)
      popup = .rounds(chooser)
      return []
    }
  }

  private mutating func press(
    _ action: MouseAction, at point: Point, in panel: HelpPanel
  ) -> [Effect] {
    switch action {
    case .wheelUp: return press(.up, in: panel)
    case .wheelDown: return press(.down, in: panel)
    case .press:
      let popup = HelpPopup(state: self, panel: panel)
      guard let index = popup.index(at: point, in: Rect(size: size)) else { return [] }
      var panel = panel
      // The second click on a row runs it.
      if panel.selected == index { return press(.enter, in: panel) }
      panel.selected = index
      self.popup = .help(panel)
      return []
    }
  }

  private mutating func press(
    _ action: MouseAction, at point: Point, in dialog: Dialog
  ) -> [Effect] {
    var dialog = dialog
    switch action {
    case .wheelUp: dialog.move(by: -1)
    case .wheelDown: dialog.move(by: 1)
    case .press:
      let popup = DialogPopup(dialog: dialog)
      guard let index = popup.choice(at: point, in: Rect(size: size)) else { return [] }
      // A click alone never answers: a slip must not end a run.
      dialog.move(by: index - dialog.selected)
    }
    popup = .dialog(dialog)
    return []
  }
}
