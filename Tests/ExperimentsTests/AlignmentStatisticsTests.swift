import Experiments
import Testing

@Suite struct AlignmentStatisticsTests {
  /// Ranks by counting, and Pearson's formula: as slow and plain as can be.
  private func plainSpearman(_ a: [Double], _ b: [Double]) -> Double {
    func ranks(_ values: [Double]) -> [Double] {
      values.map { value in
        let below = values.count { $0 < value }
        let equal = values.count { $0 == value }
        return Double(below) + Double(equal + 1) / 2
      }
    }
    let (x, y) = (ranks(a), ranks(b))
    let (meanX, meanY) = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count))
    var (xy, xx, yy) = (0.0, 0.0, 0.0)
    for (x, y) in zip(x, y) {
      xy += (x - meanX) * (y - meanY)
      xx += (x - meanX) * (x - meanX)
      yy += (y - meanY) * (y - meanY)
    }
    return xy / (xx * yy).squareRoot()
  }

  @Test func rankCorrelationIsWhatSciPyAndThePlainFormulaMake() throws {
    for example in try AlignmentFixture.read().correlations {
      let rho = try #require(RankCorrelation.spearman(example.first, example.second))
      #expect(abs(rho - example.rho) < 1e-12)
      #expect(abs(rho - plainSpearman(example.first, example.second)) < 1e-12)
    }
  }

  @Test func thereIsNoneOfTooLittle() {
    #expect(RankCorrelation.spearman([1, 2], [1, 2]) == nil)
    #expect(RankCorrelation.spearman([1, 1, 1], [1, 2, 3]) == nil)
    #expect(RankCorrelation.spearman([1, .nan, 3], [1, 2, 3]) == nil)
    #expect(RankCorrelation.spearman([1, 2, 3], [1, 2]) == nil)
    #expect(RankCorrelation.spearman([1, 2, 9], [-5, 0, 0.5]) == 1)
    #expect(RankCorrelation.spearman([1, 2, 9], [3, 2, 1]) == -1)
  }

  @Test func randIndexIsWhatCountingPairsMakes() throws {
    for example in try AlignmentFixture.read().groupings {
      #expect(
        abs(RandIndex.adjusted(example.first, example.second) - example.index) < 1e-12)
    }
    #expect(RandIndex.adjusted([0, 0, 1, 1], [5, 5, 2, 2]) == 1)
    #expect(RandIndex.adjusted([0, 1, 2], [0, 1, 2]) == 1)
    #expect(RandIndex.adjusted([0, 0, 1, 1], [0, 1, 0, 1]) < 0)
    #expect(RandIndex.assignment([[0, 2], [1]], count: 3) == [0, 1, 0])
    #expect(RandIndex.assignment([[0, 2]], count: 3) == nil)
  }

  private func matrix(_ count: Int, _ seed: UInt64) -> [[Double]] {
    var random = TestNoise(seed: seed)
    let half = (0..<count).map { _ in (0..<count).map { _ in random.next() } }
    return (0..<count).map { i in (0..<count).map { half[min(i, $0)][max(i, $0)] } }
  }

  @Test func pairsStandWhereTheyAreLookedFor() {
    for things in 2...6 {
      var place = 0
      for i in 0..<things {
        for j in (i + 1)..<max(things, i + 1) {
          #expect(PairList.place(i, j, of: things) == place)
          #expect(PairList.place(j, i, of: things) == place)
          place += 1
        }
      }
      #expect(PairList.count(of: things) == place)
    }
    #expect(PairList.values(of: [[1, 2, 3], [2, 1, 4], [3, 4, 1]]) == [2, 3, 4])
  }

  /// All orders of a few things.
  private func orders(_ things: [Int]) -> [[Int]] {
    guard things.count > 1 else { return [things] }
    return things.flatMap { first in orders(things.filter { $0 != first }).map { [first] + $0 } }
  }

  @Test(arguments: [UInt64(1), 2, 3]) func shufflesFindWhatAllOrdersSay(_ seed: UInt64) throws {
    let things = 5
    let (masks, names) = (matrix(things, seed), matrix(things, seed + 100))
    let found = plainSpearman(PairList.values(of: masks), PairList.values(of: names))
    let all = orders(Array(0..<things)).map { order in
      let shuffled = order.map { i in order.map { names[i][$0] } }
      return plainSpearman(PairList.values(of: masks), PairList.values(of: shuffled))
    }
    let exact = Double(all.count { $0 >= found - 1e-9 }) / Double(all.count)
    let test = PermutationTest(permutations: 20_000, seed: 4)
    let p = try #require(
      test.significance(
        of: [PairList.values(of: masks)], against: PairList.values(of: names), things: things)[0])
    #expect(abs(p - exact) < 4 * (exact * (1 - exact) / 20_000).squareRoot() + 1e-4)
  }

  @Test func theLeastPIsOneAmongAllShuffles() {
    let names = PairList.values(of: matrix(9, 7))
    let test = PermutationTest(permutations: 999, seed: 1)
    let opposite = names.map { -$0 }
    let constant = names.map { _ in 0.5 }
    let found = test.significance(
      of: [names, opposite, constant, [1]], against: names, things: 9)
    #expect(found[0] == 1.0 / 1000)
    #expect(found[1] == 1)
    #expect(found[2] == nil && found[3] == nil)
    #expect(test.significance(of: [names], against: constant, things: 9) == [nil])
    let again = PermutationTest(permutations: 999, seed: 1)
    #expect(
      again.significance(of: [names, opposite], against: names, things: 9) == [found[0], found[1]])
  }

  @Test func chanceAloneIsRarelySignificant() {
    var significant = 0
    for seed in 0..<100 {
      let masks = PairList.values(of: matrix(8, UInt64(seed)))
      let names = PairList.values(of: matrix(8, UInt64(seed + 1000)))
      let p = PermutationTest(permutations: 99, seed: UInt64(seed))
        .significance(of: [masks], against: names, things: 8)[0]
      if let p, p <= 0.1 { significant += 1 }
    }
    // Ten of a hundred are expected; more than 22 come of it once in 10,000 times.
    #expect((1...22).contains(significant), "\(significant)")
  }
}
