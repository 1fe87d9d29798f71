internal import Experiments
internal import TerminalUI

/// The keys of the page, those for the focused pane first, and whether they work now.
struct HelpPopup: Widget {
  /// What is shown.
  let state: WorkbenchState
  /// What is looked for, and the chosen row.
  let panel: HelpPanel

  /// A line of the list.
  private enum Line {
    case title(String)
    case entry(HelpPanel.Entry, index: Int)
  }

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    let popup = frame
    popup.render(into: &screen, in: rect, look: look)
    let inner = popup.content(in: rect)
    guard !inner.isEmpty else { return }
    let parts = inner.rows([.fixed(inner.height > 2 ? 1 : 0), .rest])
    screen.put(panel.filter, prompt: "Find ", in: parts[0], focused: true, look: look)
    let body = parts[1]
    let lines = self.lines
    guard !lines.isEmpty else {
      screen.put("nothing has these words", in: body.row(0), style: look[.dim])
      return
    }
    let first = firstLine(of: lines, height: body.height)
    drawMarks(first, of: lines, into: &screen, in: body, look)
    for (row, line) in lines.dropFirst(first).prefix(body.height).enumerated() {
      switch line {
      case .title(let title): screen.put(title, in: body.row(row), style: look[.label])
      case .entry(let entry, let index):
        draw(entry, isSelected: index == panel.selected, into: &screen, in: body.row(row), look)
      }
    }
  }

  /// Marks beside the list that there is more above and below.
  private func drawMarks(
    _ first: Int, of lines: [Line], into screen: inout Screen, in body: Rect, _ look: Look
  ) {
    guard !body.isEmpty else { return }
    let style = look[.footerKey]
    if first > 0 {
      screen.put(look.glyphs.choose("↑", ascii: "^"), x: body.maxX, y: body.y, style: style)
    }
    if first + body.height < lines.count {
      screen.put(look.glyphs.choose("↓", ascii: "v"), x: body.maxX, y: body.maxY - 1, style: style)
    }
  }

  /// The chosen row for a place on the screen; `nil` where there is none.
  func index(at point: Point, in rect: Rect) -> Int? {
    let inner = frame.content(in: rect)
    let body = inner.rows([.fixed(inner.height > 2 ? 1 : 0), .rest])[1]
    let lines = self.lines
    guard body.contains(point) else { return nil }
    let line = firstLine(of: lines, height: body.height) + point.y - body.y
    guard lines.indices.contains(line), case .entry(_, let index) = lines[line] else { return nil }
    return index
  }

  private var frame: Popup {
    let whole = HelpPanel().sections(in: state)
    let height = whole.reduce(1) { $0 + 1 + $1.entries.count }
    return Popup(
      title: "Keys and commands", contentSize: Size(width: 77, height: height),
      footer: [
        Span("Enter", .footerKey), Span(" run  ", .popup), Span("↑↓", .footerKey),
        Span(" choose  ", .popup), Span("Esc", .footerKey), Span(" close ", .popup),
      ])
  }

  private var lines: [Line] {
    var index = 0
    return panel.sections(in: state).flatMap { section -> [Line] in
      [.title(section.title)]
        + section.entries.map {
          defer { index += 1 }
          return .entry($0, index: index)
        }
    }
  }

  private func firstLine(of lines: [Line], height: Int) -> Int {
    let chosen = lines.firstIndex {
      if case .entry(_, panel.selected) = $0 { return true }
      return false
    }
    // The chosen row stays in the middle, so that what is around it can be seen.
    return max(0, min((chosen ?? 0) - height / 2, lines.count - height))
  }

  private func draw(
    _ entry: HelpPanel.Entry, isSelected: Bool, into screen: inout Screen, in row: Rect,
    _ look: Look
  ) {
    let (key, title, help, reason): (String, String, String, String?)
    switch entry {
    case .binding(let binding):
      reason = state.reasonAgainst(binding.command)
      (key, title, help) = (
        binding.keys.isEmpty ? binding.shortLabel : binding.label,
        reason == nil ? KeyMap.title(of: binding, in: state) : binding.title, binding.help
      )
    case .argument(let command):
      (key, title, help, reason) = (
        ":" + command.name, command.arguments.lowercased(), command.help, nil
      )
    }
    let works = reason == nil
    let base = look[isSelected ? .selection : .popup]
    if isSelected { screen.fill(row, style: base) }
    let columns = row.columns([.fixed(2), .fixed(10), .fixed(19), .rest])
    if isSelected { screen.put(look.glyphs.choose("›", ascii: ">"), in: columns[0], style: base) }
    let style = isSelected ? base : look[works ? .popup : .dim]
    screen.put(
      key, in: columns[1], style: isSelected ? base : look[works ? .footerKey : .dim],
      ellipsis: look.glyphs.ellipsis)
    screen.put(title, in: columns[2], style: style, ellipsis: look.glyphs.ellipsis)
    screen.put(
      reason.map { "not now: \($0)" } ?? help, in: columns[3], style: style,
      ellipsis: look.glyphs.ellipsis)
  }
}
