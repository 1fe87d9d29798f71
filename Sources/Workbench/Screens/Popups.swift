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

/// A form for the engine.
struct FormPopup: Widget {
  /// What is shown.
  let form: LaunchForm

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    let names = form.purpose.fields
    let fields = names.map { field in
      FormField(
        label: field.title, input: form.input(of: field),
        message: form.problem(with: field), hint: field.hint)
    }
    let (title, verb) =
      switch form.purpose {
      case .round: ("Launch a pruning round", "launch")
      case .settings: ("Settings of the rounds to come", "change")
      case .runFor: ("Run for a while, then pause", "run")
      }
    let popup = Popup(
      title: title, contentSize: Size(width: 62, height: fields.count + 2),
      footer: [
        Span("Enter", .footerKey), Span(" \(verb)  ", .popup), Span("Tab", .footerKey),
        Span(" next field  ", .popup), Span("Esc", .footerKey), Span(" cancel ", .popup),
      ])
    popup.render(into: &screen, in: rect, look: look)
    let inner = popup.content(in: rect)
    let parts = inner.rows([.rest, .fixed(inner.height > 4 ? 1 : 0)])
    Form(fields: fields, focus: names.firstIndex(of: form.focus)).render(
      into: &screen, in: parts[0], look: look)
    screen.put(" " + form.moment, in: parts[1], style: look[.popup])
  }
}

/// A question with its answers.
struct DialogPopup: Widget {
  /// What is shown.
  let dialog: Dialog

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    let details = dialog.details.isEmpty ? 0 : dialog.details.count + 1
    let popup = Popup(
      title: dialog.title,
      contentSize: Size(width: 72, height: dialog.choices.count + 2 + details),
      footer: [
        Span("Enter", .footerKey), Span(" take  ", .popup), Span("Esc", .footerKey),
        Span(" cancel ", .popup),
      ])
    popup.render(into: &screen, in: rect, look: look)
    let inner = popup.content(in: rect)
    var body = inner.height > dialog.choices.count ? inner.inset(top: 1) : inner
    // What it is about gives way to the answers.
    let room = max(0, min(details, body.height - dialog.choices.count))
    for (line, text) in dialog.details.prefix(room).enumerated() {
      screen.put(
        " " + text, in: body.row(line), style: look[.popup], ellipsis: look.glyphs.ellipsis)
    }
    body = body.inset(top: room)
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
