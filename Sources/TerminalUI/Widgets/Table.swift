/// A column of a table.
public struct TableColumn: Hashable, Sendable {
  /// Its head.
  public var title: String
  /// Its width.
  public var width: Extent
  /// Where its texts stand.
  public var alignment: TextAlignment

  /// A column.
  public init(_ title: String, width: Extent = .rest, alignment: TextAlignment = .left) {
    self.title = title
    self.width = width
    self.alignment = alignment
  }
}

/// Rows of cells under column heads, with a selected row that is always in sight.
public struct Table: Widget, Sendable {
  /// The columns.
  public var columns: [TableColumn]
  /// The rows: a span per column; missing ones are empty.
  public var rows: [[Span]]
  /// The selected row, from 0.
  public var selected: Int?
  /// The row that was at the top the last time; changed only as far as the selection requires.
  public var firstRow: Int
  /// Whether the heads are shown.
  public var showsHead: Bool

  /// A table.
  public init(
    columns: [TableColumn], rows: [[Span]], selected: Int? = nil, firstRow: Int = 0,
    showsHead: Bool = true
  ) {
    self.columns = columns
    self.rows = rows
    self.selected = selected
    self.firstRow = firstRow
    self.showsHead = showsHead
  }

  /// The row to show at the top so that the selected one is in sight and no room is wasted.
  public static func firstVisible(selected: Int?, count: Int, height: Int, first: Int) -> Int {
    let last = max(0, count - max(0, height))
    var start = min(max(0, first), last)
    if let selected, selected >= 0, selected < count, height > 0 {
      start = min(start, selected)
      start = max(start, selected - height + 1)
    }
    return start
  }

  /// Draws the heads and as many rows as there is room for.
  ///
  /// A `^` and a `v` at the right edge say that there is more above and below.
  public func render(into screen: inout Screen, in rect: Rect, look: Look) {
    guard !rect.isEmpty else { return }
    var body = rect
    let hasHead = showsHead && rect.height > 1
    // The marks have a column of their own where there is room, so that they hide nothing.
    let isScrolled = rows.count > rect.height - (hasHead ? 1 : 0)
    let margin = isScrolled && rect.width >= 8 ? 1 : 0
    if hasHead {
      for (column, place) in zip(columns, places(in: rect.row(0).inset(right: margin))) {
        screen.put(
          column.title, in: place, style: look[.label].with(.underline),
          alignment: column.alignment, ellipsis: look.glyphs.ellipsis)
      }
      body = rect.inset(top: 1)
    }
    let first = Table.firstVisible(
      selected: selected, count: rows.count, height: body.height, first: firstRow)
    for (offset, index) in (first..<rows.count).prefix(body.height).enumerated() {
      let line = body.row(offset)
      let base = index == selected ? look[.selection] : nil
      if let base { screen.fill(line, style: base) }
      for ((column, place), cell) in zip(
        zip(columns, places(in: line.inset(right: margin))), rows[index])
      {
        screen.put([cell], in: place, look: look, base: base, alignment: column.alignment)
      }
    }
    guard body.width > 1, !body.isEmpty else { return }
    if first > 0 { screen.put(upMark(look), x: body.maxX - 1, y: body.y, style: look[.accent]) }
    if first + body.height < rows.count {
      screen.put(downMark(look), x: body.maxX - 1, y: body.maxY - 1, style: look[.accent])
    }
  }

  /// Where a cell is drawn by ``render(into:in:look:)``, for what is more than text; `nil` if it is out
  /// of sight.
  public func place(row: Int, column: Int, in rect: Rect) -> Rect? {
    guard rows.indices.contains(row), columns.indices.contains(column), !rect.isEmpty else {
      return nil
    }
    let head = showsHead && rect.height > 1 ? 1 : 0
    let height = rect.height - head
    let first = Table.firstVisible(
      selected: selected, count: rows.count, height: height, first: firstRow)
    guard row >= first, row < first + height else { return nil }
    let margin = rows.count > height && rect.width >= 8 ? 1 : 0
    let line = rect.row(head + row - first).inset(right: margin)
    let place = places(in: line)[column]
    return place.isEmpty ? nil : place
  }

  /// The row that is drawn at a place by ``render(into:in:look:)``; `nil` where there is none.
  public func row(at point: Point, in rect: Rect) -> Int? {
    guard rect.contains(point) else { return nil }
    let head = showsHead && rect.height > 1 ? 1 : 0
    let first = Table.firstVisible(
      selected: selected, count: rows.count, height: rect.height - head, first: firstRow)
    let row = first + point.y - rect.y - head
    return row >= first && rows.indices.contains(row) ? row : nil
  }

  private func places(in line: Rect) -> [Rect] { line.columns(columns.map(\.width), gap: 1) }
  private func upMark(_ look: Look) -> Character { look.glyphs.choose("↑", ascii: "^") }
  private func downMark(_ look: Look) -> Character { look.glyphs.choose("↓", ascii: "v") }
}
