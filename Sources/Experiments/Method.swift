/// What a run does: the method of the paper, one of its baselines, or a control at equal sparsity.
///
/// A method is two choices: where the masks come from, and whether the subnetworks are retrained on one
/// shared θ or each on a θ of its own. All start from the same θ₀ (paper §4).
public enum Method: String, Sendable, Codable, CaseIterable {
  /// Routing the Lottery: K masks extracted, one θ retrained jointly (paper §2, §3).
  case rtl
  /// One mask for all data and an ordinary multi-class network, trained twice as many epochs: the
  /// balanced mini-batches of K binary subnetworks show every sample about twice (paper §4).
  case impSingle = "imp_single"
  /// K masks extracted, K networks retrained, nothing shared (paper §4).
  case impMultiple = "imp_multiple"
  /// The one mask of an `imp_single` run for all K subnetworks, retrained jointly.
  case impSingleJoint = "imp_single_joint"
  /// K random masks, retrained jointly.
  case randomJoint = "random_joint"
  /// K random masks, K networks.
  case randomIndependent = "random_independent"
  /// The masks of another run, shuffled within each layer, retrained jointly.
  case shuffledJoint = "shuffled_joint"
  /// The masks of another run, shuffled within each layer, K networks.
  case shuffledIndependent = "shuffled_independent"
  /// The masks of another run, each given to the subnetwork before, retrained jointly: whether it matters
  /// whose mask a subnetwork has.
  case swappedJoint = "swapped_joint"
  /// All weights for all K subnetworks, retrained jointly.
  case denseJoint = "dense_joint"
  /// K dense networks.
  case denseIndependent = "dense_independent"

  /// Where masks come from.
  public enum Masks: Sendable {
    /// Rounds of training, pruning and rewinding: of this run, or of the one `masks_from` names.
    case extracted
    /// The one mask of the run that `masks_from` names, for every subnetwork.
    case single
    /// Drawn: each weight is as likely to go as any other.
    case random
    /// Those of the run that `masks_from` names, shuffled within each layer.
    case shuffled
    /// Those of the run that `masks_from` names, each of the next subnetwork, the last of the first.
    case swapped
    /// All ones.
    case dense
  }

  /// Where the masks come from.
  public var masks: Masks {
    switch self {
    case .rtl, .impSingle, .impMultiple: .extracted
    case .impSingleJoint: .single
    case .randomJoint, .randomIndependent: .random
    case .shuffledJoint, .shuffledIndependent: .shuffled
    case .swappedJoint: .swapped
    case .denseJoint, .denseIndependent: .dense
    }
  }

  /// Whether each subnetwork is retrained on a θ of its own.
  public var isIndependent: Bool {
    switch self {
    case .impMultiple, .randomIndependent, .shuffledIndependent, .denseIndependent: true
    default: false
    }
  }

  /// What the numbers of epochs are multiplied by, so that every method sees as many samples.
  public var exposure: Int { self == .impSingle ? 2 : 1 }
}

extension ExperimentConfig {
  /// Whether rounds of this run extract its masks.
  public var extractsMasks: Bool { method.masks == .extracted && masksFrom == nil }

  /// What the numbers of epochs are multiplied by. Regions of a picture and scenes have no negatives, so
  /// nothing is seen twice.
  var exposure: Int { task.kind.isClassification ? method.exposure : 1 }

  /// Epochs of a joint retraining (or of K independent ones).
  public var retrainingEpochs: Int { retraining.epochs * exposure }

  /// The sparsities at which subnetworks are retrained and judged; dense ones have the one that is none.
  public var targets: [Double] { method.masks == .dense ? [0] : extraction.targets }

  /// The config with what its method fixes: the one network of `imp_single` is a classifier of all
  /// classes on all data, or shows all of a picture, or enhances speech in all scenes.
  func withMethodApplied() -> ExperimentConfig {
    guard method == .impSingle else { return self }
    var config = self
    config.subsets = SubsetsConfig()
    config.subsets.by = .all
    if config.task.kind.isClassification { config.task.kind = .multiclass }
    return config
  }
}
