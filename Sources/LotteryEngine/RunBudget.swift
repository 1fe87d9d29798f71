package import Experiments

/// How far a run may still go before it stands still, kept over a checkpoint.
package struct RunBudget: Sendable, Codable, Equatable {
  /// What was asked for.
  package let length: RunLength
  /// What each subnetwork has used of it, in batches or epochs.
  private var used: [Int: Int] = [:]
  /// Rounds that have finished.
  private var rounds = 0

  /// A budget of which nothing is used.
  package init(_ length: RunLength) {
    self.length = length
  }

  /// Counts one unit of a subnetwork.
  package mutating func use(_ unit: RunLength.Unit, of k: Int) {
    if unit == length.unit { used[k, default: 0] += 1 }
  }

  /// Counts a round.
  package mutating func finishRound() {
    rounds += 1
  }

  /// Whether a subnetwork has had its share.
  package func isSpent(_ k: Int) -> Bool {
    length.unit != .rounds && used[k, default: 0] >= length.count
  }

  /// Whether all rounds have been run.
  package var hasFinishedRounds: Bool { length.unit == .rounds && rounds >= length.count }

  /// Whether the counts are ones that a run of K subnetworks can have.
  package func isPossible(subnetworks: Int) -> Bool {
    (1...RunLength.mostUnits).contains(length.count) && rounds >= 0
      && used.allSatisfy { (0..<subnetworks).contains($0.key) && $0.value >= 0 }
  }
}
