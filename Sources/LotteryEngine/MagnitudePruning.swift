public import Experiments
public import Tensors

/// Removes the lowest-magnitude surviving weights (paper §2, step 3), exactly as many as asked; or
/// those of the lowest magnitude of whatever a criterion says they are worth.
///
/// Ties are broken by index, lowest first. Selection is one pass over the weights, never a sort
/// (`BitVector.clearSmallest`); a NaN ranks above every number, so a diverged weight is the last to
/// go.
public enum MagnitudePruning {
  /// The bits that are left after removing `count` of the ones in `bits`.
  /// - Parameters:
  ///   - bits: the surviving weights.
  ///   - weights: the trained values, or what they are worth; `weights[i]` belongs to bit i.
  ///   - count: how many to remove; at most the number of ones is removed.
  ///   - ranking: whether all weights compete or each layer gives the same fraction.
  ///   - layers: the ranges of the prunable layers, covering all bits in order.
  public static func prune(
    _ bits: BitVector, weights: UnsafeBufferPointer<Float>, count: Int,
    ranking: ExtractionConfig.Ranking, layers: [Range<Int>]
  ) -> BitVector {
    precondition(weights.count >= bits.count && count >= 0)
    var remaining = bits
    switch ranking {
    case .global:
      remaining.clearSmallest(count, in: 0..<bits.count, weights: weights)
    case .layer:
      let survivors = layers.map { bits.populationCount(in: $0) }
      for (layer, share) in zip(layers, shares(of: count, among: survivors)) {
        remaining.clearSmallest(share, in: layer, weights: weights)
      }
    }
    return remaining
  }

  /// Splits a count in proportion to the survivors of each layer by largest remainder: the shares
  /// sum to the count exactly and no layer gives more than it has.
  package static func shares(of count: Int, among survivors: [Int]) -> [Int] {
    let total = survivors.reduce(0, +)
    let wanted = min(count, total)
    guard total > 0 else { return survivors.map { _ in 0 } }
    var shares = survivors.map { wanted * $0 / total }
    let order = survivors.indices.sorted { a, b in
      let (restA, restB) = (wanted * survivors[a] % total, wanted * survivors[b] % total)
      return restA != restB ? restA > restB : a < b
    }
    for layer in order.prefix(wanted - shares.reduce(0, +)) { shares[layer] += 1 }
    return shares
  }
}
