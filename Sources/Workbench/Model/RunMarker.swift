package import Experiments

/// A moment worth a line on the charts.
package struct RunMarker: Sendable, Equatable {
  /// What happened.
  package enum Kind: Sendable, Equatable {
    /// A round's masks lost weights.
    case prune
    /// A round's masks were pruned and rewound.
    case rewind
    /// A target sparsity was reached.
    case target(Double)
    /// The engine stood still.
    case pause
    /// Joint retraining began.
    case retraining
    /// The collapse watch raised an alarm.
    case alarm(Alarm.Level)
    /// A person's words.
    case note(String)

    /// How much room it deserves where several things happened at once; 0 deserves most.
    var rank: Int {
      switch self {
      case .note: 0
      case .alarm: 1
      case .target, .retraining: 2
      case .pause: 3
      case .rewind: 4
      case .prune: 5
      }
    }

    /// The rank of what happens most often.
    static let lowestRank = 5
  }

  /// What happened.
  package var kind: Kind
  /// The stage it belongs to.
  package var stage: Stage
  /// The pruning round.
  package var round: Int
  /// Steps taken in that stage: by the furthest subnetwork, or by the one that was spoken of.
  package var step: Int
  /// Seconds since the run started.
  package var seconds: Double
}

/// A line of the log.
package struct LogLine: Sendable, Equatable {
  /// How much it matters.
  package enum Level: Sendable, Equatable {
    case detail, info, good, warning, error

    /// Whether it asks for attention.
    package var isWarning: Bool { self == .warning || self == .error }
  }

  /// Seconds since the run started.
  package var seconds: Double
  /// How much it matters.
  package var level: Level
  /// One line, printable.
  package var text: String
}

/// What a round came to, in a few figures.
package struct RoundRecord: Sendable, Equatable {
  /// The pruning round, from 1.
  package var round: Int
  /// Mean sparsity after it.
  package var sparsity: Double
  /// Weights used by at least one subnetwork.
  package var unionParameters: Int?
  /// Mean J over all pairs.
  package var jaccard = Double.nan
  /// Mean chance level over all pairs.
  package var chance = Double.nan
  /// Mean J of each subnetwork to the others.
  package var subnetworks: [Double] = []
  /// Mean J of each prunable layer.
  package var layers: [Double] = []
  /// Quality of each judged subnetwork before its rewind.
  package var extracted: [Int: Double] = [:]
  /// Quality of each judged subnetwork after joint retraining.
  package var retrained: [Int: Double] = [:]
  /// Quality of all together after joint retraining, for tasks that judge it.
  package var overall: Double?
  /// The target that it reached.
  package var target: Double?
  /// The worst alarm that was raised when it ended; `nil` if all was well.
  package var alarm: Alarm.Level?

  /// What joint retraining came to: all together, or the mean of the subnetworks.
  package var jointQuality: Double? { overall ?? Self.mean(retrained) }

  /// The mean of some figures; `nil` for none.
  package static func mean(_ figures: [Int: Double]) -> Double? {
    figures.isEmpty ? nil : figures.values.sorted().reduce(0, +) / Double(figures.count)
  }
}
