/// What two masks have in common within a stretch of weights, as whole numbers of weights.
public struct PairCounts: Sendable, Equatable {
  /// Weights in the first mask and not in the second.
  public var onlyFirst: Int
  /// Weights in both masks.
  public var both: Int
  /// Weights in the second mask and not in the first.
  public var onlySecond: Int

  /// Counted weights.
  public init(onlyFirst: Int, both: Int, onlySecond: Int) {
    self.onlyFirst = onlyFirst
    self.both = both
    self.onlySecond = onlySecond
  }

  /// Weights in at least one of the masks.
  public var union: Int { onlyFirst + both + onlySecond }

  /// J of the two masks; 1 where both are empty.
  public var jaccard: Double { union == 0 ? 1 : Double(both) / Double(union) }

  /// The counts of two stretches together.
  public static func + (first: PairCounts, second: PairCounts) -> PairCounts {
    PairCounts(
      onlyFirst: first.onlyFirst + second.onlyFirst, both: first.both + second.both,
      onlySecond: first.onlySecond + second.onlySecond)
  }

  /// The counts that a J stands for: with masks of a and b weights, |A ∩ B| = J (a + b) / (1 + J).
  ///
  /// J is a quotient of whole numbers rounded to 53 bits, so for anything up to 2⁴⁸ weights the
  /// nearest whole number is the count itself. `nil` if no whole numbers give this J.
  public init?(jaccard: Double, first: Int, second: Int) {
    guard jaccard.isFinite, (0...1).contains(jaccard), first >= 0, second >= 0,
      first < 1 << 48, second < 1 << 48
    else { return nil }
    let shared = (jaccard * Double(first + second) / (1 + jaccard)).rounded()
    let both = Int(shared)
    guard both <= min(first, second) else { return nil }
    self.init(onlyFirst: first - both, both: both, onlySecond: second - both)
    guard abs(self.jaccard - jaccard) <= 1e-9 * max(jaccard, 1e-3) else { return nil }
  }
}

extension LayerOverlap {
  /// Weights that a subnetwork's mask keeps in this layer; `nil` if its sparsity is of no whole number.
  /// - Parameter weights: the size of the layer.
  public func weightsLeft(of subnetwork: Int, weights: Int) -> Int? {
    guard sparsity.indices.contains(subnetwork), weights >= 0, weights < 1 << 48 else { return nil }
    let kept = (1 - sparsity[subnetwork]) * Double(weights)
    guard kept.isFinite, abs(kept - kept.rounded()) < 1e-3,
      (0...Double(weights)).contains(kept.rounded())
    else { return nil }
    return Int(kept.rounded())
  }

  /// What two masks have in common in this layer, exactly; `nil` if the figures are of no whole numbers.
  /// - Parameter weights: the size of the layer.
  public func counts(_ first: Int, _ second: Int, weights: Int) -> PairCounts? {
    guard jaccard.indices.contains(first), jaccard[first].indices.contains(second),
      let left = weightsLeft(of: first, weights: weights),
      let right = weightsLeft(of: second, weights: weights)
    else { return nil }
    return PairCounts(jaccard: jaccard[first][second], first: left, second: right)
  }
}
