package import TerminalUI

/// The screen of a state: a value, drawn with nothing but the state and a look.
package func render(_ state: WorkbenchState, size: Size, look: Look) -> Screen {
  var state = state
  state.size = size
  var screen = Screen(size: size, style: look[.text])
  guard !size.isEmpty else { return screen }
  switch state.page {
  case .picker: PickerScreen(state: state).render(into: &screen, in: screen.bounds, look: look)
  case .comparison:
    if let comparison = state.comparison {
      ComparisonScreen(state: state, comparison: comparison)
        .render(into: &screen, in: screen.bounds, look: look)
    }
  case .run: RunScreen(state: state).render(into: &screen, in: screen.bounds, look: look)
  }
  switch state.popup {
  case .help(let panel):
    HelpPopup(state: state, panel: panel).render(into: &screen, in: screen.bounds, look: look)
  case .prompt(let prompt):
    PromptLine(state: state, prompt: prompt).render(into: &screen, in: screen.bounds, look: look)
  case .form(let form):
    FormPopup(form: form).render(into: &screen, in: screen.bounds, look: look)
  case .dialog(let dialog):
    DialogPopup(dialog: dialog).render(into: &screen, in: screen.bounds, look: look)
  case .rounds(let chooser):
    RoundsPopup(chooser: chooser).render(into: &screen, in: screen.bounds, look: look)
  case .note(let input):
    NotePopup(input: input).render(into: &screen, in: screen.bounds, look: look)
  case .export(let form):
    ExportPopup(form: form).render(into: &screen, in: screen.bounds, look: look)
  case nil: break
  }
  if look.glyphs == .ascii { screen.spellInASCII() }
  return screen
}

extension Screen {
  /// Replaces what is not ASCII by what comes closest.
  mutating func spellInASCII() {
    for y in 0..<height {
      for x in 0..<width {
        let cell = self[x, y]
        guard cell.width > 0, !cell.character.isASCII else { continue }
        put(Transliteration.ascii(cell.character), x: x, y: y, style: cell.style)
      }
    }
  }
}
