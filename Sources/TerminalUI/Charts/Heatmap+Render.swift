extension Heatmap {
  /// Draws heads, cells and legend; what has no room is scrolled so that the cursor is in sight.
  public func render(into screen: inout Screen, in rect: Rect, look: Look) {
    guard !rect.isEmpty else { return }
    let (view, heads) = view(in: rect, look: look)
    let hasLegend = rect.height >= 3
    if view.body.y > rect.y { drawColumnHeads(view, into: &screen, look: look) }
    // Beside numbers the marks may take the air, which numbers have of their own.
    let width = min(heads, markedWidth)
    drawRowHeads(view, width: width, left: rect.x, into: &screen, look: look)
    for row in view.rows {
      for column in view.columns {
        draw(row: row, column: column, view, into: &screen, look: look)
      }
    }
    if hasLegend { drawLegend(view, into: &screen, in: rect.row(rect.height - 1), look: look) }
  }

  /// The cell at a place of the screen: column `x`, row `y`; nil where there is none.
  public func cell(at point: Point, in rect: Rect, look: Look) -> Point? {
    guard !rect.isEmpty else { return nil }
    let view = view(in: rect, look: look).view
    guard view.body.contains(point) else { return nil }
    let column = view.columns.lowerBound + (point.x - view.body.x) / view.mode.cellWidth
    let row = view.rows.lowerBound + (point.y - view.body.y) * view.rowsPerLine
    guard view.columns.contains(column), view.rows.contains(row) else { return nil }
    return Point(x: column, y: row)
  }

  private func view(in rect: Rect, look: Look) -> (view: View, heads: Int) {
    let mode = chosenMode(in: rect, look: look)
    let heads = min(headRoom(mode, width: rect.width), max(2, rect.width / 3), rect.width)
    let body = rect.inset(
      left: heads, top: rect.height >= 2 ? 1 : 0, bottom: rect.height >= 4 ? 1 : 0)
    let perLine = mode == .halfBlocks ? 2 : 1
    let rows = body.height * perLine
    let columns = body.width / mode.cellWidth
    // The cursor stays in the middle, so that what lies around it is in sight too.
    let firstRow =
      perLine
      * Table.firstVisible(
        selected: cursor.map { $0.y / perLine }, count: (rowHeads.count + perLine - 1) / perLine,
        height: body.height, first: (cursor?.y ?? 0) / perLine - body.height / 2)
    let firstColumn = Table.firstVisible(
      selected: cursor?.x, count: columnHeads.count, height: columns,
      first: (cursor?.x ?? 0) - columns / 2)
    let view = View(
      body: body, mode: mode, rows: firstRow..<min(rowHeads.count, firstRow + rows),
      columns: firstColumn..<min(columnHeads.count, firstColumn + max(0, columns)))
    return (view, heads)
  }

  private struct View {
    let body: Rect
    let mode: HeatmapMode
    let rows: Range<Int>
    let columns: Range<Int>

    var rowsPerLine: Int { mode == .halfBlocks ? 2 : 1 }

    func x(_ column: Int) -> Int { body.x + (column - columns.lowerBound) * mode.cellWidth }
    func y(_ row: Int) -> Int {
      body.y + (row - rows.lowerBound) / rowsPerLine
    }
  }

  private func headStyle(_ isPointedAt: Bool, _ look: Look) -> Style {
    isPointedAt ? look[.cursor].with([.bold, .underline]) : look[.label]
  }

  private func drawColumnHeads(_ view: View, into screen: inout Screen, look: Look) {
    let width = view.mode.cellWidth
    for column in view.columns {
      let place = Rect(x: view.x(column), y: view.body.y - 1, width: width, height: 1)
      // A column of air at the right, or at the left of numbers, where there is more than one.
      let marked = columnHeads[column] + columnMark(column)
      let isLong = DisplayText.width(marked) > 1
      let room =
        width == 4 ? place.inset(left: 1) : width == 2 && !isLong ? place.inset(right: 1) : place
      // Neighbours such as 52 and 53 differ at their ends.
      let head = width == 1 ? String(columnHeads[column].suffix(1)) : marked
      screen.put(
        DisplayText.prefix(head, width: room.width), in: room,
        style: headStyle(cursor?.x == column, look), alignment: width == 4 ? .right : .left)
    }
  }

  private func drawRowHeads(
    _ view: View, width: Int, left: Int, into screen: inout Screen, look: Look
  ) {
    for row in view.rows {
      // Of two rows in one line the one that is pointed at is named, else the upper one.
      if view.mode == .halfBlocks, row % 2 == 1, cursor?.y != row { continue }
      let place = Rect(
        x: left, y: view.y(row), width: max(0, width), height: 1)
      let style = headStyle(cursor?.y == row, look)
      screen.fill(place, style: look[.text])
      let used = screen.put(
        rowHeads[row], in: place, style: style, ellipsis: look.glyphs.ellipsis)
      screen.put(rowMark(row), in: place.inset(left: used), style: style)
    }
  }

  private func draw(
    row: Int, column: Int, _ view: View, into screen: inout Screen, look: Look
  ) {
    guard let cell = cell(row: row, column: column) else { return }
    let isPointedAt = cursor?.x == column && cursor?.y == row
    let x = view.x(column)
    let y = view.y(row)
    let style = style(cell, look)
    let place = Rect(x: x, y: y, width: view.mode.cellWidth, height: 1)
    switch view.mode {
    case .numbers:
      screen.fill(place, style: style)
      // A number of four columns, as one below zero, takes the air at its left.
      let text = DisplayText.prefix(number(cell), width: 4)
      let hasAir = DisplayText.width(text) < 4
      let pointed = style.with(hasAir ? .bold : [.bold, .reverse])
      screen.put(text, in: place, style: isPointedAt ? pointed : style, alignment: .right)
      if isPointedAt, hasAir { screen.put(">", x: x, y: y, style: pointed) }
    case .swatches:
      screen.fill(place, style: style)
      let text = isPointedAt ? "<>" : heat(cell) == nil ? "--" : ""
      screen.put(text, in: place, style: style.with(isPointedAt ? .bold : []))
    case .digits:
      var digit = "-"
      if let value = heat(cell) { digit = String(min(9, Int(value * 10 + 1e-9))) }
      let shown = style.with(isPointedAt ? [.bold, .reverse] : [])
      screen.put(digit + " ", in: place, style: shown)
      if isPointedAt { screen.put("<", x: x + 1, y: y, style: shown) }
    case .halfBlocks:
      drawHalf(style, isLower: row % 2 == 1, x: x, y: y, isPointedAt, into: &screen)
    }
  }

  /// The upper half of a character is its text's colour, the lower half its background.
  private func drawHalf(
    _ style: Style, isLower: Bool, x: Int, y: Int, _ isPointedAt: Bool, into screen: inout Screen
  ) {
    if isLower {
      let character = screen[x, y].character
      screen.restyle(Rect(x: x, y: y, width: 1, height: 1)) {
        if !isPointedAt { $0.background = style.background }
      }
      if isPointedAt { screen.put("v", x: x, y: y, style: style.with(.bold)) }
      if character == "^" { screen.put("^", x: x, y: y, style: screen[x, y].style) }
    } else if isPointedAt {
      screen.put("^", x: x, y: y, style: style.with(.bold))
    } else {
      screen.put(
        "▀", x: x, y: y,
        style: Style(role: style.role, foreground: style.background, background: .terminal))
    }
  }

  private func heat(_ cell: HeatCell) -> Double? {
    guard let value = cell.value, value.isFinite else { return nil }
    return min(max(value, 0), 1)
  }

  private func style(_ cell: HeatCell, _ look: Look) -> Style {
    if let role = cell.role { return look[role] }
    guard let value = heat(cell) else { return look[.dim] }
    return look[look.isMono ? .text : StyleRole.heat(value)]
  }

  private func number(_ cell: HeatCell) -> String {
    if let text = cell.text { return text }
    guard let value = heat(cell) else { return "--" }
    let hundredths = Int((value * 100).rounded())
    return hundredths >= 100 ? "1.0" : "." + (hundredths < 10 ? "0" : "") + String(hundredths)
  }

  /// The scale from 0 to 1, and what it means.
  private func drawLegend(_ view: View, into screen: inout Screen, in row: Rect, look: Look) {
    var line: [Span] = []
    if !look.isMono {
      let every = row.width >= 24 ? 1 : 2
      line = StyleRole.heatRoles.enumerated().filter { $0.offset % every == 0 }
        .map { Span(" ", $0.element) }
    } else if view.mode != .numbers {
      line = [Span("0123456789", .text)]
    }
    if !line.isEmpty { line = [Span("0 ", .axis)] + line + [Span(" 1", .axis)] }
    if !legend.isEmpty { line.append(Span((line.isEmpty ? "" : "  ") + legend, .dim)) }
    let part = part(view)
    let used = screen.put(line, in: row, look: look)
    let room = row.inset(left: used + 1)
    screen.put(
      DisplayText.width(part) <= room.width ? part : "", in: room, style: look[.label],
      alignment: .right)
  }

  /// Which rows and columns are in sight, where that is not all of them.
  private func part(_ view: View) -> String {
    func text(_ range: Range<Int>, of count: Int, _ what: String) -> String? {
      guard range.count < count, !range.isEmpty else { return nil }
      return "\(what) \(range.lowerBound + 1)-\(range.upperBound)/\(count)"
    }
    return [
      text(view.rows, of: rowHeads.count, "rows"),
      text(view.columns, of: columnHeads.count, "columns"),
    ].compactMap(\.self).joined(separator: " ")
  }
}
