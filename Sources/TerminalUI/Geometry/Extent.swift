/// How much of a width or a height one part of a split gets.
public enum Extent: Hashable, Sendable {
  /// So many cells, while there is room; earlier parts are served first.
  case fixed(Int)
  /// A fraction 0…1 of the whole, rounded down.
  case fraction(Double)
  /// A share, by weight, of what the others leave.
  case fill(Int)

  /// One share of what the others leave.
  public static let rest = Extent.fill(1)

  /// The cells that each part gets of `total`: none is negative and their sum is at most `total`;
  /// with at least one `.fill` of positive weight it is exactly `total`.
  public static func lengths(of parts: [Extent], in total: Int) -> [Int] {
    var left = max(0, total)
    var lengths = [Int](repeating: 0, count: parts.count)
    var weights = 0
    for (index, part) in parts.enumerated() {
      let wanted: Int
      switch part {
      case .fixed(let cells): wanted = cells
      case .fraction(let share):
        let bounded = share.isFinite ? min(max(share, 0), 1) : 0
        wanted = Int(bounded * Double(max(0, total)))
      case .fill(let weight):
        weights += min(max(0, weight), 1000)
        continue
      }
      lengths[index] = min(max(0, wanted), left)
      left -= lengths[index]
    }
    // Shares are handed out so that rounding never loses a cell.
    for (index, part) in parts.enumerated() {
      guard case .fill(let weight) = part, weights > 0 else { continue }
      let own = min(max(0, weight), 1000)
      let share = left * own / weights
      lengths[index] = share
      left -= share
      weights -= own
    }
    return lengths
  }
}

extension Rect {
  /// The rectangle cut into columns, from left to right, with `gap` empty cells between neighbours.
  ///
  /// The parts never overlap and never leave this rectangle; where there is no room they are empty.
  public func columns(_ parts: [Extent], gap: Int = 0) -> [Rect] {
    var left = x
    return Extent.lengths(of: parts, in: usable(width, parts: parts.count, gap: gap)).map { cells in
      let start = min(left, maxX)
      left = start + cells + max(0, gap)
      return Rect(x: start, y: y, width: cells, height: height)
    }
  }

  /// The rectangle cut into rows, from top to bottom, with `gap` empty rows between neighbours.
  ///
  /// The parts never overlap and never leave this rectangle; where there is no room they are empty.
  public func rows(_ parts: [Extent], gap: Int = 0) -> [Rect] {
    var top = y
    return Extent.lengths(of: parts, in: usable(height, parts: parts.count, gap: gap)).map { cells in
      let start = min(top, maxY)
      top = start + cells + max(0, gap)
      return Rect(x: x, y: start, width: width, height: cells)
    }
  }

  /// `count` equal columns; see ``columns(_:gap:)``.
  public func columns(_ count: Int, gap: Int = 0) -> [Rect] {
    columns([Extent](repeating: .rest, count: max(0, count)), gap: gap)
  }

  /// `count` equal rows; see ``rows(_:gap:)``.
  public func rows(_ count: Int, gap: Int = 0) -> [Rect] {
    rows([Extent](repeating: .rest, count: max(0, count)), gap: gap)
  }

  private func usable(_ length: Int, parts: Int, gap: Int) -> Int {
    length - max(0, gap) * max(0, parts - 1)
  }
}
