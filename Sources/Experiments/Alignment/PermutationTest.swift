/// How often the names, given to the things at random, fit as well as they do: the significance of a
/// correlation between two similarities of the same things.
///
/// The pairs of a matrix are not independent, so the names of the things are shuffled (rows and
/// columns together, as in Mantel's test). One-sided, for a positive correlation: p = (b + 1) / (m + 1), b
/// the number of m shuffles whose correlation is at least the one that was found.
public struct PermutationTest: Sendable, Equatable {
  /// m, the number of shuffles.
  public let permutations: Int
  /// What the shuffles are drawn from.
  public let seed: UInt64

  /// A test with so many shuffles.
  public init(permutations: Int, seed: UInt64) {
    precondition(permutations > 0)
    self.permutations = permutations
    self.seed = seed
  }

  /// p of Spearman's correlation between each of some similarities and that of the names; all are judged
  /// by the same shuffles. `nil` where there is no correlation.
  /// - Parameters:
  ///   - similarities: for each pair of things, in the order of `PairList`.
  ///   - names: the same of their names.
  ///   - things: K.
  public func significance(
    of similarities: [[Double]], against names: [Double], things: Int
  ) -> [Double?] {
    guard things > 2, let own = Ranks(names) else { return similarities.map { _ in nil } }
    let ranks = similarities.map { $0.count == names.count ? Ranks($0) : nil }
    let found = ranks.map { $0?.product(with: own.centred) ?? 0 }
    var atLeast = [Int](repeating: 0, count: ranks.count)
    var random = SplitMix(seed: seed)
    var shuffled = own.centred
    for _ in 0..<permutations {
      let order = random.permutation(of: things)
      var place = 0
      for i in 0..<things {
        for j in (i + 1)..<max(things, i + 1) {
          shuffled[place] = own.centred[PairList.place(order[i], order[j], of: things)]
          place += 1
        }
      }
      for (index, ranks) in ranks.enumerated() {
        // The names keep their ranks, so products compare as correlations do.
        if let ranks, ranks.product(with: shuffled) >= found[index] { atLeast[index] += 1 }
      }
    }
    return zip(ranks, atLeast).map { ranks, count in
      ranks.map { _ in Double(count + 1) / Double(permutations + 1) }
    }
  }
}

/// SplitMix64: a small generator whose numbers are the same everywhere.
struct SplitMix {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Fisher and Yates' shuffle of 0..<count. The high half of a 128-bit product is below the bound; its
  /// bias is below 2⁻⁵⁰ for anything that is shuffled here.
  mutating func permutation(of count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      let chosen = Int(next().multipliedFullWidth(by: UInt64(last + 1)).high)
      order.swapAt(last, chosen)
    }
    return order
  }
}
