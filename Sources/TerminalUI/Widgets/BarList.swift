/// A bar: a share of 0…1, perhaps with a target.
public struct Bar: Hashable, Sendable {
  /// What stands before it.
  public var label: String
  /// Its length, 0…1; nil or not finite while it isn't known.
  public var value: Double?
  /// Where its target is marked, 0…1.
  public var target: Double?
  /// What stands behind it.
  public var text: String
  /// Its colour.
  public var role: StyleRole
  /// What stands right after the text to catch the eye, such as `!`.
  public var mark: String

  /// A bar.
  public init(
    label: String, value: Double?, target: Double? = nil, text: String = "",
    role: StyleRole = .series1, mark: String = ""
  ) {
    self.label = label
    self.value = value
    self.target = target
    self.text = text
    self.role = role
    self.mark = mark
  }
}

/// Bars below one another, their labels and texts in columns.
public struct BarList: Widget, Sendable {
  /// The bars.
  public var bars: [Bar]

  /// A list of bars.
  public init(bars: [Bar]) { self.bars = bars }

  /// Draws a row per bar; in a narrow place the bar goes first, then the label is cut.
  public func render(into screen: inout Screen, in rect: Rect, look: Look) {
    guard !rect.isEmpty else { return }
    let labels = bars.map { DisplayText.width($0.label) }.max() ?? 0
    let texts = bars.map { DisplayText.width($0.text) }.max() ?? 0
    let marks = bars.map { DisplayText.width($0.mark) }.max() ?? 0
    let textWidth = min(texts, rect.width)
    let markWidth = marks > 0 && rect.width > textWidth + marks + 2 ? marks + 1 : 0
    let labelWidth = max(0, min(labels, rect.width - textWidth - markWidth - 1, rect.width / 2))
    for (row, bar) in bars.prefix(rect.height).enumerated() {
      let parts = rect.row(row).columns(
        [.fixed(labelWidth), .fixed(1), .rest, .fixed(textWidth + 1), .fixed(markWidth)])
      screen.put(
        bar.label, in: parts[0], style: look[bar.role], ellipsis: look.glyphs.ellipsis)
      draw(bar, into: &screen, in: parts[2], look: look)
      screen.put(
        bar.text, in: parts[3].inset(left: parts[3].width > textWidth ? 1 : 0),
        style: look[.text], alignment: .right, ellipsis: look.glyphs.ellipsis)
      screen.put(bar.mark, in: parts[4].inset(left: 1), style: look[.critical])
    }
  }

  private func draw(_ bar: Bar, into screen: inout Screen, in place: Rect, look: Look) {
    guard place.width > 0 else { return }
    let track = look.glyphs.choose("░" as Character, ascii: ".")
    screen.fill(place, with: track, style: look[.track])
    if let value = bar.value, value.isFinite {
      let share = min(max(value, 0), 1)
      let steps = look.glyphs == .ascii ? 1 : 8
      let filled = Int((share * Double(place.width * steps)).rounded())
      let whole = filled / steps
      let style = look[bar.role]
      screen.fill(
        Rect(x: place.x, y: place.y, width: whole, height: 1),
        with: look.glyphs.choose("█", ascii: "#"), style: style)
      if filled % steps > 0 {
        let parts: [Character] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        screen.put(parts[filled % steps - 1], x: place.x + whole, y: place.y, style: style)
      }
    }
    if let target = bar.target, target.isFinite {
      let column = Int((min(max(target, 0), 1) * Double(place.width - 1)).rounded())
      screen.put(
        look.glyphs.choose("┃", ascii: "|"), x: place.x + column, y: place.y, style: look[.target])
    }
  }
}
