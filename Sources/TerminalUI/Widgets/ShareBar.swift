/// A bar of several parts side by side that together are the whole of it.
public struct ShareBar: Widget, Sendable {
  /// One part.
  public struct Part: Hashable, Sendable {
    /// Its share, in the same unit as the others'; negative ones count as nothing.
    public var amount: Double
    /// Its colour.
    public var role: StyleRole
    /// What it is made of, so that it differs without colour.
    public var glyph: Character
    /// What it is made of where only ASCII can be shown.
    public var asciiGlyph: Character

    /// A part.
    public init(_ amount: Double, role: StyleRole, glyph: Character, ascii: Character) {
      self.amount = amount
      self.role = role
      self.glyph = glyph
      asciiGlyph = ascii
    }
  }

  /// The parts, from left to right.
  public var parts: [Part]

  /// A bar of these parts.
  public init(_ parts: [Part]) { self.parts = parts }

  /// Fills the first row of `rect`: each part gets its share, rounded so that nothing is left over and
  /// a part that is not empty keeps a cell while there is room.
  public func render(into screen: inout Screen, in rect: Rect, look: Look) {
    let amounts = parts.map { $0.amount.isFinite ? max(0, $0.amount) : 0 }
    let total = amounts.reduce(0, +)
    guard !rect.isEmpty, total > 0 else { return }
    var widths = amounts.map { Int($0 / total * Double(rect.width)) }
    let shown = amounts.count { $0 > 0 }
    if shown <= rect.width {
      for index in widths.indices where amounts[index] > 0 { widths[index] = max(1, widths[index]) }
    }
    // What rounding left over, or took too much, is settled by the largest part.
    if let largest = amounts.indices.max(by: { amounts[$0] < amounts[$1] }) {
      widths[largest] = max(0, widths[largest] + rect.width - widths.reduce(0, +))
    }
    var x = rect.x
    for (part, width) in zip(parts, widths) {
      let place = Rect(x: x, y: rect.y, width: width, height: 1).intersection(rect)
      screen.fill(
        place, with: look.glyphs.choose(part.glyph, ascii: part.asciiGlyph), style: look[part.role])
      x += width
    }
  }
}
