internal import TerminalUI

/// The question where to write what is in sight.
struct ExportPopup: Widget {
  /// What is shown.
  let form: ExportForm

  private var frame: Popup {
    Popup(
      title: "Export \(form.subject)",
      contentSize: Size(
        width: max(62, min(110, DisplayText.width(form.input.text) + 9)), height: 4),
      footer: [
        Span("Enter", .footerKey), Span(" write  ", .popup), Span("Tab", .footerKey),
        Span(" format  ", .popup), Span("Esc", .footerKey), Span(" cancel ", .popup),
      ])
  }

  /// Where the name and the formats go, each behind its label.
  private func lines(in rect: Rect) -> (file: [Rect], format: [Rect]) {
    let lines = frame.content(in: rect)
    let first = lines.height > 3 ? 1 : 0
    return (
      lines.row(first).columns([.fixed(8), .rest]),
      lines.row(first + 1).columns([.fixed(8), .rest])
    )
  }

  /// The formats as they are written, in their order.
  private var choices: [Span] {
    ExportFormat.allCases.map { choice in
      choice == form.format
        ? Span("[\(choice.rawValue)]", .tabSelected) : Span(" \(choice.rawValue) ", .popup)
    }
  }

  /// The format at a place; `nil` where there is none.
  func format(at point: Point, in rect: Rect) -> ExportFormat? {
    let line = lines(in: rect).format[1]
    guard line.contains(point) else { return nil }
    var end = line.x
    for (format, span) in zip(ExportFormat.allCases, choices) {
      end += DisplayText.width(span.text)
      if point.x < end { return format }
    }
    return nil
  }

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    frame.render(into: &screen, in: rect, look: look)
    let (file, format) = lines(in: rect)
    screen.put("File", in: file[0], style: look[.popup])
    screen.put(form.input, in: file[1], focused: true, look: look)
    screen.put("Format", in: format[0], style: look[.popup])
    var line = choices
    if let problem = form.problem {
      line.append(Span("  ! \(problem)", .invalid))
    } else if let format = form.format {
      line.append(Span("  \(format.summary)", .popup))
    }
    screen.put(line, in: format[1], look: look)
  }
}
