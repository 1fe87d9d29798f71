/// The lowest score that counts as a yes, chosen on images whose answers are known.
package enum DecisionThreshold {
  /// What a threshold is chosen for.
  package enum Goal: Sendable, Equatable {
    /// The largest F1; of several the highest threshold.
    case bestF1
    /// The highest threshold that finds at least this share of the members.
    case recall(Double)
  }

  /// A threshold for scores; 1 where nothing is a member.
  package static func choose(_ goal: Goal, scores: [Double], isMember: [Bool]) -> Double {
    let members = isMember.count { $0 }
    guard members > 0 else { return 1 }
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    var counts = BinaryConfusion()
    counts.falseNegatives = members
    var best = (f1: -1.0, threshold: 1.0)
    for (place, index) in order.enumerated() {
      if isMember[index] {
        counts.truePositives += 1
        counts.falseNegatives -= 1
      } else {
        counts.falsePositives += 1
      }
      // Equal scores are accepted together.
      let next = place + 1 < order.count ? scores[order[place + 1]] : 0
      guard place + 1 == order.count || next < scores[index] else { continue }
      let middle = (scores[index] + next) / 2
      let threshold = middle > next ? middle : scores[index]
      switch goal {
      case .bestF1: if counts.f1 > best.f1 { best = (counts.f1, threshold) }
      case .recall(let wanted): if counts.recall >= wanted { return threshold }
      }
    }
    return best.threshold
  }
}
