/// A grid of cells that everything is drawn into; a value, it needs no terminal.
///
/// Drawing outside the grid is clipped and never traps.
public struct Screen: Hashable, Sendable {
  /// Columns and rows.
  public let size: Size
  /// The cells, row by row: `[height × width]`.
  private var cells: [Cell]
  /// Where the terminal's cursor is shown, as in a field that is being edited; nil hides it.
  public var cursor: Point?

  /// A screen of blanks.
  public init(size: Size, style: Style = .plain) {
    self.size = size
    cells = [Cell](repeating: Cell(style: style), count: size.width * size.height)
  }

  /// Columns.
  public var width: Int { size.width }
  /// Rows.
  public var height: Int { size.height }
  /// The whole of it.
  public var bounds: Rect { Rect(size: size) }

  /// The cell at column `x`, row `y`; a blank outside the grid.
  public subscript(x: Int, y: Int) -> Cell {
    guard x >= 0, x < width, y >= 0, y < height else { return .blank }
    return cells[y * width + x]
  }

  /// The cells of row `y` from left to right; none outside the grid.
  public func row(_ y: Int) -> ArraySlice<Cell> {
    guard y >= 0, y < height else { return [] }
    return cells[(y * width)..<((y + 1) * width)]
  }

  /// The columns of row `y`, in order, whose cells have to be written over another screen of the same
  /// size: those that differ, and those whose wide neighbour went.
  package func columnsToWrite(_ y: Int, over other: Screen) -> [Int] {
    guard other.size == size, y >= 0, y < height else { return [] }
    let start = y * width
    return cells.withUnsafeBufferPointer { own in
      other.cells.withUnsafeBufferPointer { old in
        func isAnother(_ x: Int) -> Bool {
          x >= 0 && x < width && own[start + x].width != old[start + x].width
        }
        return (0..<width).filter { x in
          own[start + x].width > 0
            && (own[start + x] != old[start + x] || isAnother(x - 1) || isAnother(x + 1))
        }
      }
    }
  }

  /// Puts one character at `point`, if it and the whole of its width are inside `clip`.
  ///
  /// A wide character that is partly overwritten leaves a space where its other half was.
  public mutating func put(
    _ character: Character, width columns: Int, at point: Point, style: Style, clip: Rect
  ) {
    let area = clip.intersection(bounds)
    guard columns > 0, area.contains(point), point.x + columns <= area.maxX else { return }
    clearHalves(from: point.x, to: point.x + columns, row: point.y)
    let index = point.y * width + point.x
    cells[index] = Cell(character, width: UInt8(columns), style: style)
    if columns == 2 { cells[index + 1] = Cell(" ", width: 0, style: style) }
  }

  /// Puts one character, one column wide, at column `x`, row `y`.
  public mutating func put(_ character: Character, x: Int, y: Int, style: Style) {
    put(character, width: 1, at: Point(x: x, y: y), style: style, clip: bounds)
  }

  /// Changes the style of every cell of `rect` and leaves what it shows.
  public mutating func restyle(_ rect: Rect, _ change: (inout Style) -> Void) {
    let area = rect.intersection(bounds)
    for y in area.y..<area.maxY {
      for x in area.x..<area.maxX { change(&cells[y * width + x].style) }
    }
  }

  /// Fills `rect` with one character, by default with spaces.
  public mutating func fill(_ rect: Rect, with character: Character = " ", style: Style) {
    let area = rect.intersection(bounds)
    guard !area.isEmpty else { return }
    for y in area.y..<area.maxY {
      clearHalves(from: area.x, to: area.maxX, row: y)
      for x in area.x..<area.maxX {
        cells[y * width + x] = Cell(character, style: style)
      }
    }
  }

  /// Turns the halves of wide characters that a change of these columns would cut into spaces.
  private mutating func clearHalves(from start: Int, to end: Int, row: Int) {
    let base = row * width
    if cells[base + start].width == 0, start > 0 {
      cells[base + start - 1].character = " "
      cells[base + start - 1].width = 1
    }
    if end < width, cells[base + end].width == 0 {
      cells[base + end].character = " "
      cells[base + end].width = 1
    }
  }
}
