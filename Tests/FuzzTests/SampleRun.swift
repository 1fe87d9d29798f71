import Experiments

/// A short run of two subnetworks, as its events.
enum SampleRun {
  static var events: [RecordedEvent] {
    let settings = RoundSettings(pruneCount: 5, epochs: 2, learningRate: 0.1)
    let quality = SubnetworkQuality(
      subnetwork: 1, loss: 0.5, balancedAccuracy: 0.75, precision: 0.3, recall: 0.8, f1: 0.4)
    let matrix = [[1, 0.5], [0.5, 1]]
    let events: [Event] = [
      .runStarted(
        RunDescription(
          runName: "run", seed: .max, model: "m", dataset: "d", subnetworks: ["a", "b"],
          layers: [LayerDescription(name: "a", weights: 100)], prunableParameters: 100,
          totalParameters: 120, targets: [0.25], batchSize: 8, plannedRounds: 5,
          defaultRound: settings, computedWith: "AVX2")),
      .stateChanged(.running),
      .roundStarted(RoundStarted(round: 1, settings: settings, plannedSteps: [3, 4])),
      .stepFinished(
        StepReport(
          stage: .extraction, round: 1, subnetwork: 0, epoch: 1, step: 1, plannedSteps: 3,
          loss: .infinity, samples: 8)),
      .epochFinished(
        EpochReport(stage: .extraction, round: 1, subnetwork: 1, epoch: 1, meanLoss: 0.25)),
      .pruned(
        PruneReport(
          round: 1, subnetwork: 0, removed: 5, weightsLeft: 95, sparsity: 0.05, maskHash: "ab")),
      .rewound(round: 1, subnetwork: 1),
      .overlapMeasured(
        OverlapReport(
          round: 1, jaccard: matrix, chance: matrix, unionParameters: 97, ownership: [3, 4, 93],
          layers: [
            LayerOverlap(name: "a", sparsity: [0.05, 0.05], jaccard: matrix, chance: matrix)
          ])),
      .roundFinished(round: 1),
      .evaluated(
        EvaluationReport(
          stage: .retraining, round: 1, target: 0.25, samples: 20, subnetworks: [quality],
          argmaxAccuracy: 0.6, unionParameters: 97)),
      .commandRefused(.stop(.finishRound), reason: "because"),
      .message(.warning, "a \"quoted\"\nline"),
      .runEnded(.finished),
    ]
    return events.enumerated().map { RecordedEvent(sequence: $0, time: 1 + Double($0), event: $1) }
  }
}
