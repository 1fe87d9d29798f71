/// Compares the masks of rounds with what is known of the classes (paper §8).
public struct MaskAlignment: Sendable {
  /// How alike the classes' names are; `nil` if nobody knows.
  public let names: NameSimilarity?
  /// Which classes belong together.
  public let groups: [KnownGroup]
  /// How many clusters the masks' tree is cut into for the Rand indices; `nil` for none.
  public let clusters: Int?
  /// The clusters that features give, by the members.
  public let featureClusters: [[Int]]?
  /// How significance is found; `nil` leaves it out.
  public let test: PermutationTest?

  /// A comparison with what is known.
  /// - Parameter clusters: as many as there are groups, unless it is given.
  public init(
    names: NameSimilarity?, groups: [KnownGroup] = [], clusters: Int? = nil,
    featureClusters: [[Int]]? = nil, test: PermutationTest? = nil
  ) {
    self.names = names
    self.groups = groups
    self.clusters = clusters ?? (groups.isEmpty ? nil : groups.count)
    self.featureClusters = featureClusters
    self.test = test
  }

  /// What the masks of one round amount to.
  /// - Parameters:
  ///   - levels: from `OverlapReport.levels`, those that are wanted.
  ///   - epochs: those that each subnetwork was trained for until then.
  public func round(_ round: Int, levels: [OverlapLevel], epochs: Int?) -> RoundAlignment {
    let similarities = levels.flatMap { level in [level.jaccard, Self.excess(of: level)] }
    let pairs = similarities.map(PairList.values)
    let things = levels.first?.jaccard.count ?? 0
    let own = names.flatMap { $0.names.count == things ? PairList.values(of: $0.values) : nil }
    let significance = own.flatMap { own in
      test?.significance(of: pairs, against: own, things: things)
    }
    func correlation(_ place: Int) -> LevelAlignment.Correlation {
      guard let names, let own else {
        return LevelAlignment.Correlation(spearman: nil, p: nil, perClass: [])
      }
      return LevelAlignment.Correlation(
        spearman: RankCorrelation.spearman(pairs[place], own), p: significance?[place],
        perClass: Self.perClass(similarities[place], names.values))
    }
    return RoundAlignment(
      round: round, epochs: epochs,
      levels: levels.enumerated().map { index, level in
        let tree = clusters.flatMap { count in
          (1...max(1, things)).contains(count)
            ? Dendrogram(similarity: level.jaccard).cut(into: count) : nil
        }
        return LevelAlignment(
          kind: level.kind, name: level.name, layers: level.layers, weights: level.weights,
          sparsity: level.sparsity.flatMap { LevelAlignment.Spread($0)?.mean },
          jaccard: LevelAlignment.Spread(pairs[2 * index]),
          chance: LevelAlignment.Spread(PairList.values(of: level.chance))?.mean,
          byJaccard: correlation(2 * index), byExcess: correlation(2 * index + 1),
          groups: spreads(level.jaccard),
          randIndex: groups.isEmpty
            ? nil : Self.agreement(tree, groups.map(\.members), things),
          randIndexToFeatures: Self.agreement(tree, featureClusters, things))
      })
  }

  /// The features' clusters against the known groups.
  /// - Parameter things: K.
  public func randIndexOfFeatures(things: Int) -> Double? {
    groups.isEmpty ? nil : Self.agreement(featureClusters, groups.map(\.members), things)
  }

  private static func agreement(_ first: [[Int]]?, _ second: [[Int]]?, _ things: Int) -> Double? {
    guard let first, let second, let a = RandIndex.assignment(first, count: things),
      let b = RandIndex.assignment(second, count: things)
    else { return nil }
    return RandIndex.adjusted(a, b)
  }

  private static func excess(of level: OverlapLevel) -> [[Double]] {
    zip(level.jaccard, level.chance).map { zip($0, $1).map { $0 - $1 } }
  }

  /// The correlation over the pairs of each class with the others.
  private static func perClass(_ masks: [[Double]], _ names: [[Double]]) -> [Double?] {
    masks.indices.map { i in
      let others = masks.indices.filter { $0 != i }
      return RankCorrelation.spearman(
        others.map { masks[i].indices.contains($0) ? masks[i][$0] : .nan },
        others.map { names[i][$0] })
    }
  }

  private func spreads(_ jaccard: [[Double]]) -> [LevelAlignment.GroupSpread] {
    guard !groups.isEmpty,
      let owner = RandIndex.assignment(
        groups.map(\.members), count: jaccard.count)
    else { return [] }
    func pairs(_ isWanted: (Int, Int) -> Bool) -> LevelAlignment.Spread? {
      let values = PairList.values(of: jaccard)
      let wanted = jaccard.indices.flatMap { i in
        jaccard.indices.dropFirst(i + 1).filter { isWanted(owner[i], owner[$0]) }
          .map { values[PairList.place(i, $0, of: jaccard.count)] }
      }
      return LevelAlignment.Spread(wanted)
    }
    return groups.indices.map { group in
      LevelAlignment.GroupSpread(
        name: groups[group].name, jaccard: pairs { $0 == group && $1 == group })
    } + [LevelAlignment.GroupSpread(name: nil, jaccard: pairs { $0 != $1 })]
  }
}
