import Experiments
import LotteryEngine
import Tensors
import Testing

struct MaskTests {
  @Test("the hash depends on the bits and on nothing else")
  func contentHash() {
    let a = Mask.dense(count: 100, subset: "cat", seed: 1)
    let b = Mask.dense(count: 100, subset: "dog", seed: 2)
    var bits = a.bits
    bits[99] = false
    let c = a.pruned(to: bits, round: 1, rule: "magnitude")
    #expect(a.hash == b.hash)
    #expect(a.hash != c.hash)
    #expect(c.parentHash == a.hash)
    #expect(a.hash != Mask.dense(count: 101, subset: "cat", seed: 1).hash)
    #expect(c.weightsLeft == 99)
    #expect(abs(c.sparsity - 0.01) < 1e-12)
  }

  @Test("overlap counts equal counting bit by bit", arguments: 0..<50)
  func overlapAgainstCounting(trial: Int) {
    var random = RandomStream(seed: 3, purpose: "overlap", trial)
    let count = 1 + random.index(below: 400)
    let masks = (0..<3).map { _ in BitVector((0..<count).map { _ in random.index(below: 3) > 0 }) }
    let split = random.index(below: count + 1)
    let report = MaskOverlap.report(
      round: 1, masks: masks, layers: [("a", 0..<split), ("b", split..<count)])
    func counted(_ i: Int, _ j: Int, _ range: Range<Int>) -> Double {
      let both = range.filter { masks[i][$0] && masks[j][$0] }.count
      let either = range.filter { masks[i][$0] || masks[j][$0] }.count
      return either == 0 ? 1 : Double(both) / Double(either)
    }
    for i in 0..<3 {
      for j in 0..<3 {
        #expect(report.jaccard[i][j] == (i == j ? 1 : counted(i, j, 0..<count)))
        #expect(report.layers[0].jaccard[i][j] == (i == j ? 1 : counted(i, j, 0..<split)))
        #expect(report.layers[1].jaccard[i][j] == (i == j ? 1 : counted(i, j, split..<count)))
      }
    }
    let owners = (0..<count).map { index in masks.filter { $0[index] }.count }
    #expect(report.ownership == (0...3).map { n in owners.filter { $0 == n }.count })
    #expect(report.unionParameters == owners.filter { $0 > 0 }.count)
  }

  @Test("chance is what independent masks of these densities reach")
  func chanceLevel() {
    #expect(abs(MaskOverlap.chance(0.5, 0.5) - 1.0 / 3) < 1e-12)
    #expect(abs(MaskOverlap.chance(0.25, 0.25) - 0.25 / 1.75) < 1e-12)
    var random = RandomStream(seed: 4, purpose: "chance")
    let masks = [0.3, 0.6].map { density in
      BitVector((0..<200_000).map { _ in random.uniform() < Float(density) })
    }
    let report = MaskOverlap.report(round: 1, masks: masks, layers: [])
    #expect(abs(report.jaccard[0][1] - report.chance[0][1]) < 0.01)
  }
}

struct PairCountsTests {
  @Test("the counts behind a report's J are those of the bits", arguments: 0..<60)
  func countsFromReports(trial: Int) throws {
    var random = RandomStream(seed: 5, purpose: "pair counts", trial)
    let count = 1 + random.index(below: trial < 50 ? 3000 : 200_000)
    // From nearly empty to nearly full, so that some layers have no weights at all.
    let masks = (0..<4).map { _ in
      let kept = random.uniform() * random.uniform()
      return BitVector((0..<count).map { _ in random.uniform() < kept })
    }
    let split = random.index(below: count + 1)
    let ranges = [0..<split, split..<count]
    let report = MaskOverlap.report(
      round: 1, masks: masks, layers: [("a", ranges[0]), ("b", ranges[1])])
    // As it comes out of a log.
    let read = try ExperimentJSON.decode(
      OverlapReport.self, from: try ExperimentJSON.line(report))
    for (layer, range) in zip(read.layers, ranges) {
      for i in 0..<4 {
        let own = range.count { masks[i][$0] }
        #expect(layer.weightsLeft(of: i, weights: range.count) == (range.isEmpty ? 0 : own))
        for j in 0..<4 {
          let counted = PairCounts(
            onlyFirst: range.count { masks[i][$0] && !masks[j][$0] },
            both: range.count { masks[i][$0] && masks[j][$0] },
            onlySecond: range.count { !masks[i][$0] && masks[j][$0] })
          #expect(layer.counts(i, j, weights: range.count) == counted)
        }
      }
    }
  }

  @Test("exact for the largest networks: every J of whole numbers gives them back")
  func largeCounts() {
    var random = RandomStream(seed: 6, purpose: "large counts")
    for _ in 0..<10_000 {
      let (a, b) = (1 + random.index(below: 1 << 40), 1 + random.index(below: 1 << 40))
      let both = random.index(below: min(a, b) + 1)
      let counts = PairCounts(onlyFirst: a - both, both: both, onlySecond: b - both)
      #expect(PairCounts(jaccard: counts.jaccard, first: a, second: b) == counts)
    }
  }

  @Test("a J that no whole numbers give is refused")
  func impossible() {
    #expect(PairCounts(jaccard: 0.5, first: 1, second: 1) == nil)
    #expect(PairCounts(jaccard: 1.5, first: 3, second: 3) == nil)
    #expect(PairCounts(jaccard: .nan, first: 3, second: 3) == nil)
    #expect(PairCounts(jaccard: 1, first: 2, second: 3) == nil)
    #expect(PairCounts(jaccard: 0, first: -1, second: 3) == nil)
    #expect(
      PairCounts(jaccard: 1, first: 0, second: 0)
        == PairCounts(onlyFirst: 0, both: 0, onlySecond: 0))
  }
}
