internal import TerminalUI

/// The newest log lines; follows by itself unless it is scrolled back.
struct LogPane: Widget {
  /// What is shown.
  let state: WorkbenchState

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    let log = state.logLines
    guard !log.isEmpty, rect.height > 0 else {
      TextBlock(state.showsWarningsOnly ? " no warning and no error" : " nothing yet", role: .dim)
        .render(into: &screen, in: rect, look: look)
      return
    }
    let offset = min(max(0, state.scroll[.log] ?? 0), max(0, log.count - rect.height))
    let lines = log.dropLast(offset).suffix(rect.height)
    for (row, line) in lines.enumerated() {
      let place = rect.row(row)
      let used = screen.put(
        " \(Figures.clock(line.seconds)) ", in: place, style: look[.dim])
      screen.put(
        MessageStrip.mark(of: line.level) + " " + line.text, in: place.inset(left: used),
        style: look[MessageStrip.role(of: line.level)], ellipsis: look.glyphs.ellipsis)
    }
  }
}
