import Experiments
import Foundation

/// A made-up run with a clock of its own: the same events every time.
struct ScriptedRun {
  /// The events so far.
  private(set) var events: [RecordedEvent] = []
  /// Seconds since 1970 of the next event.
  var time = 1_780_000_000.0
  /// The fixed facts.
  let description: RunDescription
  private var sparsity = 0.0

  static let start = 1_780_000_000.0
  static let classNames = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]

  /// A run of K subnetworks; beyond ten they get numbers.
  init(subnetworks count: Int = 10, names: [String]? = nil, rounds: Int = 6) {
    let names =
      names
      ?? (0..<count).map {
        $0 < Self.classNames.count ? Self.classNames[$0] : "class \($0)"
      }
    description = RunDescription(
      runName: "demo", seed: 7, model: "small_cnn", dataset: "procedural", subnetworks: names,
      layers: [
        LayerDescription(name: "stem.0.weight", weights: 432),
        LayerDescription(name: "features.0.conv.weight", weights: 4608),
        LayerDescription(name: "features.1.conv.weight", weights: 9216),
        LayerDescription(name: "features.2.conv.weight", weights: 18432),
        LayerDescription(name: "head.conv.weight", weights: 16384),
      ],
      prunableParameters: 49072, totalParameters: 50666, targets: [0.25, 0.5, 0.75], batchSize: 64,
      plannedRounds: rounds,
      defaultRound: RoundSettings(pruneCount: 6134, epochs: 2, learningRate: 1e-3),
      computedWith: "AVX2, FMA")
    send(.stateChanged(.preparing))
    send(.runStarted(description))
    wait(1.2)
    send(.stateChanged(.running))
  }

  /// Adds an event.
  mutating func send(_ event: Event) {
    events.append(RecordedEvent(sequence: events.count, time: time, event: event))
  }

  /// Lets time pass.
  mutating func wait(_ seconds: Double) { time += seconds }

  private var count: Int { description.subnetworks.count }

  /// A figure in 0…1 that looks random and never changes.
  static func noise(_ a: Int, _ b: Int, _ c: Int = 0) -> Double {
    var x = UInt64(truncatingIfNeeded: a &* 73_856_093 ^ b &* 19_349_663 ^ c &* 83_492_791)
    x = (x ^ (x >> 31)) &* 0x9E37_79B9_7F4A_7C15
    x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((x ^ (x >> 31)) >> 11) / Double(1 << 53)
  }

  /// Trains one subnetwork for some steps of a stage.
  mutating func train(
    _ stage: Stage, round: Int, subnetwork: Int, from first: Int = 1, steps: Int, planned: Int,
    epochs: Int = 2
  ) {
    for step in first..<(first + steps) {
      let progress = Double(step) / Double(planned)
      let level = 0.25 + 0.02 * Double(subnetwork) + 0.03 * Double(round)
      let loss =
        level + (0.72 - level) * pow(0.5, progress * 5)
        + 0.05 * (Self.noise(step, subnetwork, round) - 0.5)
      wait(0.02)
      send(
        .stepFinished(
          StepReport(
            stage: stage, round: round, subnetwork: subnetwork,
            epoch: min(epochs, 1 + (step - 1) * epochs / planned), step: step,
            plannedSteps: planned, loss: loss, samples: 64)))
      if step % (planned / epochs) == 0 {
        send(
          .epochFinished(
            EpochReport(
              stage: stage, round: round, subnetwork: subnetwork, epoch: step * epochs / planned,
              meanLoss: level + 0.1)))
      }
    }
  }

  /// Begins a round.
  mutating func beginRound(_ round: Int, planned: Int = 60) {
    send(
      .roundStarted(
        RoundStarted(
          round: round, settings: description.defaultRound,
          plannedSteps: Array(repeating: planned, count: count))))
  }

  /// Evaluates, prunes and rewinds one subnetwork.
  mutating func prune(round: Int, subnetwork: Int) {
    let left = max(0, description.prunableParameters - 6134 * round)
    wait(0.05)
    send(
      .evaluated(
        EvaluationReport(
          stage: .extraction, round: round, target: nil, samples: 200,
          subnetworks: [quality(subnetwork, round: round, bonus: 0)], argmaxAccuracy: nil,
          unionParameters: nil)))
    send(
      .pruned(
        PruneReport(
          round: round, subnetwork: subnetwork, removed: 6134, weightsLeft: left,
          sparsity: 1 - Double(left) / Double(description.prunableParameters),
          maskHash: "0123456789abcdef")))
    send(.rewound(round: round, subnetwork: subnetwork))
  }

  private func quality(_ index: Int, round: Int, bonus: Double) -> SubnetworkQuality {
    let balanced = 0.74 + 0.12 * Self.noise(index, round, 9) + bonus
    let precision = 0.3 + 0.3 * Self.noise(index, round, 10)
    let recall = 0.7 + 0.2 * Self.noise(index, round, 11)
    return SubnetworkQuality(
      subnetwork: index, loss: 0.4 + 0.1 * Self.noise(index, round, 12),
      balancedAccuracy: balanced, precision: precision, recall: recall,
      f1: 2 * precision * recall / (precision + recall))
  }

  private func jaccard(_ sparsity: Double, round: Int, layer: Int) -> [[Double]] {
    let density = 1 - sparsity
    let chance = density / (2 - density)
    return (0..<count).map { i in
      (0..<count).map { j in
        i == j
          ? 1 : min(1, chance + (1 - chance) * 0.45 * Self.noise(min(i, j), max(i, j), layer))
      }
    }
  }

  /// Compares all masks and ends the round.
  mutating func endRound(_ round: Int) {
    let sparsity =
      1 - Double(max(0, description.prunableParameters - 6134 * round))
      / Double(description.prunableParameters)
    let density = 1 - sparsity
    let chance = (0..<count).map { i in
      (0..<count).map { $0 == i ? 1 : density / (2 - density) }
    }
    let ownership = (0...count).map { owners -> Int in
      let centre = density * Double(count)
      return Int(20000 * exp(-pow(Double(owners) - centre, 2) / 4))
    }
    wait(0.1)
    send(
      .overlapMeasured(
        OverlapReport(
          round: round, jaccard: jaccard(sparsity, round: round, layer: 99), chance: chance,
          unionParameters: Int(49072 * (1 - pow(sparsity, 2))), ownership: ownership,
          layers: description.layers.enumerated().map { index, layer in
            // Whole numbers of weights, as masks have them.
            let kept = Int(
              (Double(layer.weights) * (1 - min(0.99, sparsity * (0.4 + 0.3 * Double(index)))))
                .rounded())
            let own = 1 - Double(kept) / Double(layer.weights)
            let wished = jaccard(own, round: round, layer: index)
            return LayerOverlap(
              name: layer.name, sparsity: Array(repeating: own, count: count),
              jaccard: wished.map { row in
                row.map { wish in
                  let both = Int((wish * Double(2 * kept) / (1 + wish)).rounded())
                  return Double(both) / Double(2 * kept - both)
                }
              }, chance: chance)
          })))
    send(.roundFinished(round: round))
  }

  /// A whole round of all subnetworks.
  mutating func round(_ round: Int, planned: Int = 60) {
    beginRound(round, planned: planned)
    for subnetwork in 0..<count {
      train(.extraction, round: round, subnetwork: subnetwork, steps: planned, planned: planned)
      prune(round: round, subnetwork: subnetwork)
    }
    endRound(round)
  }

  /// A joint retraining with its evaluation.
  mutating func retrain(_ round: Int, planned: Int = 60, share: Double = 1) {
    send(.retrainingStarted(round: round, epochs: 2))
    let steps = Int(Double(planned) * share)
    for step in 1...max(1, steps) {
      for subnetwork in 0..<count {
        train(
          .retraining, round: round, subnetwork: subnetwork, from: step, steps: 1,
          planned: planned)
      }
    }
    guard share >= 1 else { return }
    wait(0.4)
    send(
      .evaluated(
        EvaluationReport(
          stage: .retraining, round: round, target: 0.25, samples: 2000,
          subnetworks: (0..<count).map { quality($0, round: round, bonus: 0.03) },
          argmaxAccuracy: 0.41, unionParameters: 45_120)))
    send(.retrainingFinished(round: round))
  }

  /// Four rounds; in the fourth two masks collapse, and the run stands still.
  static func collapsing() -> ScriptedRun {
    var run = ScriptedRun()
    for round in 1...3 { run.round(round) }
    var standing = StandingSettings(run.description.defaultRound)
    standing.setFrozen(6, true)
    run.send(.settingsChanged(standing, fromRound: 4))
    run.round(4)
    run.send(
      .alarmRaised(
        Alarm(
          .overlap, .warning, subnetwork: 2, stage: .extraction, round: 4, value: 0.031,
          limit: 0.02, reference: 0.61, chance: 0.33)))
    run.send(
      .alarmRaised(
        Alarm(
          .emptyLayer, .critical, subnetwork: 8, stage: .extraction, round: 4, value: 3, limit: 1,
          layer: "head.conv.weight")))
    run.send(.stateChanged(.paused))
    return run
  }

  /// Three rounds, a joint retraining after the second, the fourth round half way.
  static func midway(subnetworks count: Int = 10, names: [String]? = nil) -> ScriptedRun {
    var run = ScriptedRun(subnetworks: count, names: names)
    run.round(1)
    run.round(2)
    run.retrain(2)
    run.round(3)
    run.beginRound(4)
    for subnetwork in 0..<(names?.count ?? count) where subnetwork < 4 {
      run.train(.extraction, round: 4, subnetwork: subnetwork, steps: 60, planned: 60)
      run.prune(round: 4, subnetwork: subnetwork)
    }
    if (names?.count ?? count) > 4 {
      run.train(.extraction, round: 4, subnetwork: 4, steps: 25, planned: 60)
    }
    return run
  }
}
