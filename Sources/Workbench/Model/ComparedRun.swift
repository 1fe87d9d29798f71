package import Experiments

/// What a comparison needs of a run: a pure fold of its events, steps and epochs not needed.
package struct ComparedRun: Sendable, Equatable {
  /// A round as it ended.
  package struct Round: Sendable, Equatable {
    /// Counted from 1.
    package var round: Int
    /// Sparsity of each subnetwork.
    package var sparsity: [Double]
    /// Quality of each judged subnetwork, before its rewind or after joint retraining.
    package var extracted: [Int: Double] = [:]
    package var retrained: [Int: Double] = [:]
    /// Quality of all together after joint retraining, for tasks that judge it.
    package var overall: Double?
    /// Held-out loss of each judged subnetwork, before its rewind or after joint retraining.
    package var extractedLoss: [Int: Double] = [:]
    package var retrainedLoss: [Int: Double] = [:]
    /// Mean J of each subnetwork to the others, and its chance level.
    package var jaccard: [Double] = []
    package var chance: [Double] = []

    /// What joint retraining came to: all together, or the mean of the subnetworks.
    package var jointQuality: Double? { overall ?? RoundRecord.mean(retrained) }

    /// Mean sparsity.
    package var meanSparsity: Double { ComparedRun.mean(sparsity) ?? 0 }
  }

  /// The run's name, printable.
  package let name: String
  /// The names of its subnetworks, printable.
  package private(set) var subnetworks: [String] = []
  /// What its subnetworks are judged by; `nil` before the first judgement.
  package private(set) var metric: QualityMetric?
  /// The rounds that ended, oldest first.
  package private(set) var rounds: [Round] = []
  /// The run's figures at its end.
  package private(set) var summary: RunSummary?
  /// How it is, where somebody knows more than its log: a run without an engine and an end is cut off.
  package var word: String?
  /// Its config.
  package var configuration: [String: String] = [:]
  /// The keys of its config, in order.
  package var keys: [String] = []
  private var present: Round

  /// A run of which nothing is known but its name.
  package init(name: String) {
    self.name = Names.printable(name)
    present = Round(round: 0, sparsity: [])
  }

  /// The mean of finite figures; `nil` for none.
  static func mean(_ figures: some Collection<Double>) -> Double? {
    let finite = figures.filter(\.isFinite)
    return finite.isEmpty ? nil : finite.reduce(0, +) / Double(finite.count)
  }

  /// Takes an event in.
  package mutating func apply(_ recorded: RecordedEvent) {
    if case .runStarted(let description) = recorded.event {
      if summary == nil {
        summary = RunSummary(description: description, startedAt: recorded.time)
      }
      subnetworks = description.subnetworks.map(Names.printable)
      if present.sparsity.isEmpty {
        present.sparsity = subnetworks.map { _ in 0 }
      }
    }
    summary?.apply(recorded)
    switch recorded.event {
    case .roundStarted(let report):
      present = Round(round: report.round, sparsity: rounds.last?.sparsity ?? present.sparsity)
    case .pruned(let report) where present.sparsity.indices.contains(report.subnetwork):
      present.sparsity[report.subnetwork] = report.sparsity
    case .overlapMeasured(let report):
      present.jaccard = report.jaccard.indices.map { Matrix.rowMean(report.jaccard, $0) ?? .nan }
      present.chance = report.chance.indices.map { Matrix.rowMean(report.chance, $0) ?? .nan }
    case .evaluated(let report): take(report)
    case .roundFinished(let round):
      present.round = round
      // A round that was begun anew after a resume counts as it came out at last.
      rounds.removeAll { $0.round >= round }
      rounds.append(present)
    default: break
    }
  }

  private mutating func take(_ report: EvaluationReport) {
    metric = report.meanScore?.metric ?? metric
    if report.stage == .retraining, let overall = report.overall,
      let index = rounds.lastIndex(where: { $0.round == report.round })
    {
      rounds[index].overall = overall.value
    }
    for quality in report.subnetworks {
      guard report.stage == .retraining else {
        present.extracted[quality.subnetwork] = quality.score.value
        present.extractedLoss[quality.subnetwork] = quality.loss
        continue
      }
      if let index = rounds.lastIndex(where: { $0.round == report.round }) {
        rounds[index].retrained[quality.subnetwork] = quality.score.value
        rounds[index].retrainedLoss[quality.subnetwork] = quality.loss
      }
    }
  }
}
