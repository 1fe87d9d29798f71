extension ExtractionConfig {
  /// What a weight is judged by when some have to go.
  public enum Criterion: String, Sendable, Codable, CaseIterable {
    /// |θ|: the smallest go (paper §2).
    case magnitude
    /// |θ − θ₀|: those that training moved least go.
    case movement
    /// Σ |gradient · weight| over the last epoch of the round: those that the loss minds least go.
    case taylor
    /// Drawn by the seed: a control.
    case random
  }

  /// How the weights that go are spread over the rounds.
  public enum Schedule: String, Sendable, Codable, CaseIterable {
    /// The same number in each (paper §4).
    case constant
    /// The same share of what is left in each.
    case geometric
    /// s (1 − (1 − i/n)³) removed after round i of n: many at first, few at the end.
    case cubic
    /// Each target in one round.
    case oneShot = "one_shot"

    /// Whether it spreads over a number of rounds that can be chosen.
    public var hasRounds: Bool { self == .geometric || self == .cubic }
  }

  /// The rule that chooses weights, as masks keep it.
  package var rule: String { "\(criterion.rawValue), \(ranking.rawValue)" }

  /// How weights are pruned, in words; `nil` if by magnitude and constant count.
  package var pruning: String? {
    guard criterion != .magnitude || schedule != .constant else { return nil }
    let counts = schedule == .oneShot ? "one shot" : "\(schedule.rawValue) schedule"
    return "\(criterion.rawValue), \(counts)"
  }
}

extension ConfigSchema {
  /// What cannot be seen key by key in the `extraction` section.
  static func contradictions(_ extraction: ExtractionConfig) -> [(String, String)] {
    guard extraction.rounds != nil, !extraction.schedule.hasRounds else { return [] }
    return [
      (
        "extraction.rounds",
        "has no meaning with extraction.schedule '\(extraction.schedule.rawValue)'; "
          + "'geometric' and 'cubic' spread over a number of rounds"
      )
    ]
  }
}
