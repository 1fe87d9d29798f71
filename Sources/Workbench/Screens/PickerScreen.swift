internal import Experiments
internal import TerminalUI

/// The start screen: the configurations that can be launched.
struct PickerScreen: Widget {
  /// What is shown.
  let state: WorkbenchState

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    let picker = state.picker
    let hasChrome = rect.height >= 3
    let rows = rect.rows([
      .fixed(hasChrome ? 1 : 0), .rest, .fixed(hasChrome ? 1 : 0),
    ])
    Strip(
      left: [Span(" rtl", .header), Span("  Routing the Lottery", .header)],
      right: [
        Span(
          "\(picker.configurations.count) configuration\(picker.configurations.count == 1 ? "" : "s") ",
          .header)
      ]
    ).render(into: &screen, in: rows[0], look: look)
    Footer(state: state).render(into: &screen, in: rows[2], look: look)

    var body = rows[1]
    if body.height >= 8, body.width >= 30 { body = body.inset(1) }
    if let failure = picker.failure {
      let block = TextBlock("launch failed: " + failure, role: .critical)
      let height = min(max(1, body.height / 2), block.height(width: body.width))
      let parts = body.rows([.fixed(height), .fixed(body.height > height + 3 ? 1 : 0), .rest])
      block.render(into: &screen, in: parts[0], look: look)
      body = parts[2]
    }
    guard !picker.configurations.isEmpty else {
      TextBlock(
        "No configuration found. Put a .yaml file beside the sample configurations, or start one by "
          + "name: rtl run CONFIG", role: .dim
      ).render(into: &screen, in: body, look: look)
      return
    }
    if body.height >= 6 {
      let parts = body.rows([.fixed(2), .rest])
      screen.put(
        picker.isLaunching ? "Launching…" : "Pick a configuration to run:", in: parts[0].row(0),
        style: look[picker.isLaunching ? .accent : .strong])
      body = parts[1]
    }
    list(into: &screen, in: body, look: look)
  }

  private func list(into screen: inout Screen, in rect: Rect, look: Look) {
    let list = state.picker.configurations
    let widest = list.map { DisplayText.width(Names.printable($0.name)) }.max() ?? 0
    let nameWidth = min(widest, max(8, rect.width / 3)) + 4
    let isTwoLine = rect.height >= list.count * 3 && rect.width >= 40
    let lineHeight = isTwoLine ? 3 : 1
    let visible = max(1, rect.height / lineHeight)
    let first = max(0, min(state.picker.selected - visible / 2, list.count - visible))
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
      if isTwoLine {
        screen.put(
          Names.printable(listing.path ?? "built in"), in: row.row(1).inset(left: nameWidth),
          style: look[.dim], ellipsis: look.glyphs.ellipsis)
      }
    }
  }
}
