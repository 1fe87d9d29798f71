extension Dendrogram {
  /// Where a joining is drawn, in a picture of 1 × 1 whose leaves are at the left.
  public struct Fork: Sendable, Equatable {
    /// How far right: 0 at the nearest joining, 1 at the last.
    public let depth: Double
    /// The rows of its two branches, in leaves from the top.
    public let rows: (upper: Double, lower: Double)
    /// How far right its branches begin; `nil` at a leaf.
    public let branches: (upper: Double?, lower: Double?)

    /// The same place with the same branches.
    public static func == (first: Fork, second: Fork) -> Bool {
      first.depth == second.depth && first.rows == second.rows
        && first.branches.upper == second.branches.upper
        && first.branches.lower == second.branches.lower
    }
  }

  /// The distances of the nearest joining and of the last; `nil` for fewer than two things.
  public var range: ClosedRange<Double>? {
    guard let first = joinings.first, let last = joinings.last else { return nil }
    return min(first.distance, last.distance)...max(first.distance, last.distance)
  }

  /// The joinings with their places.
  public var forks: [Fork] {
    guard let range else { return [] }
    let span = range.upperBound - range.lowerBound
    var rows = [Double](repeating: 0, count: count)
    for (row, leaf) in order.enumerated() { rows[leaf] = Double(row) }
    var depths = [Double?](repeating: nil, count: count)
    return joinings.map { joining in
      let depth =
        span > 0
        ? min(max(0, (joining.distance - range.lowerBound) / span), 1) : 1
      let pair = [joining.first, joining.second].sorted { rows[$0] < rows[$1] }
      let fork = Fork(
        depth: depth, rows: (rows[pair[0]], rows[pair[1]]),
        branches: (depths[pair[0]], depths[pair[1]]))
      rows.append((fork.rows.upper + fork.rows.lower) / 2)
      depths.append(depth)
      return fork
    }
  }

  /// The tree in characters, a line for each leaf in order, the leaves at the left; the nearest joining
  /// stands in the second column and the last one in the last.
  /// - Parameter width: columns, at least 4.
  public func drawing(width: Int) -> [String] {
    let width = max(4, width)
    var cells = [[Sides]](repeating: [Sides](repeating: [], count: width), count: count)
    func column(_ depth: Double?) -> Int {
      depth.map { 1 + Int(($0 * Double(width - 2)).rounded()) } ?? 0
    }
    for fork in forks {
      let place = column(fork.depth)
      // A joining of joinings stands between two lines: on the upper one.
      let (upper, lower) = (Int(fork.rows.upper), Int(fork.rows.lower))
      for (row, start) in [(upper, fork.branches.upper), (lower, fork.branches.lower)] {
        let start = column(start)
        guard start < place else { continue }
        for x in start..<place {
          cells[row][x].insert(.right)
          cells[row][x + 1].insert(.left)
        }
      }
      for row in upper..<lower {
        cells[row][place].insert(.down)
        cells[row + 1][place].insert(.up)
      }
    }
    return cells.map { row in String(row.map(\.character)) }
  }

  /// The sides of a cell that a line leaves by.
  private struct Sides: OptionSet {
    let rawValue: Int
    static let left = Sides(rawValue: 1)
    static let right = Sides(rawValue: 2)
    static let up = Sides(rawValue: 4)
    static let down = Sides(rawValue: 8)

    private static let characters: [Character] = [
      " ", "─", "─", "─", "│", "┘", "└", "┴", "│", "┐", "┌", "┬", "│", "┤", "├", "┼",
    ]

    var character: Character { Self.characters[rawValue & 15] }
  }
}
