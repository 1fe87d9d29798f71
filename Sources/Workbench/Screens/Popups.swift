internal import Experiments
internal import TerminalUI

/// All keys of the page and whether they work now.
struct HelpPopup: Widget {
  /// What is shown.
  let state: WorkbenchState
  /// Lines that are scrolled away.
  let scroll: Int

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    let bindings = KeyMap.of(state.page).bindings
    let popup = Popup(
      title: "Keys", contentSize: Size(width: 77, height: bindings.count),
      footer: [
        Span("Esc", .footerKey), Span(" close  ", .popup), Span("↑↓", .footerKey),
        Span(" scroll ", .popup),
      ])
    popup.render(into: &screen, in: rect, look: look)
    let inner = popup.content(in: rect)
    let first = min(scroll, max(0, bindings.count - inner.height))
    for (line, binding) in bindings.dropFirst(first).prefix(inner.height).enumerated() {
      let reason = state.reasonAgainst(binding.command)
      let columns = inner.row(line).columns([.fixed(11), .fixed(20), .rest])
      let works = reason == nil
      screen.put(
        binding.label, in: columns[0], style: look[works ? .footerKey : .dim])
      screen.put(
        works ? KeyMap.title(of: binding, in: state) : binding.title, in: columns[1],
        style: look[works ? .popup : .dim])
      screen.put(
        reason.map { "not now: \($0)" } ?? binding.help, in: columns[2],
        style: look[works ? .popup : .dim], ellipsis: look.glyphs.ellipsis)
    }
  }
}

/// The form for one more round.
struct FormPopup: Widget {
  /// What is shown.
  let form: LaunchForm

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    let fields = LaunchForm.Field.allCases.map { field in
      FormField(
        label: field.title, input: form.input(of: field),
        message: form.problem(with: field), hint: field.unit)
    }
    let popup = Popup(
      title: "Launch a pruning round", contentSize: Size(width: 62, height: 5),
      footer: [
        Span("Enter", .footerKey), Span(" launch  ", .popup), Span("Tab", .footerKey),
        Span(" next field  ", .popup), Span("Esc", .footerKey), Span(" cancel ", .popup),
      ])
    popup.render(into: &screen, in: rect, look: look)
    let inner = popup.content(in: rect)
    let parts = inner.rows([.rest, .fixed(inner.height > 4 ? 1 : 0)])
    Form(fields: fields, focus: form.focus.rawValue).render(into: &screen, in: parts[0], look: look)
    screen.put(" " + form.moment, in: parts[1], style: look[.popup])
  }
}

/// A question with its answers.
struct DialogPopup: Widget {
  /// What is shown.
  let dialog: Dialog

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    let popup = Popup(
      title: dialog.title, contentSize: Size(width: 72, height: dialog.choices.count + 2),
      footer: [
        Span("Enter", .footerKey), Span(" take  ", .popup), Span("Esc", .footerKey),
        Span(" cancel ", .popup),
      ])
    popup.render(into: &screen, in: rect, look: look)
    let inner = popup.content(in: rect)
    let body = inner.height > dialog.choices.count ? inner.inset(top: 1) : inner
    for (line, choice) in dialog.choices.enumerated() where line < body.height {
      let isSelected = line == dialog.selected
      let row = body.row(line)
      let style = look[isSelected ? .selection : .popup]
      if isSelected { screen.fill(row, style: style) }
      let columns = row.columns([.fixed(33), .rest])
      let pointer = isSelected ? look.glyphs.choose("›", ascii: ">") : " "
      screen.put("\(pointer) \(choice.key)  \(choice.title)", in: columns[0], style: style)
      screen.put(
        choice.consequence, in: columns[1], style: style, ellipsis: look.glyphs.ellipsis)
    }
  }
}
