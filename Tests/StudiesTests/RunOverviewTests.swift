import Experiments
import Studies
import Testing

/// A run in a line.
@Suite struct RunOverviewTests {
  @Test("figures are the newest, time is time of work, and nothing is known before the beginning")
  func figures() {
    var recording = Recording.begun()
    recording.add(
      .pruned(
        PruneReport(
          round: 1, subnetwork: 0, removed: 500, weightsLeft: 500, sparsity: 0.5, maskHash: "")),
      after: 60)
    recording.add(
      .overlapMeasured(
        OverlapReport(
          round: 1, jaccard: [[1, 0.25], [0.25, 1]], chance: [[1, 0.5], [0.5, 1]],
          unionParameters: 900, ownership: [], layers: [])), after: 30)
    recording.add(.roundFinished(round: 1))
    recording.add(.stateChanged(.paused), after: 10)
    recording.add(.stateChanged(.running), after: 5000)
    var overview = RunOverview()
    #expect(overview.score == nil && overview.sparsity == nil && overview.summary == nil)
    for event in recording.events { overview.take(event) }
    #expect(overview.summary?.rounds == 1 && overview.plannedRounds == 4)
    #expect(overview.sparsity == 0.25 && overview.meanJaccard == 0.25)
    #expect(overview.seconds == 100 && overview.score == nil)
    recording.add(
      .evaluated(
        EvaluationReport(
          stage: .retraining, round: 1, target: 0.25, samples: 10,
          subnetworks: [0.75, 0.5].enumerated().map {
            SubnetworkQuality(
              subnetwork: $0.offset, loss: 0, balancedAccuracy: $0.element, precision: 0,
              recall: 0, f1: 0)
          }, argmaxAccuracy: nil, unionParameters: nil)), after: 20)
    if let last = recording.events.last { overview.take(last) }
    #expect(overview.score == QualityScore(.balancedAccuracy, 0.625))
    #expect(overview.seconds == 120)
  }
}
