/// A grid of dots finer than the cells: 2 × 4 per cell in braille, 1 × 2 in blocks, 1 × 3 in ASCII.
struct DotCanvas {
  let glyphs: GlyphSet
  let width: Int
  let height: Int
  private var bits: [UInt8]
  private var styles: [Style]
  private var layers: [Int]

  /// Dots for `width` × `height` cells.
  init(width: Int, height: Int, glyphs: GlyphSet) {
    self.glyphs = glyphs
    self.width = max(0, width)
    self.height = max(0, height)
    let count = self.width * self.height
    bits = [UInt8](repeating: 0, count: count)
    styles = [Style](repeating: .plain, count: count)
    layers = [Int](repeating: .min, count: count)
  }

  /// Dots in a cell, across and down.
  static func dots(_ glyphs: GlyphSet) -> (across: Int, down: Int) {
    switch glyphs {
    case .braille: (2, 4)
    case .blocks: (1, 2)
    case .ascii: (1, 3)
    }
  }

  var dotWidth: Int { width * Self.dots(glyphs).across }
  var dotHeight: Int { height * Self.dots(glyphs).down }

  /// Sets a dot, counted from the top left; a higher layer clears what lower ones left in the cell,
  /// in the same layer the later style wins.
  mutating func set(x: Int, y: Int, style: Style, layer: Int) {
    guard x >= 0, y >= 0, x < dotWidth, y < dotHeight else { return }
    let (across, down) = Self.dots(glyphs)
    let index = (y / down) * width + x / across
    guard layer >= layers[index] else { return }
    if layer > layers[index] { bits[index] = 0 }
    layers[index] = layer
    styles[index] = style
    bits[index] |= bit(column: x % across, row: y % down)
  }

  /// A straight line between two dots, by steps along its longer side.
  mutating func line(
    from start: (x: Int, y: Int), to end: (x: Int, y: Int), style: Style, layer: Int
  ) {
    let (dx, dy) = (abs(end.x - start.x), -abs(end.y - start.y))
    let (stepX, stepY) = (start.x < end.x ? 1 : -1, start.y < end.y ? 1 : -1)
    var (x, y) = start
    var error = dx + dy
    while true {
      set(x: x, y: y, style: style, layer: layer)
      if x == end.x && y == end.y { return }
      let twice = 2 * error
      if twice >= dy {
        error += dy
        x += stepX
      }
      if twice <= dx {
        error += dx
        y += stepY
      }
    }
  }

  /// What a cell shows; nil where no dot is set.
  func cell(x: Int, y: Int) -> (character: Character, style: Style)? {
    guard x >= 0, y >= 0, x < width, y < height else { return nil }
    let index = y * width + x
    guard bits[index] != 0 else { return nil }
    return (character(bits[index]), styles[index])
  }

  private func bit(column: Int, row: Int) -> UInt8 {
    switch glyphs {
    case .braille:
      // The order of the dots in Unicode: 1 2 3 7 down the left, 4 5 6 8 down the right.
      let left: [UInt8] = [0x01, 0x02, 0x04, 0x40]
      let right: [UInt8] = [0x08, 0x10, 0x20, 0x80]
      return column == 0 ? left[row] : right[row]
    case .blocks, .ascii: return 1 << UInt8(row)
    }
  }

  private func character(_ bits: UInt8) -> Character {
    switch glyphs {
    case .braille: return Unicode.Scalar(0x2800 + UInt32(bits)).map(Character.init) ?? " "
    case .blocks: return bits == 1 ? "▀" : bits == 2 ? "▄" : "█"
    case .ascii:
      switch bits {
      case 1: return "'"
      case 2: return "-"
      case 4: return "."
      case 5: return ":"
      default: return "|"
      }
    }
  }
}
