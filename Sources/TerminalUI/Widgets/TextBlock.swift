/// Lines of text, wrapped or cut to the width, from any line on.
public struct TextBlock: Widget, Sendable {
  /// The lines.
  public var lines: [[Span]]
  /// Whether a long line goes on in the next row; else it's cut.
  public var wraps: Bool
  /// The first row that is shown, counted after wrapping.
  public var firstLine: Int

  /// Lines of text.
  public init(lines: [[Span]], wraps: Bool = true, firstLine: Int = 0) {
    self.lines = lines
    self.wraps = wraps
    self.firstLine = firstLine
  }

  /// A text of one role, a line per line.
  public init(_ text: String, role: StyleRole = .text, wraps: Bool = true) {
    self.init(
      lines: text.split(separator: "\n", omittingEmptySubsequences: false).map {
        [Span(String($0), role)]
      }, wraps: wraps)
  }

  /// The rows that it takes in so many columns.
  public func height(width: Int) -> Int { rows(width: width).count }

  /// Draws as many rows as there is room for.
  public func render(into screen: inout Screen, in rect: Rect, look: Look) {
    guard !rect.isEmpty else { return }
    let all = rows(width: rect.width)
    for (index, row) in all.dropFirst(max(0, firstLine)).prefix(rect.height).enumerated() {
      screen.put(row, in: rect.row(index), look: look)
    }
  }

  private func rows(width: Int) -> [[Span]] {
    wraps ? lines.flatMap { LineWrapping.wrap($0, width: width) } : lines
  }
}
