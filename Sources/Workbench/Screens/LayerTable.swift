internal import TerminalUI

/// A line per layer under column heads, with a last line for all of them that stays in sight; the
/// columns that matter least go first where there is no room.
struct LayerTable: Widget {
  /// A column beside the names.
  struct Column {
    /// Its head.
    var title: String
    /// Its least width.
    var width: Int
    /// The higher, the earlier it goes where there is no room.
    var rank: Int
    /// The most that it grows to where there is room.
    var longest: Int?
    /// The text of a line.
    var text: (Int) -> Span = { _ in "" }
    /// What is drawn in place of a text.
    var widget: ((Int) -> any Widget)?
  }

  /// What the lines are of.
  var head = "layer"
  /// The names of the layers.
  let names: [String]
  /// The layers that stand out, with a mark: those with an empty mask.
  var emptied: Set<Int> = []
  /// What the last line is called; `nil` if there is none. Its columns are asked for the line after the
  /// last layer.
  var total: String?
  /// The columns.
  let columns: [Column]
  /// The layer that is pointed at.
  var cursor: Int?

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    guard rect.height > 0 else { return }
    let hasTotal = hasTotal(in: rect)
    // The marks of a scrolled table have a column of their own.
    let isScrolled = names.count + (hasTotal ? 2 : 1) > rect.height && rect.width >= 8
    let width = rect.width - (isScrolled ? 1 : 0)
    let shown = fitted(to: width)
    // Wider names would only stand further from their figures.
    let nameWidth = min(wantedNameWidth, width - shown.reduce(0) { $0 + $1.width + 1 })
    let heads = LayerNames.fitted(names, to: nameWidth - air).enumerated().map { line, name in
      let isEmpty = emptied.contains(line)
      return Span(" " + name + (isEmpty ? " !" : ""), isEmpty ? .critical : .text)
    }
    let body = body(in: rect)
    let lines = body.height
    let table = Table(
      columns: columnHeads(shown, nameWidth),
      rows: names.indices.map { line in [heads[line]] + shown.map { $0.text(line) } },
      selected: cursor, firstRow: firstRow(in: body))
    table.render(into: &screen, in: body, look: look)
    draw(shown, names.indices, of: table, into: &screen, in: body, look: look)
    guard hasTotal, let total else { return }
    let line = rect.row(lines).inset(right: isScrolled ? 1 : 0)
    let last = names.count
    let sum = Table(
      columns: columnHeads(shown, nameWidth),
      rows: [[Span(total, .strong)] + shown.map { $0.text(last) }],
      showsHead: false)
    sum.render(into: &screen, in: line, look: look)
    draw(shown, last..<(last + 1), of: sum, into: &screen, in: line, look: look)
  }

  /// The layer whose line is at a place; `nil` where there is none.
  func layer(at point: Point, in rect: Rect) -> Int? {
    guard rect.height > 0 else { return nil }
    let body = body(in: rect)
    return Table(
      columns: [], rows: names.map { _ in [] }, selected: cursor, firstRow: firstRow(in: body)
    ).row(at: point, in: body)
  }

  private func hasTotal(in rect: Rect) -> Bool { total != nil && rect.height >= 3 }

  /// The lines of the layers with the heads above them.
  private func body(in rect: Rect) -> Rect {
    let lines = hasTotal(in: rect) ? min(rect.height - 1, names.count + 1) : rect.height
    return rect.inset(bottom: rect.height - lines)
  }

  private func firstRow(in body: Rect) -> Int { (cursor ?? 0) - max(0, body.height - 1) / 2 }

  private func draw(
    _ shown: [Column], _ lines: Range<Int>, of table: Table, into screen: inout Screen,
    in rect: Rect, look: Look
  ) {
    for (index, column) in shown.enumerated() {
      guard let widget = column.widget else { continue }
      for (row, line) in lines.enumerated() {
        guard let place = table.place(row: row, column: index + 1, in: rect) else { continue }
        // A column of air at the left: what is drawn begins where it likes.
        widget(line).render(into: &screen, in: place.inset(left: 1), look: look)
      }
    }
  }

  private func columnHeads(_ shown: [Column], _ nameWidth: Int) -> [TableColumn] {
    [TableColumn(" " + head, width: .fixed(nameWidth))]
      + shown.map {
        TableColumn(
          $0.widget == nil ? $0.title : " " + $0.title, width: .fixed($0.width),
          alignment: $0.widget == nil ? .right : .left)
      }
  }

  /// The columns of a space before the names, and of the mark behind them where one has it.
  private var air: Int { emptied.isEmpty ? 1 : 3 }

  /// The columns that the names take, within reason.
  private var wantedNameWidth: Int {
    let longest = names.map { DisplayText.width($0) + air }.max() ?? 0
    return min(max(longest, DisplayText.width(total ?? ""), 6), 40)
  }

  /// The columns that have room beside the names, those that can grow grown.
  private func fitted(to width: Int) -> [Column] {
    let wanted = wantedNameWidth
    // Names give way before figures do, but never wholly.
    let least = min(wanted, max(12, width / 5))
    var shown = columns
    func used() -> Int { shown.reduce(0) { $0 + $1.width + 1 } }
    while shown.count > 1, used() + least > width {
      guard let goes = shown.indices.max(by: { shown[$0].rank < shown[$1].rank }) else { break }
      shown.remove(at: goes)
    }
    var left = width - used() - wanted
    for index in shown.indices {
      guard let longest = shown[index].longest, left > 0 else { continue }
      let more = min(left, max(0, longest - shown[index].width))
      shown[index].width += more
      left -= more
    }
    return shown
  }
}
