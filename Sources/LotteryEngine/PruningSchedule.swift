public import Experiments

/// How many weights each round removes, so that every target sparsity is met exactly.
///
/// A round removes `prune_count` weights (paper §4), or as many as lead to the next stop of another
/// schedule; the round that would pass a target removes just what is missing to it. (The paper's sizes, 94 K, 63 K and 31 K of 126 K, are the targets met
/// exactly; no multiple of 4,096 gives them.)
public struct PruningSchedule: Sendable, Equatable {
  /// Weights a mask decides over.
  public let prunableCount: Int
  /// Weights removed in a full round.
  public let pruneCount: Int
  /// Ascending target sparsities.
  public let targets: [Double]
  /// Ascending numbers of removed weights at which rounds of a schedule end; `nil` of constant counts.
  let stops: [Int]?
  /// The largest share of its weights that a mask may lose in a planned round.
  let largestShare: Double

  /// The schedule of a config over a network. Masks that are not extracted come to each target at once.
  public init(_ config: ExperimentConfig, prunableCount: Int) {
    self.prunableCount = prunableCount
    pruneCount = config.extractsMasks ? config.extraction.pruneCount : prunableCount
    targets = config.targets
    stops = config.extractsMasks ? Self.stops(config, prunableCount: prunableCount) : nil
    largestShare = config.extractsMasks ? config.extraction.largestShare : 1
  }

  /// Makes sure that every target asks for weights of its own and leaves some.
  /// - Throws: `EngineError.unsupported` with the target and the counts.
  public func check() throws {
    var before = 0
    for target in targets where target > 0 {
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
    return count(asked: pruneCount, removed: removed, target: target)
  }

  /// What the next planned round does with masks that have lost so many weights; `nil` once all of
  /// them have reached the last target.
  ///
  /// A target is reached when every mask has (paper §2, Algorithm 1). Masks that lose more in a round
  /// than others come to it earlier, and rest until the others have come, too. A frozen mask is not
  /// waited for.
  /// - Parameters:
  ///   - standing: the settings in force.
  ///   - removed: weights removed from each mask so far.
  package func plan(_ standing: StandingSettings, removed: [Int]) -> RoundPlan? {
    guard let least = leastRemoved(removed, standing),
      let target = targets.map(self.removed(at:)).first(where: { $0 > least })
    else { return nil }
    func landing(_ settings: RoundSettings, from removed: Int) -> RoundSettings {
      var settings = settings
      settings.pruneCount = count(
        asked: settings.pruneCount, removed: removed, target: target)
      return settings
    }
    var plan = RoundPlan(landing(standing.general, from: least))
    for (k, count) in removed.enumerated() {
      if standing.isFrozen(k) || count >= target {
        plan.resting.append(k)
      } else {
        let own = landing(standing[k], from: count)
        if own != plan.settings { plan.own[k] = own }
      }
    }
    return plan
  }

  /// Weights that every mask has lost that is not frozen; `nil` if all are.
  package func leastRemoved(_ removed: [Int], _ standing: StandingSettings) -> Int? {
    removed.indices.filter { !standing.isFrozen($0) }.map { removed[$0] }.min()
  }

  /// The highest target that a round from `before` to `after` removed weights has reached.
  public func targetReached(from before: Int, to after: Int) -> Double? {
    targets.last { removed(at: $0) > before && removed(at: $0) <= after }
  }

  /// Rounds from the dense network to the last target; the target of dense subnetworks takes one.
  public var plannedRounds: Int {
    var (removed, rounds) = (0, targets.first == 0 ? 1 : 0)
    while let count = nextCount(removed: removed) {
      removed += count
      rounds += 1
    }
    return rounds
  }
}
