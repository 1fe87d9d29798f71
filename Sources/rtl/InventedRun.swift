import Experiments

/// The events of a run that never was, made as they are asked for: rounds of K subnetworks that take
/// turns, with everything that a round reports.
struct InventedRun {
  private static let chunk = 4096
  private static let layers = 12

  /// Seconds since 1970 of the newest event.
  private(set) var time = 1_780_000_000.0
  /// Steps that every subnetwork has taken.
  private(set) var steps = 0
  /// Events so far.
  private(set) var count = 0
  private let subnetworks: Int
  private let stepsPerRound: Int
  private var random: UInt64 = 1
  private var pending: [RecordedEvent] = []

  /// A run of so many rounds with so many steps of each subnetwork in all of them together.
  init(subnetworks: Int, rounds: Int, steps: Int) {
    self.subnetworks = subnetworks
    stepsPerRound = max(1, steps / rounds)
    let settings = RoundSettings(pruneCount: 1024, epochs: 2, learningRate: 1e-3)
    send(
      .runStarted(
        RunDescription(
          runName: "bench", seed: 1, model: "small_cnn", dataset: "procedural",
          subnetworks: (0..<subnetworks).map { "subset \($0)" },
          layers: (0..<Self.layers).map { LayerDescription(name: "layer.\($0)", weights: 2048) },
          prunableParameters: 24_576, totalParameters: 25_000, targets: [0.25, 0.5, 0.75],
          batchSize: 64, plannedRounds: rounds, defaultRound: settings, computedWith: "none")))
    send(.stateChanged(.running))
  }

  /// The next events: at most some thousands, not beyond so many steps of each subnetwork.
  mutating func next(steps goal: Int) -> [RecordedEvent] {
    while pending.count < Self.chunk, steps < goal { step() }
    defer { pending.removeAll(keepingCapacity: true) }
    return pending
  }

  private mutating func send(_ event: Event) {
    pending.append(RecordedEvent(sequence: count, time: time, event: event))
    count += 1
  }

  private mutating func noise() -> Double {
    random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(random >> 11) / Double(1 << 53)
  }

  private mutating func step() {
    let round = steps / stepsPerRound + 1
    let step = steps % stepsPerRound + 1
    if step == 1 {
      let settings = RoundSettings(pruneCount: 1024, epochs: 2, learningRate: 1e-3)
      send(
        .roundStarted(
          RoundStarted(
            round: round, settings: settings,
            plannedSteps: Array(repeating: stepsPerRound, count: subnetworks))))
    }
    let share = Double(step) / Double(stepsPerRound)
    for index in 0..<subnetworks {
      time += 0.001
      // A spike now and then, which must not be lost.
      let spike = noise() < 1e-5 ? 2.0 : 0
      send(
        .stepFinished(
          StepReport(
            stage: .extraction, round: round, subnetwork: index, epoch: share < 0.5 ? 1 : 2,
            step: step, plannedSteps: stepsPerRound,
            loss: 0.2 + 0.02 * Double(index) + 0.5 / (1 + 10 * share) + 0.05 * noise() + spike,
            samples: 64)))
    }
    steps += 1
    if step == stepsPerRound { end(round) }
  }

  private mutating func end(_ round: Int) {
    let left = max(0, 24_576 - 1024 * round)
    let sparsity = 1 - Double(left) / 24_576
    let density = 1 - sparsity
    let chance = density > 0 ? density / (2 - density) : 0
    for index in 0..<subnetworks {
      let figures = SubnetworkQuality(
        subnetwork: index, loss: 0.3, balancedAccuracy: 0.7 + 0.2 * noise(), precision: noise(),
        recall: noise(), f1: noise())
      send(
        .evaluated(
          EvaluationReport(
            stage: .extraction, round: round, target: nil, samples: 100, subnetworks: [figures],
            argmaxAccuracy: nil, unionParameters: nil)))
      send(
        .pruned(
          PruneReport(
            round: round, subnetwork: index, removed: 1024, weightsLeft: left, sparsity: sparsity,
            maskHash: "0")))
      send(.rewound(round: round, subnetwork: index))
    }
    func matrix(_ other: () -> Double) -> [[Double]] {
      (0..<subnetworks).map { i in (0..<subnetworks).map { $0 == i ? 1 : other() } }
    }
    let jaccard = matrix { chance + (1 - chance) * 0.4 * noise() }
    let chances = matrix { chance }
    send(
      .overlapMeasured(
        OverlapReport(
          round: round, jaccard: jaccard, chance: chances, unionParameters: 24_000,
          ownership: Array(repeating: 2000, count: subnetworks + 1),
          layers: (0..<Self.layers).map {
            LayerOverlap(
              name: "layer.\($0)", sparsity: Array(repeating: sparsity, count: subnetworks),
              jaccard: jaccard, chance: chances)
          })))
    send(.roundFinished(round: round))
  }
}
