internal import TerminalUI

/// Small multiples in a rectangle: how many panels stand side by side, and how many rows are in sight.
struct PanelGrid: Equatable {
  /// The least room in which a chart says something.
  static let least = Size(width: 26, height: 9)

  /// How many panels there are.
  let count: Int
  /// How many of them stand side by side.
  let columns: Int
  /// All rows.
  let rows: Int
  /// The rows that have room.
  let rowsInSight: Int
  private let rect: Rect

  /// As many columns as are wide enough, and rows that are high enough; one of each however small it is.
  init(of count: Int, in rect: Rect) {
    self.rect = rect
    let isEmpty = count < 1 || rect.isEmpty
    self.count = isEmpty ? 0 : count
    columns = isEmpty ? 0 : min(count, max(1, rect.width / Self.least.width))
    rows = columns > 0 ? (count + columns - 1) / columns : 0
    rowsInSight = min(rows, max(1, rect.height / Self.least.height))
  }

  /// The first row with which the last is in sight.
  var lastFirstRow: Int { max(0, rows - rowsInSight) }

  /// Which rows are in sight, in words; `nil` if all are.
  func part(from firstRow: Int) -> String? {
    guard rowsInSight < rows else { return nil }
    let first = min(max(0, firstRow), lastFirstRow)
    let last = first + rowsInSight
    return "row \(rowsInSight == 1 ? "\(last)" : "\(first + 1)–\(last)") of \(rows)"
  }

  /// The panels in sight with their places.
  func cells(from firstRow: Int) -> [(panel: Int, rect: Rect)] {
    guard count > 0 else { return [] }
    let first = min(max(0, firstRow), lastFirstRow)
    let lines = rect.rows(Array(repeating: .fill(1), count: rowsInSight))
    return lines.enumerated().flatMap { offset, line in
      let places = line.columns(Array(repeating: .fill(1), count: columns))
      return places.enumerated().compactMap { column, place in
        let panel = (first + offset) * columns + column
        return panel < count ? (panel, place) : nil
      }
    }
  }

  /// The first row after a movement.
  func row(from firstRow: Int, after command: Command) -> Int {
    let present = min(max(0, firstRow), lastFirstRow)
    let wanted =
      switch command {
      case .up: present - 1
      case .down: present + 1
      case .pageUp: present - rowsInSight
      case .pageDown: present + rowsInSight
      case .top: 0
      case .bottom: lastFirstRow
      default: present
      }
    return min(max(0, wanted), lastFirstRow)
  }
}
