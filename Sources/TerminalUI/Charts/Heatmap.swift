/// A cell of a heatmap.
public struct HeatCell: Hashable, Sendable {
  /// Its heat, 0…1; nil or not finite where it isn't defined, shown as `--`.
  public var value: Double?
  /// What is written in it; by default its value.
  public var text: String?
  /// A look of its own in place of heat, as for a diagonal that means something else.
  public var role: StyleRole?

  /// A cell.
  public init(value: Double?, text: String? = nil, role: StyleRole? = nil) {
    self.value = value
    self.text = text
    self.role = role
  }
}

/// How the cells of a heatmap are drawn.
public enum HeatmapMode: String, Hashable, Sendable, CaseIterable {
  /// A number on its heat, 4 columns a cell.
  case numbers
  /// The heat alone, 2 columns a cell.
  case swatches
  /// The heat alone, two cells one above the other in one character.
  case halfBlocks = "half-blocks"
  /// A digit for the first decimal, 2 columns a cell; needs no colour.
  case digits

  /// The mode that is drawn in its place where a look lacks its colours or its glyphs; else itself.
  public func shown(by look: Look) -> HeatmapMode {
    switch self {
    case .swatches where look.isMono, .halfBlocks where look.isMono: .digits
    case .halfBlocks where look.glyphs == .ascii: .swatches
    default: self
    }
  }

  /// Columns of a cell.
  public var cellWidth: Int {
    switch self {
    case .numbers: 4
    case .swatches, .digits: 2
    case .halfBlocks: 1
    }
  }
}

/// A square or other matrix of heat on the fixed scale 0…1, with heads that stay in sight and a
/// legend.
public struct Heatmap: Widget, Sendable {
  /// The names of the rows.
  public var rowHeads: [String]
  /// The names of the columns.
  public var columnHeads: [String]
  /// What stands behind the names of the rows where there is room, as the signs of alarms; the cells
  /// never make room for it.
  public var rowMarks: [String] = []
  /// What stands behind the names of the columns where there is room.
  public var columnMarks: [String] = []
  /// The cells, row by row: `[rows][columns]`; missing ones are empty.
  public var cells: [[HeatCell]]
  /// How they are drawn; nil for what fits.
  public var mode: HeatmapMode?
  /// The cell that is pointed at: column `x`, row `y`; always in sight.
  public var cursor: Point?
  /// What the heat means, written beside the legend.
  public var legend: String
  /// The most columns that the names of the rows take.
  public var longestHead = 12

  /// A heatmap.
  public init(
    rowHeads: [String], columnHeads: [String], cells: [[HeatCell]], mode: HeatmapMode? = nil,
    cursor: Point? = nil, legend: String = ""
  ) {
    self.rowHeads = rowHeads
    self.columnHeads = columnHeads
    self.cells = cells
    self.mode = mode
    self.cursor = cursor
    self.legend = legend
  }

  /// A heatmap whose rows and columns have the same names.
  public init(
    heads: [String], cells: [[HeatCell]], mode: HeatmapMode? = nil, cursor: Point? = nil,
    legend: String = ""
  ) {
    self.init(
      rowHeads: heads, columnHeads: heads, cells: cells, mode: mode, cursor: cursor, legend: legend)
  }

  /// The room that it takes in a mode, with heads and legend.
  public func naturalSize(_ mode: HeatmapMode) -> Size {
    let body = mode == .halfBlocks ? (rowHeads.count + 1) / 2 : rowHeads.count
    return Size(
      width: markedWidth + 1 + columnHeads.count * mode.cellWidth, height: body + 2)
  }

  /// The columns left of the cells: those of the heads, with their marks and a column of air as far
  /// as whole rows of cells leave room.
  func headRoom(_ mode: HeatmapMode, width: Int) -> Int {
    let room = width - columnHeads.count * mode.cellWidth
    return room < leastHeadRoom(mode) ? markedWidth + 1 : min(room, markedWidth + 1)
  }

  /// The columns that the heads need: numbers have air at their left, which is enough.
  private func leastHeadRoom(_ mode: HeatmapMode) -> Int { headWidth + (mode == .numbers ? 0 : 1) }

  /// The mode that is drawn in a rectangle: the one that was asked for, or the one that says most of
  /// those that fit.
  public func chosenMode(in rect: Rect, look: Look) -> HeatmapMode {
    if let mode { return mode.shown(by: look) }
    let fitting = [HeatmapMode.numbers, .swatches.shown(by: look)].first {
      leastHeadRoom($0) + columnHeads.count * $0.cellWidth <= rect.width
        && naturalSize($0).height <= rect.height
    }
    return fitting ?? .halfBlocks.shown(by: look)
  }

  /// The columns of the widest head without its mark.
  private var headWidth: Int { rowHeads.map(shortened).max() ?? 0 }

  /// The columns of the widest head with its mark.
  var markedWidth: Int {
    rowHeads.enumerated().map { shortened($1) + DisplayText.width(rowMark($0)) }.max() ?? 0
  }

  private func shortened(_ head: String) -> Int { min(DisplayText.width(head), longestHead) }

  func rowMark(_ row: Int) -> String { rowMarks.indices.contains(row) ? rowMarks[row] : "" }

  func columnMark(_ column: Int) -> String {
    columnMarks.indices.contains(column) ? columnMarks[column] : ""
  }

  func cell(row: Int, column: Int) -> HeatCell? {
    guard cells.indices.contains(row), cells[row].indices.contains(column) else { return nil }
    return cells[row][column]
  }
}
