public import Experiments

/// How many weights each round removes, so that every target sparsity is met exactly.
///
/// A round removes `prune_count` weights (paper §4); the round that would pass a target removes just
/// what is missing to it. (The paper's sizes, 94 K, 63 K and 31 K of 126 K, are the targets met
/// exactly; no multiple of 4,096 gives them.)
public struct PruningSchedule: Sendable, Equatable {
  /// Weights a mask decides over.
  public let prunableCount: Int
  /// Weights removed in a full round.
  public let pruneCount: Int
  /// Ascending target sparsities.
  public let targets: [Double]

  /// The schedule of a config over a network.
  public init(_ config: ExtractionConfig, prunableCount: Int) {
    self.prunableCount = prunableCount
    pruneCount = config.pruneCount
    targets = config.targets
  }

  /// Makes sure that every target asks for weights of its own and leaves some.
  /// - Throws: `EngineError.unsupported` with the target and the counts.
  public func check() throws {
    var before = 0
    for target in targets {
      let count = removed(at: target)
      guard count > before, count < prunableCount else {
        let fault =
          count >= prunableCount
          ? "leaves none" : before == 0 ? "removes none" : "removes as many as the target before it"
        throw EngineError.unsupported(
          "extraction.targets: \(target) of \(prunableCount) prunable weights \(fault)")
      }
      before = count
    }
  }

  /// Weights removed at a target, rounded to the nearest.
  public func removed(at target: Double) -> Int {
    Int((target * Double(prunableCount)).rounded())
  }

  /// What the next round removes from masks that have lost `removed` weights; `nil` once the last
  /// target is reached.
  public func nextCount(removed: Int) -> Int? {
    guard let target = targets.map(self.removed(at:)).first(where: { $0 > removed }) else {
      return nil
    }
    return min(pruneCount, target - removed)
  }

  /// The highest target that a round from `before` to `after` removed weights has reached.
  public func targetReached(from before: Int, to after: Int) -> Double? {
    targets.last { removed(at: $0) > before && removed(at: $0) <= after }
  }

  /// Rounds from the dense network to the last target.
  public var plannedRounds: Int {
    var (removed, rounds) = (0, 0)
    while let count = nextCount(removed: removed) {
      removed += count
      rounds += 1
    }
    return rounds
  }
}
