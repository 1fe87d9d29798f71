public import Experiments
public import Tensors

/// Removes the lowest-magnitude surviving weights (paper §2, step 3), exactly as many as asked.
///
/// Ties are broken by index, lowest first. Selection is by two counting passes over the magnitudes'
/// bit patterns, never by sorting: non-negative floats order as their bits do, and a NaN ranks above
/// every number, so a diverged weight is the last to go.
public enum MagnitudePruning {
  /// The bits that are left after removing `count` of the ones in `bits`.
  /// - Parameters:
  ///   - bits: the surviving weights.
  ///   - weights: the trained values; `weights[i]` belongs to bit i.
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
      removeSmallest(count, in: 0..<bits.count, from: &remaining, weights: weights)
    case .layer:
      let survivors = layers.map { bits.populationCount(in: $0) }
      for (layer, share) in zip(layers, shares(of: count, among: survivors)) {
        removeSmallest(share, in: layer, from: &remaining, weights: weights)
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

  private static func removeSmallest(
    _ count: Int, in range: Range<Int>, from bits: inout BitVector,
    weights: UnsafeBufferPointer<Float>
  ) {
    let survivors = bits.populationCount(in: range)
    let count = min(count, survivors)
    guard count > 0 else { return }
    func magnitude(_ index: Int) -> UInt32 { weights[index].bitPattern & 0x7fff_ffff }

    // First the upper, then the lower half of the threshold's bits.
    var upper = [Int](repeating: 0, count: 1 << 15)
    for index in range where bits[index] { upper[Int(magnitude(index) >> 16)] += 1 }
    let (high, belowHigh) = bucket(of: count, in: upper)
    var lower = [Int](repeating: 0, count: 1 << 16)
    for index in range where bits[index] && magnitude(index) >> 16 == high {
      lower[Int(magnitude(index) & 0xffff)] += 1
    }
    let (low, belowLow) = bucket(of: count - belowHigh, in: lower)
    let threshold = UInt32(high) << 16 | UInt32(low)
    var tiesLeft = count - belowHigh - belowLow

    for index in range where bits[index] {
      let value = magnitude(index)
      if value < threshold {
        bits[index] = false
      } else if value == threshold, tiesLeft > 0 {
        bits[index] = false
        tiesLeft -= 1
      }
    }
  }

  /// The bucket that holds the `rank`-th smallest entry (from 1), and the entries before it.
  private static func bucket(of rank: Int, in histogram: [Int]) -> (index: Int, before: Int) {
    var before = 0
    for (index, entries) in histogram.enumerated() {
      if before + entries >= rank { return (index, before) }
      before += entries
    }
    return (histogram.count - 1, before)
  }
}
