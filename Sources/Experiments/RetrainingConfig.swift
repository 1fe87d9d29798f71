internal import Foundation

/// The `retraining` section: Algorithm 2 (paper §3).
public struct RetrainingConfig: Sendable, Equatable, Codable {
  /// When joint retraining happens.
  public var when: Moment = .atTargets
  /// Epochs; in one epoch every subnetwork sees M = max M_k batches.
  public var epochs = 10
  /// The learning rate of retraining; `nil` is the optimizer's.
  public var learningRate: Double?
  /// How the learning rate falls from the first step to the last.
  public var decay: Decay = .none

  /// The defaults.
  public init() {}

  /// The courses of a learning rate; the paper has a constant one (§4).
  public enum Decay: String, Sendable, Codable, CaseIterable {
    /// It stays.
    case none
    /// In a straight line, to 0 after the last step.
    case linear
    /// Half a cosine wave, to 0 after the last step.
    case cosine

    /// What the learning rate is multiplied by.
    /// - Parameter progress: the share of the steps that has been taken, 0 to 1.
    package func factor(at progress: Double) -> Double {
      switch self {
      case .none: 1
      case .linear: 1 - progress
      case .cosine: (1 + cos(.pi * progress)) / 2
      }
    }
  }

  /// The moments of joint retraining (paper §10).
  public enum Moment: String, Sendable, Codable, CaseIterable {
    /// At each target sparsity, from the masks of that round.
    case atTargets = "at_targets"
    /// After every round.
    case everyRound = "every_round"
    /// Once, at the last target.
    case final
  }
}
