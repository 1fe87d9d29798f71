import Experiments
import LotteryEngine
import NeuralNetworks
import Tensors
import Testing

/// What weights are judged by: the rules against naive ones, and what holds for all of them.
@Suite(.timeLimit(.minutes(5))) struct PruningCriterionTests {
  private let folder = RunFolder()

  private struct Case {
    var trained: [Float]
    var initial: [Float]
    var sums: [Float]
    var bits: BitVector
  }

  private func randomCase(_ trial: Int) -> Case {
    var random = RandomStream(seed: 3, purpose: "criterion test", trial)
    let count = 2 + random.index(below: 500)
    // Few different values, so that ties are the rule.
    func values() -> [Float] { (0..<count).map { _ in Float(random.index(below: 9)) / 4 - 1 } }
    var bits = BitVector(repeating: true, count: count)
    for index in 0..<count where random.index(below: 3) == 0 { bits[index] = false }
    return Case(trained: values(), initial: values(), sums: values().map(abs), bits: bits)
  }

  private func worth(
    _ criterion: ExtractionConfig.Criterion, _ given: Case, seed: UInt64 = 1, round: Int = 1,
    subnetwork: Int = 0
  ) -> [Float] {
    Array(
      criterion.rule.worth(
        of: TrainedWeights(
          trained: FloatBuffer(given.trained), initial: FloatBuffer(given.initial),
          sensitivities: FloatBuffer(given.sums), count: given.trained.count, seed: seed,
          round: round, subnetwork: subnetwork)
      ).values.prefix(given.trained.count))
  }

  @Test("each rule removes what sorting by its formula, then by index, removes", arguments: 0..<60)
  func naive(trial: Int) {
    let given = randomCase(trial)
    let indices = given.trained.indices
    let formulas: [(ExtractionConfig.Criterion, [Float])] = [
      (.magnitude, given.trained.map(abs)),
      (.movement, indices.map { abs(given.trained[$0] - given.initial[$0]) }),
      (.taylor, given.sums),
    ]
    let count = given.bits.populationCount / 2
    for (criterion, values) in formulas {
      let order = indices.filter { given.bits[$0] }
        .sorted { (values[$0], $0) < (values[$1], $1) }
      var expected = given.bits
      for index in order.prefix(count) { expected[index] = false }
      let left = worth(criterion, given).withUnsafeBufferPointer {
        MagnitudePruning.prune(
          given.bits, weights: $0, count: count, ranking: .global, layers: [indices])
      }
      #expect(left == expected, "\(criterion)")
    }
  }

  @Test("random worth depends on seed, round and subnetwork, on nothing that was trained")
  func random() {
    var given = randomCase(1)
    let first = worth(.random, given)
    given.trained = given.trained.map { $0 + 1 }
    #expect(worth(.random, given) == first)
    #expect(Set(first).count > first.count / 2)
    for other in [
      worth(.random, given, seed: 2), worth(.random, given, round: 2),
      worth(.random, given, subnetwork: 1),
    ] {
      #expect(other != first)
    }
  }

  @Test("sensitivities are the sums of |gradient · weight|, with the weights before each step")
  func sensitivities() throws {
    let config = ExperimentConfig.tiny { $0.optimizer.learningRate = 0.01 }
    let task = try ClassificationTask(config)
    let trainer = SubnetworkTrainer(task: task, pool: WorkerPool(threads: 2))
    let layout = trainer.network.layout
    let learner = Learner(
      task, layout: layout, initial: try task.initialParameters(layout: layout), pool: trainer.pool)
    let statistics = BatchNormStatistics(layout: trainer.network.batchNormLayout)
    var random = RandomStream(seed: 1, purpose: "mask of the test")
    let mask = BitVector((0..<layout.prunableCount).map { _ in random.index(below: 2) == 0 })
    let sums = FloatBuffer(count: layout.prunableCount)
    var expected = [Double](repeating: 0, count: layout.prunableCount)
    for batch in task.epoch(stage: .extraction, round: 1, subnetwork: 1, epoch: 1).prefix(3) {
      let weights = learner.parameters.values
      let moments = learner.optimizer.firstMoments.values
      _ = try trainer.step(
        batch, subnetwork: 1, mask: mask, learner: learner, statistics: statistics,
        learningRate: 0.01, random: &random)
      trainer.addSensitivities(to: sums)
      for index in 0..<layout.prunableCount where mask[index] {
        // Adam's first moment is β₁ of the one before and 1 − β₁ of the gradient.
        let moment = learner.optimizer.firstMoments[index]
        let gradient = (Double(moment) - 0.9 * Double(moments[index])) / 0.1
        expected[index] += abs(gradient * Double(weights[index]))
      }
    }
    let scale = expected.max() ?? 0
    #expect(scale > 0)
    for index in 0..<layout.prunableCount {
      #expect(abs(Double(sums[index]) - expected[index]) < 1e-4 * scale, "weight \(index)")
    }
  }

  @Test(
    "exact counts, nested masks, the same bits with 1 and 2 threads",
    arguments: ExtractionConfig.Criterion.allCases)
  func runs(criterion: ExtractionConfig.Criterion) async throws {
    let config = RunFolder.config {
      $0.extraction.criterion = criterion
      $0.extraction.ranking = criterion == .taylor ? .layer : .global
      $0.extraction.epochsPerRound = 2
      $0.retraining.epochs = 1
    }
    try await folder.finished(config, name: "one")
    try await folder.finished(config, name: "two", threads: 2)
    let results = try folder.results("one")
    #expect(try folder.results("two") == results)
    let layout = try ClassificationTask(config).makeLayout()
    let names = ["disc", "stripes", "cross"]
    var before = names.map { _ in BitVector(repeating: true, count: layout.prunableCount) }
    for (round, left) in [(1, 17_604), (2, 11_736)] {
      let masks = try Tickets.readMasks(
        try folder.directory("one").masksPath(round: round), subnetworks: names, layout: layout,
        round: round)
      for (mask, old) in zip(masks, before) {
        #expect(mask.weightsLeft == left && mask.bits.isSubset(of: old))
        #expect(mask.rule == config.extraction.rule)
      }
      #expect(Set(masks.map(\.hash)).count == 3)
      before = masks.map(\.bits)
    }
    if criterion != .magnitude {
      try await folder.finished(
        RunFolder.config {
          $0.extraction.epochsPerRound = 2
          $0.retraining.epochs = 1
        }, name: "magnitude")
      #expect(
        try folder.results("magnitude")["masks/round-0001.safetensors"]
          != results["masks/round-0001.safetensors"])
      let log = try EventLog.read(try folder.directory("one").eventsPath).events.map(\.event)
      #expect(
        log.contains {
          if case .runStarted(let facts) = $0 {
            facts.pruning == "\(criterion.rawValue), constant schedule"
          } else {
            false
          }
        })
    }
  }
}
