public import Experiments

/// How far a run has come and what it amounts to, in a line: folded from its events, steps not needed.
public struct RunOverview: Sendable {
  /// Its latest figures; `nil` before its log tells what the run is.
  public private(set) var summary: RunSummary?
  /// Pruning rounds that it has to do.
  public private(set) var plannedRounds = 0

  private var clock = ActiveClock()

  /// A run of which nothing is known.
  public init() {}

  /// Takes the next event into account.
  public mutating func take(_ recorded: RecordedEvent) {
    clock.take(recorded)
    if case .runStarted(let description) = recorded.event {
      plannedRounds = description.plannedRounds
      if summary == nil {
        summary = RunSummary(description: description, startedAt: recorded.time)
      }
    }
    summary?.apply(recorded)
  }

  /// Seconds of work, without pauses and interruptions.
  public var seconds: Double { clock.seconds }

  /// Mean sparsity of the subnetworks.
  public var sparsity: Double? { mean { $0.sparsity } }

  /// Mean J over the subnetworks; `nil` before it was measured, and of a single one.
  public var meanJaccard: Double? { mean(\.meanJaccard) }

  /// The mean of what the subnetworks are judged by; `nil` before the first joint retraining.
  public var score: QualityScore? {
    QualityScore.mean(
      (summary?.subnetworks ?? []).compactMap { subnetwork in
        subnetwork.score ?? subnetwork.balancedAccuracy.map { QualityScore(.balancedAccuracy, $0) }
      })
  }

  private func mean(_ figure: (SubnetworkSummary) -> Double?) -> Double? {
    let figures = (summary?.subnetworks ?? []).compactMap(figure)
    return figures.isEmpty ? nil : figures.reduce(0, +) / Double(figures.count)
  }
}
