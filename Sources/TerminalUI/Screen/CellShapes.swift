/// The lines, blocks and dots among some cells, as the data of SVG paths.
///
/// They are drawn and not written: fonts have them in widths of their own, or not at all, and what should
/// join would not.
struct CellShapes {
  /// Pixels of a cell.
  static let (width, height) = (8, 16)

  /// Lines to be stroked, in cells of `width` × `height`.
  private var lines = ""
  /// Areas to be filled.
  private var areas = ""
  /// Areas to be filled in part, by how much of them.
  private var shades: [Double: String] = [:]
  /// Points to be stroked with round ends.
  private var dots = ""

  /// Takes a cell in at a place in pixels; false if its character is one to be written.
  mutating func add(_ character: Character, x: Int, y: Int) -> Bool {
    guard let scalar = character.unicodeScalars.first, character.unicodeScalars.count == 1 else {
      return false
    }
    switch scalar.value {
    case 0x2800...0x28FF: addBraille(scalar.value - 0x2800, x: x, y: y)
    case 0x2580...0x2590: addBlock(scalar.value, x: x, y: y)
    case 0x2591...0x2593:
      shades[Double(scalar.value - 0x2590) / 4, default: ""] += Self.area(
        x, y, Self.width, Self.height)
    default: return addLine(character, x: x, y: y)
    }
    return true
  }

  /// The paths in a colour.
  func markup(fill: String, opacity: String) -> String {
    var text = ""
    if !lines.isEmpty {
      text += "<path d=\"\(lines)\" fill=\"none\" stroke=\"\(fill)\"\(opacity)/>\n"
    }
    if !areas.isEmpty { text += "<path d=\"\(areas)\" fill=\"\(fill)\"\(opacity)/>\n" }
    for (share, area) in shades.sorted(by: { $0.key < $1.key }) {
      text += "<path d=\"\(area)\" fill=\"\(fill)\" fill-opacity=\"\(share)\"\(opacity)/>\n"
    }
    if !dots.isEmpty {
      text +=
        "<path d=\"\(dots)\" fill=\"none\" stroke=\"\(fill)\" stroke-width=\"2.6\" "
        + "stroke-linecap=\"round\"\(opacity)/>\n"
    }
    return text
  }

  /// Two columns of four dots: of the bits the first six go down the upper three rows, the last two are
  /// the lowest row.
  private mutating func addBraille(_ bits: UInt32, x: Int, y: Int) {
    for bit in 0..<8 where bits & (1 << bit) != 0 {
      let (column, row) = bit < 6 ? (bit / 3, bit % 3) : (bit - 6, 3)
      dots += "M\(x + 2 + 4 * column) \(y + 2 + 4 * row)h.01"
    }
  }

  private mutating func addBlock(_ value: UInt32, x: Int, y: Int) {
    let (width, height) = (Self.width, Self.height)
    switch value {
    case 0x2580: areas += Self.area(x, y, width, height / 2)
    case 0x2581...0x2588:
      let part = Int(value - 0x2580) * height / 8
      areas += Self.area(x, y + height - part, width, part)
    case 0x2589...0x258F: areas += Self.area(x, y, width - Int(value - 0x2588), height)
    default: areas += Self.area(x + width / 2, y, width / 2, height)
    }
  }

  private static func area(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> String {
    "M\(x) \(y)h\(width)v\(height)h-\(width)z"
  }

  /// The arms of a box's line from the middle of its cell.
  private static let arms: [Character: String] = [
    "─": "lr", "│": "ud", "┃": "ud", "┌": "rd", "┐": "ld", "└": "ru", "┘": "lu", "├": "udr",
    "┤": "udl", "┬": "lrd", "┴": "lru", "┼": "lrud",
  ]

  private mutating func addLine(_ character: Character, x: Int, y: Int) -> Bool {
    let (middle, centre) = (x + Self.width / 2, y + Self.height / 2)
    if character == "┊" {
      for part in 0..<3 { lines += "M\(middle) \(y + 1 + 5 * part)v3" }
      return true
    }
    guard let arms = Self.arms[character] else { return false }
    for arm in arms {
      lines += "M\(middle) \(centre)"
      switch arm {
      case "l": lines += "H\(x)"
      case "r": lines += "H\(x + Self.width)"
      case "u": lines += "V\(y)"
      default: lines += "V\(y + Self.height)"
      }
    }
    return true
  }
}
