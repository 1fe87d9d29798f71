import Experiments
import Testing

@Suite struct MaskAlignmentTests {
  static let sizes = [40, 30, 50, 64].enumerated().map {
    LayerDescription(name: "layer.\($0.offset)", weights: $0.element)
  }

  /// K masks of all layers, and their comparison by counting.
  static func masks(_ count: Int, seed: UInt64) -> [[[Bool]]] {
    var random = TestNoise(seed: seed)
    return (0..<count).map { _ in
      sizes.map { layer in (0..<layer.weights).map { _ in random.next() < 0.6 } }
    }
  }

  static func jaccard(_ a: [Bool], _ b: [Bool]) -> Double {
    let both = zip(a, b).count { $0 && $1 }
    let any = zip(a, b).count { $0 || $1 }
    return any == 0 ? 1 : Double(both) / Double(any)
  }

  static func matrix(_ masks: [[Bool]]) -> [[Double]] {
    masks.map { a in masks.map { jaccard(a, $0) } }
  }

  static func density(_ mask: [Bool]) -> Double {
    Double(mask.count { $0 }) / Double(mask.count)
  }

  static func chance(_ masks: [[Bool]]) -> [[Double]] {
    masks.map { a in masks.map { PairCounts.chance(density(a), density($0)) } }
  }

  static func report(_ masks: [[[Bool]]], round: Int = 1) -> OverlapReport {
    let whole = masks.map { Array($0.joined()) }
    return OverlapReport(
      round: round, jaccard: matrix(whole), chance: chance(whole), unionParameters: 0,
      ownership: [],
      layers: sizes.enumerated().map { index, layer in
        let own = masks.map { $0[index] }
        return LayerOverlap(
          name: layer.name, sparsity: own.map { 1 - density($0) }, jaccard: matrix(own),
          chance: chance(own))
      })
  }

  @Test func aDepthIsItsLayersTogether() throws {
    let masks = Self.masks(5, seed: 3)
    let levels = Self.report(masks).levels(sizes: Self.sizes)
    #expect(
      levels.map(\.name) == [
        "all", "shallow", "middle", "deep", "layer.0", "layer.1", "layer.2", "layer.3",
      ])
    // Of four layers the first two are shallow: ⌊3 · 1 / 4⌋ is 0.
    for (name, members) in [("shallow", [0, 1]), ("middle", [2]), ("deep", [3])] {
      let level = try #require(levels.first { $0.name == name })
      let joined = masks.map { mask in members.flatMap { mask[$0] } }
      #expect(level.jaccard == Self.matrix(joined))
      #expect(level.weights == joined[0].count && level.layers == members.count)
      for (found, expected) in zip(
        PairList.values(of: level.chance), PairList.values(of: Self.chance(joined)))
      {
        #expect(abs(found - expected) < 1e-12)
      }
    }
    #expect(levels[0].weights == 184)
    let unknown = Self.report(masks).levels(sizes: [])
    #expect(unknown.map(\.kind) == [.all, .layer, .layer, .layer, .layer])
  }

  @Test func depthsAreThirds() {
    func groups(_ count: Int) -> [Int] {
      DepthGroup.allCases.map { group in
        (0..<count).count { DepthGroup.of(layer: $0, count: count) == group }
      }
    }
    #expect(groups(3) == [1, 1, 1])
    #expect(groups(60) == [20, 20, 20])
    #expect(groups(61).max() == 21)
    #expect(DepthGroup.of(layer: 60, count: 61) == .deep)
    #expect(DepthGroup.of(layer: 0, count: 1) == .shallow)
  }

  @Test func masksThatAreAlikeAsTheirNamesAreAreFound() throws {
    let masks = Self.masks(8, seed: 5)
    let levels = Self.report(masks).levels(sizes: Self.sizes)
    let numbers = (0..<8).map { "\($0)" }
    let names = NameSimilarity(source: "a test", names: numbers, values: levels[3].jaccard)
    let alignment = MaskAlignment(
      names: names, test: PermutationTest(permutations: 199, seed: 1))
    let round = alignment.round(4, levels: levels, epochs: 12)
    let deep = try #require(round.level("deep"))
    #expect(deep.byJaccard.spearman == 1)
    #expect(deep.byJaccard.p == 1.0 / 200)
    #expect(deep.byJaccard.perClass.count == 8)
    #expect(deep.byJaccard.perClass.allSatisfy { $0 == 1 })
    let shallow = try #require(round.level("shallow"))
    let expected = RankCorrelation.spearman(
      PairList.values(of: levels[1].jaccard), PairList.values(of: names.values))
    #expect(shallow.byJaccard.spearman == expected)
    let excess = zip(levels[1].jaccard, levels[1].chance).map { zip($0, $1).map { $0 - $1 } }
    #expect(
      shallow.byExcess.spearman
        == RankCorrelation.spearman(PairList.values(of: excess), PairList.values(of: names.values)))
    #expect(round.round == 4 && round.epochs == 12)
    let pairs = PairList.values(of: levels[3].jaccard)
    #expect(deep.jaccard?.least == pairs.min() && deep.jaccard?.most == pairs.max())
  }

  @Test func groupsAreMeasuredAndClustersCompared() throws {
    // Two families of three: within one J is high.
    func value(_ i: Int, _ j: Int) -> Double {
      if i == j { return 1 }
      return i / 3 == j / 3 ? 0.8 + 0.01 * Double(i + j) : 0.3
    }
    let jaccard: [[Double]] = (0..<6).map { i in (0..<6).map { j in value(i, j) } }
    let chance = [[Double]](repeating: [Double](repeating: 0.25, count: 6), count: 6)
    let report = OverlapReport(
      round: 1, jaccard: jaccard, chance: chance, unionParameters: 0, ownership: [], layers: [])
    let names = (0..<6).map { "n\($0)" }
    let groups = try KnownGroup.among(
      names, [("left", ["n0", "n1", "n2"]), ("right", ["n5", "n4", "n3"])])
    let alignment = MaskAlignment(
      names: nil, groups: groups, featureClusters: [[0, 1, 3], [2, 4, 5]])
    let level = try #require(
      alignment.round(1, levels: report.levels(sizes: []), epochs: nil).level("all"))
    #expect(level.groups.map { $0.name } == ["left", "right", nil])
    #expect(level.groups[0].jaccard?.least == value(0, 1))
    #expect(level.groups[0].jaccard?.most == value(1, 2))
    #expect(abs((level.groups[2].jaccard?.mean ?? 0) - 0.3) < 1e-12)
    #expect(level.randIndex == 1)
    let features = RandIndex.adjusted([0, 0, 1, 0, 1, 1], [0, 0, 0, 1, 1, 1])
    #expect(level.randIndexToFeatures == features)
    #expect(alignment.randIndexOfFeatures(things: 6) == features)
    #expect(level.byJaccard.spearman == nil && level.byJaccard.perClass.isEmpty)
  }

  @Test func groupsThatDoNotFitAreToldTogether() throws {
    let error = #expect(throws: ExperimentError.self) {
      try KnownGroup.among(["cat", "dog", "ship"], [("a", ["cat", "dgo"]), ("b", ["cat"])])
    }
    let text = "\(try #require(error))"
    #expect(text.contains("'dgo' in 'a' is no subnetwork; did you mean 'dog'?"))
    #expect(text.contains("'cat' is in 'a' and in 'b'"))
    #expect(text.contains("'ship' is in no group"))
  }

  @Test func brokenFiguresGiveNoCorrelation() throws {
    let report = OverlapReport(
      round: 1, jaccard: [[1, .nan, 0.5], [0.5], []], chance: [[], [], []], unionParameters: 0,
      ownership: [], layers: [])
    let names = NameSimilarity(
      source: "", names: ["a", "b", "c"], values: [[1, 0.1, 0.2], [0.1, 1, 0.3], [0.2, 0.3, 1]])
    let level = try #require(
      MaskAlignment(names: names, test: PermutationTest(permutations: 9, seed: 1))
        .round(1, levels: report.levels(sizes: []), epochs: nil).level("all"))
    #expect(level.jaccard == nil && level.byJaccard.spearman == nil && level.byJaccard.p == nil)
  }
}
