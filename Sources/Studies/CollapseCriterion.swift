public import Experiments
internal import Foundation

/// A sign of collapse that can be read off the masks: a figure for each subnetwork and round, and the
/// limit from which it is an alarm (paper §8).
public struct CollapseCriterion: Sendable {
  /// Its name on the command line and in tables.
  public let key: String
  /// What the figure is.
  public let meaning: String
  /// The figure from which it is an alarm.
  public let limit: Double
  /// The figure of subnetwork k in each round of a course; `nan` where there is none.
  let figures: @Sendable (CollapseCourse, Int) -> [Double]

  /// The same with another limit.
  public func limited(to limit: Double) -> CollapseCriterion {
    CollapseCriterion(key: key, meaning: meaning, limit: limit, figures: figures)
  }

  /// The first round in which subnetwork k gives the alarm; `nil` if it never does.
  public func alarm(of k: Int, in course: CollapseCourse) -> Int? {
    zip(course.rounds, figures(course, k)).first { $0.1 >= limit }?.0.round
  }

  /// The largest figure of subnetwork k before a round, for choosing a limit; `nil` of none.
  public func highest(of k: Int, in course: CollapseCourse, before round: Int) -> Double? {
    zip(course.rounds, figures(course, k)).filter { $0.0.round < round && $0.1.isFinite }
      .map(\.1).max()
  }

  // MARK: - The criteria

  /// The paper's: J of a mask to the others rises, though it is pruned further.
  public static let rise = CollapseCriterion(
    key: "rise", meaning: "mean J above its lowest", limit: 0.02
  ) { course, k in
    above(course.rounds.map { value($0.jaccard, k) })
  }

  /// What is shared beyond random masks of the same layer densities, over what could be shared.
  public static let corrected = CollapseCriterion(
    key: "corrected",
    meaning:
      "(J − c) / (1 − c) above its lowest, c that of random masks with the same layer densities",
    limit: 0.05
  ) { course, k in
    above(
      course.rounds.map { round in
        let (jaccard, chance) = (value(round.jaccard, k), value(round.layerChance, k))
        return chance < 1 ? (jaccard - chance) / (1 - chance) : .nan
      })
  }

  /// How fast J rises while the mask shrinks.
  public static let slope = CollapseCriterion(
    key: "slope",
    meaning: "rise of mean J in a round, over the logarithm of how much denser it was",
    limit: 0.15
  ) { course, k in
    course.rounds.indices.map { index in
      guard index > 0 else { return .nan }
      let (before, now) = (course.rounds[index - 1], course.rounds[index])
      let shrinking = log((1 - value(before.sparsity, k)) / (1 - value(now.sparsity, k)))
      guard shrinking > 0, shrinking.isFinite else { return .nan }
      return (value(now.jaccard, k) - value(before.jaccard, k)) / shrinking
    }
  }

  /// The layer in which J has risen most; a layer that two masks have lost
  /// counts as J 1, so that the emptying of layers raises it, too.
  public static let layer = CollapseCriterion(
    key: "layer", meaning: "mean J above its lowest in the layer where that is most", limit: 0.1
  ) { course, k in
    let count = course.rounds.map(\.layers.count).max() ?? 0
    var worst = course.rounds.map { _ in Double.nan }
    for layer in 0..<count {
      let rises = above(
        course.rounds.map { round in
          guard round.layers.indices.contains(layer), round.layers[layer].indices.contains(k) else {
            return .nan
          }
          return Double(round.layers[layer][k])
        })
      for (index, rise) in rises.enumerated() where rise.isFinite {
        worst[index] = worst[index].isFinite ? max(worst[index], rise) : rise
      }
    }
    return worst
  }

  /// The spectrum of the matrix of J draws together: of all masks at once.
  public static let spectrum = CollapseCriterion(
    key: "spectrum", meaning: "fall of the effective number of masks from its highest, as a share",
    limit: 0.05
  ) { course, _ in
    var highest = -Double.infinity
    return course.rounds.map { round in
      guard round.effectiveMasks.isFinite else { return .nan }
      highest = max(highest, round.effectiveMasks)
      return 1 - round.effectiveMasks / highest
    }
  }

  /// All of them, in the order of tables.
  public static let all = [rise, corrected, slope, layer, spectrum]

  /// All of them, some with other limits.
  /// - Parameter limits: as `key=number`, above 0.
  /// - Throws: `StudyError.badLimit`.
  public static func all(limits: [String]) throws -> [CollapseCriterion] {
    try limits.reduce(all) { criteria, text in
      let parts = text.split(separator: "=", omittingEmptySubsequences: false)
      let keys = all.map(\.key)
      guard parts.count == 2 else {
        throw StudyError.badLimit(
          text, reason: "expected NAME=NUMBER with one of \(keys.joined(separator: ", "))")
      }
      guard let index = criteria.firstIndex(where: { $0.key == parts[0] }) else {
        throw StudyError.badLimit(
          text,
          reason: "no criterion '\(parts[0])'; "
            + (NearestName.find(String(parts[0]), among: keys).map { "did you mean '\($0)'?" }
              ?? "there are \(keys.joined(separator: ", "))"))
      }
      guard let limit = Double(parts[1]), limit > 0, limit.isFinite else {
        throw StudyError.badLimit(text, reason: "found '\(parts[1])', expected a number above 0")
      }
      var changed = criteria
      changed[index] = criteria[index].limited(to: limit)
      return changed
    }
  }

  // MARK: - Parts

  private static func value(_ values: [Double], _ k: Int) -> Double {
    values.indices.contains(k) ? values[k] : .nan
  }

  /// How far each value is above the lowest up to it.
  private static func above(_ values: [Double]) -> [Double] {
    var lowest = Double.infinity
    return values.map { value in
      guard value.isFinite else { return .nan }
      lowest = min(lowest, value)
      return value - lowest
    }
  }
}
