import Experiments
import Foundation
import Testing

@Suite struct DendrogramTests {
  private func noise(_ count: Int, _ seed: Int) -> [[Double]] {
    var random = TestNoise(seed: UInt64(seed))
    let half = (0..<count).map { _ in (0..<count).map { _ in random.next() } }
    return (0..<count).map { i in
      (0..<count).map { j in i == j ? 1 : half[min(i, j)][max(i, j)] }
    }
  }

  @Test(arguments: [0, 1, 2, 3, 10, 64]) func anOrderIsAPermutationAndAlwaysTheSame(_ count: Int) {
    for seed in 0..<5 {
      let matrix = noise(count, seed)
      let tree = Dendrogram(similarity: matrix)
      #expect(tree.order.sorted() == Array(0..<count))
      #expect(tree.joinings.count == max(0, count - 1))
      #expect(Dendrogram(similarity: matrix) == tree)
      #expect((tree.order.first ?? 0) <= (tree.order.last ?? 0))
    }
  }

  @Test func familiesStandTogether() {
    // Even and odd indices are two families.
    let matrix = (0..<12).map { i in
      (0..<12).map { j in i == j ? 1 : (i - j).isMultiple(of: 2) ? 0.8 : 0.2 }
    }
    let tree = Dendrogram(similarity: matrix)
    let parities = tree.order.map { $0 % 2 }
    #expect(zip(parities, parities.dropFirst()).count { $0 != $1 } == 1)
    #expect(tree.cut(into: 2) == [[0, 2, 4, 6, 8, 10], [1, 3, 5, 7, 9, 11]])
  }

  @Test func aChainIsFound() {
    // Neighbours on a line are the more alike the nearer they are; the line is shuffled.
    let places = [4, 0, 7, 2, 6, 1, 5, 3]
    let matrix = places.map { a in places.map { b in 1 - Double(abs(a - b)) / 10 } }
    let found = Dendrogram(similarity: matrix).order.map { places[$0] }
    let jumps = zip(found, found.dropFirst()).map { abs($0 - $1) }
    #expect(jumps.reduce(0, +) <= 11, "\(found)")
  }

  @Test func tiesAndHolesGoByIndex() {
    let ties = (0..<5).map { i in (0..<5).map { i == $0 ? 1 : 0.5 } }
    #expect(Dendrogram(similarity: ties).order == [0, 1, 2, 3, 4])
    let holes = [[1, .nan, 0.9], [.nan, 1, .nan], []]
    #expect(Dendrogram(similarity: holes).order.sorted() == [0, 1, 2])
  }

  @Test func itIsWhatSciPyMakes() throws {
    for tree in try AlignmentFixture.read().trees {
      let own = Dendrogram(similarity: tree.similarity)
      for (joining, expected) in zip(own.joinings, tree.distances) {
        #expect(abs(joining.distance - expected) < 1e-12)
      }
      for (count, cut) in zip(1..., tree.cuts) {
        let groups = own.cut(into: count)
        #expect(groups.count == count)
        for group in groups {
          #expect(Set(group.map { cut[$0] }).count == 1, "all of a group are of one of SciPy's")
        }
      }
    }
  }

  @Test func itIsDrawn() {
    // 0 and 2 are near, 1 and 3 less so, and the pairs are far apart.
    let matrix = [
      [1, 0.1, 0.9, 0.1], [0.1, 1, 0.1, 0.5], [0.9, 0.1, 1, 0.1], [0.1, 0.5, 0.1, 1],
    ]
    let tree = Dendrogram(similarity: matrix)
    #expect(tree.order == [0, 2, 1, 3])
    #expect(
      tree.drawing(width: 10) == [
        "─┬───────┐",
        "─┘       │",
        "─────┬───┘",
        "─────┘    ",
      ])
    #expect(Dendrogram(similarity: [[1]]).drawing(width: 4) == ["    "])
    #expect(Dendrogram(similarity: []).drawing(width: 4).isEmpty)
  }

  @Test(arguments: [2, 7, 30]) func everyJoiningIsOnePlaceOfTheDrawing(_ count: Int) {
    let tree = Dendrogram(similarity: noise(count, 3))
    let drawing = tree.drawing(width: 200)
    #expect(drawing.count == count && drawing.allSatisfy { $0.count == 200 })
    #expect(tree.forks.count == count - 1)
    for fork in tree.forks {
      #expect(fork.rows.upper < fork.rows.lower)
      #expect((fork.branches.upper ?? 0) <= fork.depth && (fork.branches.lower ?? 0) <= fork.depth)
    }
  }
}

/// Numbers in 0..<1 that look random and are always the same.
struct TestNoise {
  private var state: UInt64
  init(seed: UInt64) { state = seed &* 2 &+ 1 }
  mutating func next() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) / Double(1 << 53)
  }
}

/// What `Fixtures/alignment.py` wrote.
struct AlignmentFixture: Decodable {
  struct Correlation: Decodable {
    var first: [Double]
    var second: [Double]
    var rho: Double
  }
  struct Tree: Decodable {
    var similarity: [[Double]]
    var distances: [Double]
    var cuts: [[Int]]
  }
  struct Grouping: Decodable {
    var first: [Int]
    var second: [Int]
    var index: Double
  }
  var correlations: [Correlation]
  var trees: [Tree]
  var groupings: [Grouping]

  static func read() throws -> AlignmentFixture {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/alignment.json")
    return try JSONDecoder().decode(AlignmentFixture.self, from: Data(contentsOf: path))
  }
}
