internal import Foundation

/// A drawing that grows shape by shape, as SVG text.
struct SVGSketch {
  private var shapes: [String] = []

  /// Where a text is held.
  enum Anchor: String {
    case start, middle, end
  }

  mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, color: String = "#444",
    width: Double = 1, dashes: String? = nil
  ) {
    shapes.append(
      "<line x1=\"\(Self.number(x1))\" y1=\"\(Self.number(y1))\" x2=\"\(Self.number(x2))\" "
        + "y2=\"\(Self.number(y2))\" stroke=\"\(color)\" stroke-width=\"\(Self.number(width))\""
        + (dashes.map { " stroke-dasharray=\"\($0)\"" } ?? "") + "/>")
  }

  /// A line through points; a point where there is one only.
  /// - Parameter dot: the radius of the points' own marks, 0 for none.
  mutating func curve(
    _ points: [(x: Double, y: Double)], color: String, width: Double = 1.8, dashes: String? = nil,
    dot: Double = 2.6
  ) {
    let dot = points.count == 1 ? max(dot, 2) : dot
    if points.count > 1 {
      let places = points.map { "\(Self.number($0.x)),\(Self.number($0.y))" }
      shapes.append(
        "<polyline points=\"\(places.joined(separator: " "))\" fill=\"none\" stroke=\"\(color)\" "
          + "stroke-width=\"\(Self.number(width))\""
          + (dashes.map { " stroke-dasharray=\"\($0)\"" } ?? "") + "/>")
    }
    for point in points where dot > 0 {
      shapes.append(
        "<circle cx=\"\(Self.number(point.x))\" cy=\"\(Self.number(point.y))\" "
          + "r=\"\(Self.number(dot))\" fill=\"\(color)\"/>")
    }
  }

  mutating func box(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, color: String, title: String? = nil
  ) {
    let head =
      "<rect x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(width))\" "
      + "height=\"\(Self.number(height))\" fill=\"\(color)\""
    shapes.append(title.map { head + "><title>\(Self.escaped($0))</title></rect>" } ?? head + "/>")
  }

  mutating func text(
    _ text: String, _ x: Double, _ y: Double, size: Double = 12, anchor: Anchor = .start,
    color: String = "#222"
  ) {
    shapes.append(
      "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" font-size=\"\(Self.number(size))\" "
        + "text-anchor=\"\(anchor.rawValue)\" fill=\"\(color)\">\(Self.escaped(text))</text>")
  }

  /// The file.
  func file(width: Double, height: Double) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" width="\(Self.number(width))" \
    height="\(Self.number(height))" viewBox="0 0 \(Self.number(width)) \(Self.number(height))" \
    font-family="sans-serif">
    <rect width="100%" height="100%" fill="#fff"/>
    \(shapes.joined(separator: "\n"))
    </svg>

    """
  }

  private static func number(_ value: Double) -> String {
    let rounded = (value * 100).rounded() / 100
    return rounded == rounded.rounded() && abs(rounded) < 1e9 ? "\(Int(rounded))" : "\(rounded)"
  }

  static func escaped(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{fffd}" : $0 })
    )
    .replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    .replacing("\"", with: "&quot;")
  }
}

/// A colour for a figure, from dark violet over green to yellow (viridis).
enum HeatColor {
  private static let anchors: [(Double, Double, Double)] = [
    (68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37),
  ]

  /// The colour of a place in 0…1, and whether dark text can be read on it.
  static func of(_ place: Double) -> (color: String, isLight: Bool) {
    let at = min(max(place, 0), 1) * Double(anchors.count - 1)
    let index = min(Int(at), anchors.count - 2)
    let share = at - Double(index)
    let (a, b) = (anchors[index], anchors[index + 1])
    func mixed(_ x: Double, _ y: Double) -> Int { Int((x + (y - x) * share).rounded()) }
    let (red, green, blue) = (mixed(a.0, b.0), mixed(a.1, b.1), mixed(a.2, b.2))
    let color = String(format: "#%02x%02x%02x", red, green, blue)
    return (color, 0.3 * Double(red) + 0.59 * Double(green) + 0.11 * Double(blue) > 120)
  }
}
