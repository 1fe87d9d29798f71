public import Experiments

/// When the quality of a subnetwork counts as fallen.
public struct CollapseRule: Sendable, Equatable {
  /// The share of what is above chance that is lost: of a balanced accuracy, chance is 0.5.
  public var lostShare = 0.25
  /// The decibels that are lost, of a score in dB.
  public var lostDecibels = 3.0
  /// An alarm more than so many rounds before the fall tells nothing of it.
  public var horizon = 5

  /// The rule as it is stated.
  public init() {}

  /// The round from which on the score stays fallen: below its best until then by what the rule says,
  /// in this and in every later judgement; `nil` if there is none.
  ///
  /// Scores after joint retraining where at least three rounds have one; they are what is left of a
  /// subnetwork once θ is shared. Else those before the rewind.
  public func fall(of k: Int, in course: CollapseCourse) -> Int? {
    let scores = scores(of: k, in: course)
    var best = -Double.infinity
    var fallen: Int?
    for (round, score) in scores {
      best = max(best, score)
      if score < limit(best, course.metric) {
        fallen = fallen ?? round
      } else {
        fallen = nil
      }
    }
    return fallen
  }

  /// The scores that are judged by, with their rounds.
  public func scores(of k: Int, in course: CollapseCourse) -> [(round: Int, score: Double)] {
    let joint = course.rounds.compactMap { round in
      round.retrained[k].map { (round: round.round, score: $0) }
    }
    guard joint.count < 3 else { return joint }
    // A round judges the masks that it found, those of the round before.
    return course.rounds.enumerated().compactMap { index, round in
      round.extracted[k].map {
        (round: index > 0 ? course.rounds[index - 1].round : round.round - 1, score: $0)
      }
    }
  }

  private func limit(_ best: Double, _ metric: QualityMetric) -> Double {
    metric == .balancedAccuracy
      ? 0.5 + (1 - lostShare) * (best - 0.5) : best - lostDecibels
  }
}
