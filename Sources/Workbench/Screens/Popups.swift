internal import Experiments
internal import TerminalUI

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

  private var frame: Popup {
    Popup(
      title: dialog.title, contentSize: Size(width: 72, height: dialog.choices.count + 2),
      footer: [
        Span("Enter", .footerKey), Span(" take  ", .popup), Span("Esc", .footerKey),
        Span(" cancel ", .popup),
      ])
  }

  private func body(in rect: Rect) -> Rect {
    let inner = frame.content(in: rect)
    return inner.height > dialog.choices.count ? inner.inset(top: 1) : inner
  }

  /// The answer at a place, from 0; `nil` where there is none.
  func choice(at point: Point, in rect: Rect) -> Int? {
    let body = body(in: rect)
    let line = point.y - body.y
    return body.contains(point) && dialog.choices.indices.contains(line) ? line : nil
  }

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    frame.render(into: &screen, in: rect, look: look)
    let body = body(in: rect)
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
