package import Experiments

/// What the screens show of one subnetwork.
package struct SubnetworkModel: Sendable {
  /// The subset's name, printable.
  package var name: String
  /// Its short label.
  package var letter: String
  /// Fraction of prunable weights removed.
  package var sparsity = 0.0
  /// Weights in the mask.
  package var weightsLeft: Int
  /// The latest quality on held-out data, and the stage that trained what was judged.
  package var quality: (stage: Stage, round: Int, figures: SubnetworkQuality)?
  /// The best balanced accuracy so far.
  package var bestBalancedAccuracy: Double?
  /// Mean J to the other masks; `nil` before the first comparison and for K = 1.
  package var meanJaccard: Double?
  /// The mean chance level of those J.
  package var meanChance: Double?
  /// Whether its mask stays while the others are pruned.
  package var isFrozen = false
  /// The last round in which its mask lost weights.
  package var prunedRound = 0
  /// Whether it has nothing to do in the present round.
  package var isResting = false
  /// The worst of its alarms.
  package var alarm: Alarm.Level?
  /// Algorithm 1.
  package var extraction = StageProgress()
  /// Algorithm 2.
  package var retraining = StageProgress()

  /// A subnetwork before its first step.
  package init(name: String, letter: String, weightsLeft: Int) {
    self.name = name
    self.letter = letter
    self.weightsLeft = weightsLeft
  }

  /// What stands beside its letter, colour or not: `!` for a warning, `X` for a critical alarm.
  package var alarmSign: String {
    switch alarm {
    case .warning: "!"
    case .critical: "X"
    case nil: ""
    }
  }

  /// What stands behind its letter: `=` if its mask is frozen.
  package var frozenSign: String { isFrozen ? "=" : "" }

  /// Its letter with its signs.
  package var label: String { letter + alarmSign + frozenSign }

  /// The progress in a stage; evaluation shows what it evaluates.
  package func progress(in stage: Stage) -> StageProgress {
    stage == .retraining ? retraining : extraction
  }
}
