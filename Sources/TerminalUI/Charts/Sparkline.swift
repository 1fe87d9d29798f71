/// A row of small columns, one per value, the newest at the right.
public struct Sparkline: Widget, Sendable {
  /// The values, oldest first; what isn't finite is left empty.
  public var values: [Double]
  /// The values at the bottom and at the top; by default the least and the greatest.
  public var range: ClosedRange<Double>?
  /// Its colour.
  public var role: StyleRole

  /// A sparkline.
  public init(values: [Double], range: ClosedRange<Double>? = nil, role: StyleRole = .accent) {
    self.values = values
    self.range = range
    self.role = role
  }

  /// Draws the newest values that have room into the first row of `rect`.
  public func render(into screen: inout Screen, in rect: Rect, look: Look) {
    guard !rect.isEmpty else { return }
    let steps = Array(look.glyphs.choose("▁▂▃▄▅▆▇█", ascii: "_.-=*#"))
    let shown = values.suffix(rect.width)
    let finite = shown.filter(\.isFinite)
    guard let least = finite.min(), let greatest = finite.max() else { return }
    let bounds = range ?? least...greatest
    let span = bounds.upperBound - bounds.lowerBound
    for (offset, value) in shown.enumerated() where value.isFinite {
      let share = span > 0 ? (value - bounds.lowerBound) / span : 0.5
      let step = Int(min(max(share, 0), 1) * Double(steps.count - 1) + 0.5)
      screen.put(steps[step], x: rect.x + offset, y: rect.y, style: look[role])
    }
  }
}
