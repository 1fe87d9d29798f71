internal import Experiments
internal import TerminalUI

/// The start screen: the configurations that can be launched.
struct PickerScreen: Widget {
  /// What is shown.
  let state: WorkbenchState

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    let picker = state.picker
    let (rows, failure, body) = places(in: rect)
    Strip(
      left: [Span(" rtl", .header), Span("  Routing the Lottery", .header)],
      right: [
        Span(
          "\(picker.configurations.count) configuration\(picker.configurations.count == 1 ? "" : "s") ",
          .header)
      ]
    ).render(into: &screen, in: rows[0], look: look)
    if state.notice == nil {
      Footer(state: state).render(into: &screen, in: rows[2], look: look)
    } else {
      MessageStrip(state: state).render(into: &screen, in: rows[2], look: look)
    }

    if let text = self.failure { text.render(into: &screen, in: failure, look: look) }
    guard !picker.configurations.isEmpty else {
      TextBlock(
        "No configuration found. Put a .yaml file beside the sample configurations, or start one by "
          + "name: rtl run CONFIG", role: .dim
      ).render(into: &screen, in: body, look: look)
      return
    }
    let place = listPlace(in: body)
    if place != body {
      screen.put(
        picker.isLaunching ? "Launching…" : "Pick a configuration to run:", in: body.row(0),
        style: look[picker.isLaunching ? .accent : .strong])
    }
    list(into: &screen, in: place, look: look)
  }

  /// The configuration whose lines are at a place, from 0; `nil` where there is none.
  func configuration(at point: Point, in rect: Rect) -> Int? {
    let place = listPlace(in: places(in: rect).body)
    let lines = lines(height: place.height, width: place.width)
    let index = lines.first + (point.y - place.y) / lines.height
    return place.contains(point) && state.picker.configurations.indices.contains(index)
      ? index : nil
  }

  private var failure: TextBlock? {
    state.picker.failure.map { TextBlock("launch failed: " + $0, role: .critical) }
  }

  /// Header, body and footer; within the body, why a launch failed and what is below it.
  private func places(in rect: Rect) -> (rows: [Rect], failure: Rect, body: Rect) {
    let chrome = rect.height >= 3 ? 1 : 0
    let rows = rect.rows([.fixed(chrome), .rest, .fixed(chrome)])
    var body = rows[1]
    if body.height >= 8, body.width >= 30 { body = body.inset(1) }
    guard let failure else { return (rows, .zero, body) }
    let height = min(max(1, body.height / 2), failure.height(width: body.width))
    let parts = body.rows([.fixed(height), .fixed(body.height > height + 3 ? 1 : 0), .rest])
    return (rows, parts[0], parts[2])
  }

  private func listPlace(in body: Rect) -> Rect {
    body.height >= 6 ? body.rows([.fixed(2), .rest])[1] : body
  }

  /// How high a configuration's line is, and which is at the top so that the picked one is in sight.
  private func lines(height: Int, width: Int) -> (height: Int, first: Int) {
    let count = state.picker.configurations.count
    let lineHeight = height >= count * 3 && width >= 40 ? 3 : 1
    let visible = max(1, height / lineHeight)
    return (lineHeight, max(0, min(state.picker.selected - visible / 2, count - visible)))
  }

  private func list(into screen: inout Screen, in rect: Rect, look: Look) {
    let list = state.picker.configurations
    let widest = list.map { DisplayText.width(Names.printable($0.name)) }.max() ?? 0
    let nameWidth = min(widest, max(8, rect.width / 3)) + 4
    let (lineHeight, first) = lines(height: rect.height, width: rect.width)
    let visible = max(1, rect.height / lineHeight)
    for line in 0..<min(visible, list.count - first) {
      let listing = list[first + line]
      let isSelected = first + line == state.picker.selected
      let row = Rect(
        x: rect.x, y: rect.y + line * lineHeight, width: rect.width,
        height: min(lineHeight, rect.maxY - rect.y - line * lineHeight))
      if isSelected { screen.fill(row.row(0), style: look[.selection]) }
      let style = look[isSelected ? .selection : .text]
      let columns = row.row(0).columns([.fixed(min(nameWidth, rect.width)), .rest])
      let pointer = isSelected ? look.glyphs.choose("›", ascii: ">") : " "
      screen.put(
        "\(pointer) \(Names.printable(listing.name))", in: columns[0], style: style.with(.bold),
        ellipsis: look.glyphs.ellipsis)
      screen.put(
        Names.printable(listing.summary), in: columns[1], style: style,
        ellipsis: look.glyphs.ellipsis)
      if lineHeight > 1 {
        screen.put(
          Names.printable(listing.path ?? "built in"), in: row.row(1).inset(left: nameWidth),
          style: look[.dim], ellipsis: look.glyphs.ellipsis)
      }
    }
  }
}
