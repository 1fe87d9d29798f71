internal import Experiments
internal import TerminalUI

/// A form for the engine.
struct FormPopup: Widget {
  /// What is shown.
  let form: LaunchForm

  private var frame: Popup {
    let (title, verb) =
      switch form.purpose {
      case .round: ("Launch a pruning round", "launch")
      case .settings: ("Settings of the rounds to come", "change")
      case .runFor: ("Run for a while, then pause", "run")
      }
    return Popup(
      title: title, contentSize: Size(width: 62, height: form.purpose.fields.count + 2),
      footer: [
        Span("Enter", .footerKey), Span(" \(verb)  ", .popup), Span("Tab", .footerKey),
        Span(" next field  ", .popup), Span("Esc", .footerKey), Span(" cancel ", .popup),
      ])
  }

  private var fields: Form {
    let names = form.purpose.fields
    return Form(
      fields: names.map { field in
        FormField(
          label: field.title, input: form.input(of: field),
          message: form.problem(with: field), hint: field.hint)
      }, focus: names.firstIndex(of: form.focus))
  }

  /// Where the fields and the line below them go.
  private func parts(in rect: Rect) -> [Rect] {
    let inner = frame.content(in: rect)
    return inner.rows([.rest, .fixed(inner.height > 4 ? 1 : 0)])
  }

  /// The field at a place; `nil` where there is none.
  func field(at point: Point, in rect: Rect) -> LaunchForm.Field? {
    fields.field(at: point, in: parts(in: rect)[0]).map { form.purpose.fields[$0] }
  }

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    frame.render(into: &screen, in: rect, look: look)
    let parts = parts(in: rect)
    fields.render(into: &screen, in: parts[0], look: look)
    screen.put(" " + form.moment, in: parts[1], style: look[.popup])
  }
}

/// A question with its answers.
struct DialogPopup: Widget {
  /// What is shown.
  let dialog: Dialog

  private var details: Int { dialog.details.isEmpty ? 0 : dialog.details.count + 1 }

  private var frame: Popup {
    Popup(
      title: dialog.title,
      contentSize: Size(width: 72, height: dialog.choices.count + 2 + details),
      footer: [
        Span("Enter", .footerKey), Span(" take  ", .popup), Span("Esc", .footerKey),
        Span(" cancel ", .popup),
      ])
  }

  /// What it is about, and below it the answers, which come first where there is little room.
  private func parts(in rect: Rect) -> (details: Rect, choices: Rect) {
    let inner = frame.content(in: rect)
    let body = inner.height > dialog.choices.count ? inner.inset(top: 1) : inner
    let room = max(0, min(details, body.height - dialog.choices.count))
    return (body.inset(bottom: body.height - room), body.inset(top: room))
  }

  /// The answer at a place, from 0; `nil` where there is none.
  func choice(at point: Point, in rect: Rect) -> Int? {
    let body = parts(in: rect).choices
    let line = point.y - body.y
    return body.contains(point) && dialog.choices.indices.contains(line) ? line : nil
  }

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    frame.render(into: &screen, in: rect, look: look)
    let (about, body) = parts(in: rect)
    for (line, text) in dialog.details.prefix(about.height).enumerated() {
      screen.put(
        " " + text, in: about.row(line), style: look[.popup], ellipsis: look.glyphs.ellipsis)
    }
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
