package import Experiments
package import Tensors

/// A rule that says what each weight is worth at the end of an extraction; those worth least go.
///
/// Worth is compared by its magnitude (`MagnitudePruning`): exact counts, ties by index and nesting hold
/// whatever the rule. A worth that is no number ranks above every other. A rule depends on nothing but
/// what it is handed, so the same seed gives the same masks on any number of threads.
package protocol PruningCriterion: Sendable {
  /// Whether it goes by the gradients of the round's last epoch.
  var gathersGradients: Bool { get }

  /// What each prunable weight is worth.
  func worth(of weights: TrainedWeights) -> FloatBuffer
}

extension PruningCriterion {
  package var gathersGradients: Bool { false }
}

/// The weights of a subnetwork at the end of its extraction, before the rewind.
package struct TrainedWeights {
  /// θ as trained, prunable weights first.
  package let trained: FloatBuffer
  /// θ₀.
  package let initial: FloatBuffer
  /// Σ |gradient · weight| over the last epoch; `nil` unless the criterion gathers it.
  package let sensitivities: FloatBuffer?
  /// How many weights are prunable.
  package let count: Int
  /// The run's seed.
  package let seed: UInt64
  /// The pruning round, from 1.
  package let round: Int
  /// Index of the subnetwork.
  package let subnetwork: Int

  /// The weights with what a criterion may go by.
  package init(
    trained: FloatBuffer, initial: FloatBuffer, sensitivities: FloatBuffer?, count: Int,
    seed: UInt64, round: Int, subnetwork: Int
  ) {
    self.trained = trained
    self.initial = initial
    self.sensitivities = sensitivities
    self.count = count
    self.seed = seed
    self.round = round
    self.subnetwork = subnetwork
  }
}

extension ExtractionConfig.Criterion {
  /// The rule of a name; adding one is a file and a line here.
  package var rule: any PruningCriterion {
    switch self {
    case .magnitude: MagnitudeCriterion()
    case .movement: MovementCriterion()
    case .taylor: TaylorCriterion()
    case .random: RandomCriterion()
    }
  }
}
