import TerminalUI
import Testing

@Suite("Geometry")
struct GeometryTests {
  static let splits: [[Extent]] = [
    [], [.rest], [.fixed(7)], [.fixed(3), .rest], [.fraction(0.38), .rest],
    [.fixed(1), .fill(2), .fill(1), .fixed(2)], [.fraction(0.5), .fraction(0.5), .fraction(0.5)],
    [.rest, .rest, .rest], [.fixed(-3), .fill(-1), .fill(0), .rest], [.fixed(1000), .rest],
    [.fraction(.nan), .fraction(7), .rest],
  ]

  @Test("Splits never overlap and never leave their rectangle, at any size", arguments: splits)
  func splitsAreInside(parts: [Extent]) {
    for width in 0...400 {
      for gap in [0, 1, 3] { check(parts, Rect(x: 5, y: 2, width: width, height: 3), gap) }
    }
    for height in 0...120 {
      for gap in [0, 1, 3] { check(parts, Rect(x: 0, y: 0, width: 2, height: height), gap) }
    }
  }

  private func check(_ parts: [Extent], _ rect: Rect, _ gap: Int) {
    for pieces in [rect.columns(parts, gap: gap), rect.rows(parts, gap: gap)] {
      #expect(pieces.count == parts.count)
      for (index, piece) in pieces.enumerated() {
        #expect(rect.contains(piece))
        #expect(piece.x >= rect.x && piece.maxX <= rect.maxX)
        #expect(piece.y >= rect.y && piece.maxY <= rect.maxY)
        for other in pieces[(index + 1)...] { #expect(piece.intersection(other).isEmpty) }
      }
    }
  }

  @Test("A split with a share uses every cell")
  func nothingIsLost() {
    for total in 0...400 {
      let lengths = Extent.lengths(of: [.fixed(5), .fill(3), .fraction(0.2), .fill(2)], in: total)
      #expect(lengths.reduce(0, +) == total)
    }
    #expect(Rect(x: 0, y: 0, width: 10, height: 1).columns(3).map(\.width) == [3, 3, 4])
  }

  @Test("A gap lies between neighbours")
  func gaps() {
    let parts = Rect(x: 0, y: 0, width: 11, height: 1).columns([.fixed(4), .rest], gap: 2)
    #expect(parts.map(\.x) == [0, 6])
    #expect(parts.map(\.width) == [4, 5])
  }

  @Test("An inset that is larger than the rectangle leaves nothing, inside it")
  func inset() {
    for width in 0...6 {
      let rect = Rect(x: 3, y: 3, width: width, height: width)
      for margin in 0...5 {
        let inner = rect.inset(margin)
        #expect(inner.width == max(0, width - 2 * margin))
        #expect(inner.x >= rect.x && inner.maxX <= max(rect.maxX, inner.x))
      }
    }
  }

  @Test("Rows, centring, intersection")
  func parts() {
    let rect = Rect(x: 2, y: 1, width: 10, height: 4)
    #expect(rect.row(3) == Rect(x: 2, y: 4, width: 10, height: 1))
    #expect(rect.row(4).isEmpty && rect.row(-1).isEmpty)
    #expect(
      rect.centered(Size(width: 4, height: 2)) == Rect(x: 5, y: 2, width: 4, height: 2))
    #expect(rect.centered(Size(width: 400, height: 2)).width == 10)
    #expect(
      rect.intersection(Rect(x: 0, y: 0, width: 4, height: 2))
        == Rect(x: 2, y: 1, width: 2, height: 1))
    #expect(rect.intersection(Rect(x: 50, y: 0, width: 4, height: 2)).isEmpty)
  }
}
