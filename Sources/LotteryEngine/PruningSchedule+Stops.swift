internal import Experiments
internal import Foundation

extension PruningSchedule {
  /// Numbers of removed weights at which the rounds of a schedule end, ascending; `nil` of constant
  /// counts.
  ///
  /// After round i of n, of N weights and up to the last target s:
  /// geometric N (1 − (1 − s)^(i/n)), cubic N s (1 − (1 − i/n)³). The stop nearest to a target is
  /// moved onto it, so that n rounds meet all of them. A stop is a place and no number of a round:
  /// who comes there otherwise, by hand or in a branch, goes on to the next.
  static func stops(_ config: ExperimentConfig, prunableCount: Int) -> [Int]? {
    let schedule = config.extraction.schedule
    let targets = config.targets.map { Int(($0 * Double(prunableCount)).rounded()) }
    guard schedule != .constant, let last = config.targets.last else { return nil }
    guard schedule.hasRounds else { return targets }
    let rounds = config.extraction.rounds ?? constantRounds(config, to: targets)
    let total = Double(prunableCount)
    var free = (1...max(1, rounds)).map { round -> Int in
      let share = Double(round) / Double(max(1, rounds))
      return switch schedule {
      case .geometric: Int((total * (1 - pow(1 - last, share))).rounded())
      default: Int((total * last * (1 - pow(1 - share, 3))).rounded())
      }
    }
    for target in targets {
      guard let nearest = free.indices.min(by: { abs(free[$0] - target) < abs(free[$1] - target) })
      else { break }
      free.remove(at: nearest)
    }
    return Set(free + targets).filter { $0 > 0 }.sorted()
  }

  /// Rounds in which constant counts meet some targets.
  private static func constantRounds(_ config: ExperimentConfig, to targets: [Int]) -> Int {
    var before = 0
    return targets.reduce(0) { rounds, target in
      defer { before = target }
      return rounds + (target - before + config.extraction.pruneCount - 1)
        / config.extraction.pruneCount
    }
  }

  /// What a planned round removes from a mask.
  ///
  /// The config's own count leaves the choice to the schedule; one that a person has set since goes
  /// before it. Neither passes the target, nor removes a larger share of the mask than is allowed.
  func count(asked: Int, removed: Int, target: Int) -> Int {
    var count = asked
    if asked == pruneCount, let stop = stops?.first(where: { $0 > removed }) {
      count = stop - removed
    }
    let most = max(1, Int(largestShare * Double(prunableCount - removed)))
    return min(count, most, target - removed)
  }
}
