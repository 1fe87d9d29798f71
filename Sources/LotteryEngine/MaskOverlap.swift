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
  public static func chance(_ a: Double, _ b: Double) -> Double {
    let union = a + b - a * b
    return union == 0 ? 1 : a * b / union
  }

  /// Compares all masks of a round.
  /// - Parameters:
  ///   - masks: K masks of the same length.
  ///   - layers: names and ranges of the prunable layers, shallow to deep.
  public static func report(
    round: Int, masks: [BitVector], layers: [(name: String, range: Range<Int>)]
  ) -> OverlapReport {
    let count = masks.first?.count ?? 0
    let whole = compare(masks, in: 0..<count)
    return OverlapReport(
      round: round, jaccard: whole.jaccard, chance: whole.chance,
      unionParameters: unionCount(masks), ownership: ownership(of: masks),
      layers: layers.map { layer in
        let pairs = compare(masks, in: layer.range)
        return LayerOverlap(
          name: layer.name, sparsity: pairs.density.map { 1 - $0 }, jaccard: pairs.jaccard,
          chance: pairs.chance)
      })
  }

  /// Weights that are in at least one of the masks (the paper's #params).
  public static func unionCount(_ masks: [BitVector]) -> Int {
    guard var union = masks.first else { return 0 }
    for mask in masks.dropFirst() { union.formUnion(mask) }
    return union.populationCount
  }

  /// How many weights are in exactly n of the masks, n = 0…K.
  public static func ownership(of masks: [BitVector]) -> [Int] {
    var histogram = [Int](repeating: 0, count: masks.count + 1)
    guard let count = masks.first?.count else { return histogram }
    var owners = [UInt16](repeating: 0, count: count)
    for mask in masks {
      for (word, bits) in mask.words.enumerated() {
        var rest = bits
        while rest != 0 {
          owners[word * 64 + rest.trailingZeroBitCount] += 1
          rest &= rest - 1
        }
      }
    }
    for owner in owners { histogram[Int(owner)] += 1 }
    return histogram
  }

  private static func compare(
    _ masks: [BitVector], in range: Range<Int>
  ) -> (density: [Double], jaccard: [[Double]], chance: [[Double]]) {
    let density = masks.map { mask in
      range.isEmpty ? 0 : Double(mask.populationCount(in: range)) / Double(range.count)
    }
    var jaccard = masks.map { _ in [Double](repeating: 1, count: masks.count) }
    var expected = jaccard
    for i in masks.indices {
      for j in masks.indices {
        expected[i][j] = chance(density[i], density[j])
        guard j > i else { continue }
        let pair = masks[i].overlap(with: masks[j], in: range)
        jaccard[i][j] = Self.jaccard(intersection: pair.intersection, union: pair.union)
        jaccard[j][i] = jaccard[i][j]
      }
    }
    return (density, jaccard, expected)
  }
}
