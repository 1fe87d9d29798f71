/// What a finished or running run amounts to; the content of `summary.json` and of
/// `rtl show --json`, whose keys are these names in snake case.
public struct RunSummary: Sendable, Codable, Equatable {
  /// The run's name.
  public var name: String
  /// The state it was last in.
  public var state: RunState
  /// The dataset's name.
  public var dataset: String
  /// The model's name.
  public var model: String
  /// The seed.
  public var seed: UInt64
  /// Pruning rounds finished.
  public var rounds: Int
  /// Weights used by at least one subnetwork.
  public var unionParameters: Int
  /// Weights a mask decides over.
  public var prunableParameters: Int
  /// All parameters of the dense network.
  public var totalParameters: Int
  /// Seconds since 1970 at the start.
  public var startedAt: Double
  /// Seconds from start to the last event.
  public var seconds: Double
  /// The latest figures of each subnetwork.
  public var subnetworks: [SubnetworkSummary]
  /// J(i, j), K×K, of the latest round.
  public var jaccard: [[Double]]
  /// Chance level of J(i, j), K×K.
  public var chanceJaccard: [[Double]]
  /// The evaluations after joint retraining, in order.
  public var evaluations: [EvaluationReport]
  /// The alarms that are raised and not cleared; `nil` in summaries from before there were any.
  public var alarms: [Alarm]? = []
  /// What persons said about moments of the run, in order; `nil` while there is nothing.
  public var notes: [Note]?

  /// Prunings of a round that has not finished; a round that is given up leaves no mask behind.
  var unfinishedRound: [PruneReport] = []

  private enum CodingKeys: String, CodingKey {
    case name, state, dataset, model, seed, rounds, unionParameters, prunableParameters
    case totalParameters, startedAt, seconds, subnetworks, jaccard, chanceJaccard, evaluations
    case alarms, notes
  }

  /// The worst level of the alarms; `nil` if all is well.
  public var alarmLevel: Alarm.Level? { alarms?.map(\.level).max() }

  /// The alarms in words: level, subnetwork, reason in numbers.
  public var alarmLines: [String] {
    (alarms ?? []).map { alarm in
      let name =
        subnetworks.indices.contains(alarm.subnetwork)
        ? subnetworks[alarm.subnetwork].name : "subnetwork \(alarm.subnetwork)"
      return "\(alarm.level.word) \(name): \(alarm.reason) (round \(alarm.round))"
    }
  }

  /// A summary with nothing measured yet.
  public init(description: RunDescription, startedAt: Double) {
    name = description.runName
    state = .preparing
    dataset = description.dataset
    model = description.model
    seed = description.seed
    rounds = 0
    unionParameters = description.prunableParameters
    prunableParameters = description.prunableParameters
    totalParameters = description.totalParameters
    self.startedAt = startedAt
    seconds = 0
    subnetworks = description.subnetworks.map {
      SubnetworkSummary(name: $0, weightsLeft: description.prunableParameters)
    }
    // Before the first round all masks are dense, and so the same: J and its chance level are 1.
    let count = description.subnetworks.count
    jaccard = Array(repeating: Array(repeating: 1, count: count), count: count)
    chanceJaccard = jaccard
    evaluations = []
  }
}

/// The latest figures of one subnetwork; quality after joint retraining, `nil` before the first.
public struct SubnetworkSummary: Sendable, Codable, Equatable {
  /// The subset's name.
  public var name: String
  /// Fraction of prunable weights removed.
  public var sparsity = 0.0
  /// Weights in the mask.
  public var weightsLeft: Int
  /// (recall + specificity) / 2 on held-out data.
  public var balancedAccuracy: Double?
  /// On held-out data.
  public var precision: Double?
  /// On held-out data.
  public var recall: Double?
  /// On held-out data.
  public var f1: Double?
  /// What it is judged by if not by these; `nil` for classifiers, and not written then.
  public var score: QualityScore?
  /// Mean J to the other masks; `nil` for K = 1 and before the first round.
  public var meanJaccard: Double?

  /// A subnetwork that was not judged yet.
  public init(name: String, weightsLeft: Int) {
    self.name = name
    self.weightsLeft = weightsLeft
  }

  /// Writes every key, `null` where there is no figure yet.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(sparsity, forKey: .sparsity)
    try container.encode(weightsLeft, forKey: .weightsLeft)
    try container.encode(balancedAccuracy, forKey: .balancedAccuracy)
    try container.encode(precision, forKey: .precision)
    try container.encode(recall, forKey: .recall)
    try container.encode(f1, forKey: .f1)
    try container.encodeIfPresent(score, forKey: .score)
    try container.encode(meanJaccard, forKey: .meanJaccard)
  }
}
