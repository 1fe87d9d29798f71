import Experiments
import Studies

/// A log made by hand: events a while apart, numbered.
struct Recording {
  private(set) var events: [RecordedEvent] = []
  private(set) var time = 1000.0

  /// Adds an event some seconds after the one before.
  mutating func add(_ event: Event, after seconds: Double = 0) {
    time += seconds
    events.append(RecordedEvent(sequence: events.count, time: time, event: event))
  }

  /// The beginning of a run of K subnetworks with 1,000 weights.
  static func begun(subnetworks: Int = 2, targets: [Double] = [0.25, 0.5]) -> Recording {
    var recording = Recording()
    recording.add(
      .runStarted(
        RunDescription(
          runName: "run", seed: 1, model: "small_cnn", dataset: "procedural",
          subnetworks: (0..<subnetworks).map { "subset \($0)" }, layers: [],
          prunableParameters: 1000, totalParameters: 1100, targets: targets, batchSize: 10,
          plannedRounds: 4,
          defaultRound: RoundSettings(pruneCount: 100, epochs: 2, learningRate: 0.1),
          computedWith: "AVX")))
    recording.add(.stateChanged(.running))
    return recording
  }

  /// A step of a subnetwork of ten samples.
  mutating func step(
    _ stage: Stage, round: Int, subnetwork: Int, step: Int, of planned: Int, epoch: Int = 1,
    after seconds: Double
  ) {
    add(
      .stepFinished(
        StepReport(
          stage: stage, round: round, subnetwork: subnetwork, epoch: epoch, step: step,
          plannedSteps: planned, loss: 0.5, samples: 10)), after: seconds)
  }

  /// The masks of a round: how many weights are in exactly n of them, and J between any two.
  mutating func overlap(round: Int, ownership: [Int], jaccard j: Double) {
    let count = ownership.count - 1
    let matrix = (0..<count).map { i in (0..<count).map { i == $0 ? 1 : j } }
    add(
      .overlapMeasured(
        OverlapReport(
          round: round, jaccard: matrix, chance: matrix,
          unionParameters: ownership.dropFirst().reduce(0, +), ownership: ownership, layers: [])))
  }

  /// A judgement after joint retraining, with a balanced accuracy for each subnetwork.
  mutating func evaluation(
    round: Int, target: Double?, _ accuracies: [Double], union: Int, after seconds: Double = 0
  ) {
    add(
      .evaluated(
        EvaluationReport(
          stage: .retraining, round: round, target: target, samples: 100,
          subnetworks: accuracies.enumerated().map { k, accuracy in
            SubnetworkQuality(
              subnetwork: k, loss: 0.3, balancedAccuracy: accuracy, precision: accuracy / 2,
              recall: accuracy / 4, f1: accuracy / 8)
          }, argmaxAccuracy: 0.5, unionParameters: union)), after: seconds)
  }

  /// What the whole log comes to.
  var figures: RunFigures {
    var figures = RunFigures()
    for event in events { figures.take(event) }
    return figures
  }
}
