/// The names of several panes in one row, the selected one in brackets: `[1 Loss] 2 Sparsity`.
public struct Tabs: Widget, Sendable {
  /// The names.
  public var titles: [String]
  /// The selected one, from 0.
  public var selected: Int
  /// Whether the key 1, 2, … stands before each name.
  public var isNumbered: Bool

  /// Tabs with these names.
  public init(titles: [String], selected: Int, isNumbered: Bool = true) {
    self.titles = titles
    self.selected = selected
    self.isNumbered = isNumbered
  }

  /// Draws them into the first row of `rect`.
  ///
  /// Where the names have no room the others shrink to their numbers, and in the end only the
  /// selected one is left.
  public func render(into screen: inout Screen, in rect: Rect, look: Look) {
    guard !rect.isEmpty else { return }
    let line =
      line(width: rect.width)
      ?? (titles.indices.contains(selected) ? [Span(name(selected), .tabSelected)] : [])
    screen.put(line, in: rect.row(0), look: look)
  }

  /// The tab at a column of a row of such a width, from 0; nil where there is none.
  public func index(at column: Int, width: Int) -> Int? {
    var end = 0
    return (line(width: width) ?? []).firstIndex { span in
      let start = end
      end += DisplayText.width(span.text)
      return (start..<end).contains(column)
    }
  }

  /// A span per tab; nil where they have no room.
  private func line(width: Int) -> [Span]? {
    [spans(short: false), spans(short: true)].first { $0.width <= width }
  }

  private func name(_ index: Int) -> String {
    isNumbered ? "\(index + 1) \(titles[index])" : titles[index]
  }

  private func spans(short: Bool) -> [Span] {
    titles.indices.flatMap { index -> [Span] in
      if index == selected { return [Span("[\(name(index))]", .tabSelected)] }
      let text =
        short ? (isNumbered ? "\(index + 1)" : String(titles[index].prefix(1))) : name(index)
      return [Span(" \(text) ", .tab)]
    }
  }
}
