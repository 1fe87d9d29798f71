/// A picture in character cells: two pixels one above the other in each, as a half block's two colours.
///
/// It is drawn as large as its place allows without changing its shape, each cell taking the nearest
/// pixel. Without colours or half blocks a cell is a character that is the brighter the denser it is.
public struct PixelImage: Widget {
  private let width: Int
  private let height: Int
  private let colors: [Color]

  /// Characters from dark to bright.
  private static let shades: [Character] = Array(" .:-=+*#%@")

  /// A picture.
  /// - Parameter colors: of each pixel, row by row, `width · height` of them.
  public init(width: Int, height: Int, colors: [Color]) {
    precondition(width > 0 && height > 0 && colors.count == width * height)
    (self.width, self.height, self.colors) = (width, height, colors)
  }

  /// The cells it takes of a place.
  public func size(in place: Size) -> Size {
    guard place.width > 0, place.height > 0 else { return Size(width: 0, height: 0) }
    // A cell is about as high as two are wide.
    let columns = min(place.width, max(1, 2 * place.height * width / height))
    let rows = min(place.height, max(1, (columns * height + width) / (2 * width)))
    return Size(width: columns, height: rows)
  }

  /// Draws it from the upper left.
  public func render(into screen: inout Screen, in rect: Rect, look: Look) {
    let size = size(in: rect.size)
    for row in 0..<size.height {
      for column in 0..<size.width {
        let x = (2 * column + 1) * width / (2 * size.width)
        func color(_ half: Int) -> Color {
          let y = (2 * (2 * row + half) + 1) * height / (4 * size.height)
          return colors[y * width + x]
        }
        put(
          color(0), color(1), into: &screen, at: Point(x: rect.x + column, y: rect.y + row),
          look: look)
      }
    }
  }

  private func put(
    _ upper: Color, _ lower: Color, into screen: inout Screen, at point: Point, look: Look
  ) {
    guard look.isMono || look.glyphs == .ascii else {
      screen.put(
        "▀", x: point.x, y: point.y,
        style: Style(
          foreground: upper.reduced(to: look.theme.depth),
          background: lower.reduced(to: look.theme.depth)))
      return
    }
    let light = (Self.brightness(upper) + Self.brightness(lower)) / 2
    let shade = Self.shades[min(Self.shades.count - 1, light * Self.shades.count / 256)]
    screen.put(shade, x: point.x, y: point.y, style: look[.text])
  }

  /// 0…255, by the eye's weights.
  private static func brightness(_ color: Color) -> Int {
    guard let (red, green, blue) = color.components else { return 0 }
    return (299 * red + 587 * green + 114 * blue) / 1000
  }
}
