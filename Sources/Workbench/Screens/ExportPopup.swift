internal import TerminalUI

/// The question where to write what is in sight.
struct ExportPopup: Widget {
  /// What is shown.
  let form: ExportForm

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    let popup = Popup(
      title: "Export \(form.subject)",
      contentSize: Size(
        width: max(62, min(110, DisplayText.width(form.input.text) + 9)), height: 4),
      footer: [
        Span("Enter", .footerKey), Span(" write  ", .popup), Span("Tab", .footerKey),
        Span(" format  ", .popup), Span("Esc", .footerKey), Span(" cancel ", .popup),
      ])
    popup.render(into: &screen, in: rect, look: look)
    let lines = popup.content(in: rect)
    let file = lines.row(lines.height > 3 ? 1 : 0).columns([.fixed(8), .rest])
    screen.put("File", in: file[0], style: look[.popup])
    screen.put(form.input, in: file[1], focused: true, look: look)
    let format = lines.row(lines.height > 3 ? 2 : 1).columns([.fixed(8), .rest])
    screen.put("Format", in: format[0], style: look[.popup])
    var line: [Span] = ExportFormat.allCases.map { choice in
      choice == form.format
        ? Span("[\(choice.rawValue)]", .tabSelected) : Span(" \(choice.rawValue) ", .popup)
    }
    if let problem = form.problem {
      line.append(Span("  ! \(problem)", .invalid))
    } else if let format = form.format {
      line.append(Span("  \(format.summary)", .popup))
    }
    screen.put(line, in: format[1], look: look)
  }
}
