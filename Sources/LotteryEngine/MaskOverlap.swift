public import Experiments
public import Tensors

/// The similarity of masks (paper §8): Jaccard index of every pair, globally and per layer, beside
/// the level that chance alone would give.
public enum MaskOverlap {
  /// J of two sets by the sizes of their intersection and union; 1 if both are empty.
  public static func jaccard(intersection: Int, union: Int) -> Double {
    union == 0 ? 1 : Double(intersection) / Double(union)
  }

  /// Expectation of J for two independent masks of densities a and b: ab / (a + b − ab); 1 if both
  /// are empty.
  public static func chance(_ a: Double, _ b: Double) -> Double { PairCounts.chance(a, b) }

  /// Compares all masks of a round.
  /// - Parameters:
  ///   - masks: K masks of the same length.
  ///   - layers: names and ranges of the prunable layers, shallow to deep.
  public static func report(
    round: Int, masks: [BitVector], layers: [(name: String, range: Range<Int>)]
  ) -> OverlapReport {
    let count = masks.first?.count ?? 0
    let whole = compare(masks, in: 0..<count)
    let ownership = ownership(of: masks)
    return OverlapReport(
      round: round, jaccard: whole.jaccard, chance: whole.chance,
      unionParameters: ownership.dropFirst().reduce(0, +), ownership: ownership,
      layers: layers.map { layer in
        let pairs = compare(masks, in: layer.range)
        return LayerOverlap(
          name: layer.name, sparsity: pairs.density.map { 1 - $0 }, jaccard: pairs.jaccard,
          chance: pairs.chance)
      })
  }

  /// Weights that are in at least one of the masks (the paper's #params).
  public static func unionCount(_ masks: [BitVector]) -> Int {
    BitVector.owners(masks).dropFirst().reduce(0, +)
  }

  /// How many weights are in exactly n of the masks, n = 0…K.
  public static func ownership(of masks: [BitVector]) -> [Int] {
    BitVector.owners(masks)
  }

  /// What pairs of masks have in common: `[i][j]`, symmetric.
  public struct Pairs: Sendable, Equatable {
    /// Fraction of the range that each mask keeps.
    public let density: [Double]
    /// J of each pair; 1 on the diagonal.
    public let jaccard: [[Double]]
    /// The level of independent masks of these densities.
    public let chance: [[Double]]
  }

  /// Compares all pairs of masks within a range of weights.
  /// - Parameter pool: whose threads share the work.
  public static func compare(
    _ masks: [BitVector], in range: Range<Int>, pool: WorkerPool = WorkerPool(threads: 1)
  ) -> Pairs {
    let shared = BitVector.shared(masks, in: range, pool: pool)
    let density = masks.indices.map { i in
      range.isEmpty ? 0 : Double(shared[i][i]) / Double(range.count)
    }
    return Pairs(
      density: density,
      jaccard: masks.indices.map { i in
        masks.indices.map { j in
          jaccard(
            intersection: shared[i][j], union: shared[i][i] + shared[j][j] - shared[i][j])
        }
      },
      chance: density.map { a in density.map { chance(a, $0) } })
  }
}
