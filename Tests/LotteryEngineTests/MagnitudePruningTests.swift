import Experiments
import LotteryEngine
import Tensors
import Testing

/// Exact counts, ties by index, nesting: the promises of paper §2 step 3.
struct MagnitudePruningTests {
  /// Draws weights with many ties and a partly pruned mask.
  private func randomCase(_ trial: Int) -> (BitVector, [Float], [Range<Int>]) {
    var random = RandomStream(seed: 7, purpose: "pruning test", trial)
    let count = 1 + random.index(below: 700)
    let distinct = 1 + random.index(below: 40)
    let weights = (0..<count).map { _ in
      Float(random.index(below: distinct)) * (random.index(below: 2) == 0 ? 0.25 : -0.25)
    }
    var bits = BitVector(repeating: true, count: count)
    for index in 0..<count where random.index(below: 4) == 0 { bits[index] = false }
    var layers: [Range<Int>] = []
    var start = 0
    while start < count {
      let end = min(count, start + 1 + random.index(below: 200))
      layers.append(start..<end)
      start = end
    }
    return (bits, weights, layers)
  }

  private func prune(
    _ bits: BitVector, _ weights: [Float], _ count: Int, _ ranking: ExtractionConfig.Ranking,
    _ layers: [Range<Int>]
  ) -> BitVector {
    weights.withUnsafeBufferPointer {
      MagnitudePruning.prune(bits, weights: $0, count: count, ranking: ranking, layers: layers)
    }
  }

  @Test("removes exactly as many as asked, nested, in both rankings", arguments: 0..<200)
  func exactCounts(trial: Int) {
    let (bits, weights, layers) = randomCase(trial)
    var random = RandomStream(seed: 8, purpose: "count", trial)
    let count = random.index(below: weights.count + 20)
    for ranking in ExtractionConfig.Ranking.allCases {
      let left = prune(bits, weights, count, ranking, layers)
      #expect(
        left.populationCount == bits.populationCount - min(count, bits.populationCount),
        "trial \(trial), \(ranking)")
      #expect(left.isSubset(of: bits))
    }
  }

  @Test("agrees with sorting by magnitude, then index", arguments: 0..<100)
  func agreesWithSorting(trial: Int) {
    let (bits, weights, layers) = randomCase(trial)
    let count = bits.populationCount / 3
    let order = (0..<weights.count).filter { bits[$0] }
      .sorted { (abs(weights[$0]), $0) < (abs(weights[$1]), $1) }
    var expected = bits
    for index in order.prefix(count) { expected[index] = false }
    #expect(prune(bits, weights, count, .global, layers) == expected)
  }

  @Test("a weight that diverged is the last to go")
  func nonFiniteWeights() {
    let bits = BitVector(repeating: true, count: 4)
    let left = prune(bits, [.nan, 1, .infinity, -2], 3, .global, [0..<4])
    #expect((0..<4).map { left[$0] } == [true, false, false, false])
  }

  @Test("a layer's share is proportional to its survivors and sums exactly")
  func layerShares() {
    #expect(MagnitudePruning.shares(of: 10, among: [50, 30, 20]) == [5, 3, 2])
    #expect(MagnitudePruning.shares(of: 1, among: [1, 1, 1]).reduce(0, +) == 1)
    #expect(MagnitudePruning.shares(of: 99, among: [3, 4]) == [3, 4])
    #expect(MagnitudePruning.shares(of: 5, among: [0, 0]) == [0, 0])
  }
}
