import Experiments
import LotteryEngine
import NeuralNetworks
import Tensors
import Testing

/// Algorithms 1 and 2 on a small network: what may move, what must not, and the same bits whatever
/// the number of threads.
struct StageTests {
  private func config(_ change: (inout ExperimentConfig) -> Void = { _ in }) -> ExperimentConfig {
    .tiny(change)
  }

  /// The same with one mask for all data.
  private var single: ExperimentConfig {
    config {
      $0.subsets = SubsetsConfig()
      $0.subsets.by = .all
      $0.task.kind = .multiclass
    }
  }

  private struct Outcome {
    var masks: [Mask]
    var parameters: FloatBuffer
    var statistics: [BatchNormStatistics]
    var initial: FloatBuffer
    var layout: ParameterLayout
    var events: [Event]
  }

  /// Rounds of extraction, then joint retraining.
  private func run(
    _ config: ExperimentConfig, rounds: Int, threads: Int
  ) async throws -> Outcome {
    let task = try ClassificationTask(config)
    let stream = EventStream()
    let pump = Task { await stream.run() }
    let mailbox = await stream.subscribe(.everything)
    let control = EngineControl(events: stream)
    let trainer = SubnetworkTrainer(task: task, pool: WorkerPool(threads: threads))
    let layout = trainer.network.layout
    let initial = try task.initialParameters(layout: layout)
    var masks = task.subnetworkNames.map {
      Mask.dense(count: layout.prunableCount, subset: $0, seed: config.seed)
    }
    let settings = RoundSettings(
      pruneCount: config.extraction.pruneCount, epochs: config.extraction.epochsPerRound,
      learningRate: config.optimizer.learningRate)
    let extraction = Extraction(
      config: config, task: task, initial: initial, events: stream, control: control)
    for round in 1...rounds {
      masks = try extraction.run(
        round: round, plan: RoundPlan(settings), masks: masks, threads: threads)
    }
    let retraining = Retraining(
      config: config, task: task, trainer: trainer, initial: initial, events: stream,
      control: control)
    let result = try retraining.run(
      round: rounds, masks: masks, epochs: config.retraining.epochs)
    stream.finish()
    await pump.value
    return Outcome(
      masks: masks, parameters: result.learners[0].parameters, statistics: result.statistics,
      initial: initial, layout: layout, events: mailbox.drain().map(\.event))
  }

  @Test("same seed, same masks and weights with 1, 2 and 3 threads; another seed, others")
  func threadInvariance() async throws {
    let one = try await run(config(), rounds: 2, threads: 1)
    for threads in [2, 3] {
      let other = try await run(config(), rounds: 2, threads: threads)
      #expect(one.masks == other.masks)
      #expect(one.parameters.values.map(\.bitPattern) == other.parameters.values.map(\.bitPattern))
      for (a, b) in zip(one.statistics, other.statistics) {
        #expect(a.mean.values == b.mean.values && a.variance.values == b.variance.values)
      }
    }
    let seed2 = try await run(config { $0.seed = 2 }, rounds: 2, threads: 2)
    #expect(seed2.masks.map(\.hash) != one.masks.map(\.hash))
  }

  @Test("each round removes exactly what was asked from each mask, and masks nest")
  func countsAndNesting() async throws {
    let first = try await run(config(), rounds: 1, threads: 2)
    let third = try await run(config(), rounds: 3, threads: 2)
    for (a, b) in zip(first.masks, third.masks) {
      #expect(a.weightsLeft == a.bits.count - 2000)
      #expect(b.weightsLeft == b.bits.count - 6000)
      #expect(b.bits.isSubset(of: a.bits))
      #expect(b.round == 3 && a.parentHash != nil)
    }
    // Trained on different subsets, the masks must differ.
    #expect(Set(third.masks.map(\.hash)).count == 3)
  }

  @Test("a weight in no mask keeps the bits of θ₀ through joint retraining; others move")
  func untouchedOutsideTheUnion() async throws {
    let outcome = try await run(config { $0.extraction.pruneCount = 9000 }, rounds: 2, threads: 2)
    var union = BitVector(repeating: false, count: outcome.layout.prunableCount)
    for mask in outcome.masks { union.formUnion(mask.bits) }
    #expect(union.populationCount < union.count)
    var moved = 0
    for index in 0..<union.count {
      let isSame =
        outcome.parameters[index].bitPattern == outcome.initial[index].bitPattern
      if !union[index] {
        #expect(isSame, "weight \(index) is in no mask and moved")
      } else if !isSame {
        moved += 1
      }
    }
    #expect(moved > union.populationCount * 9 / 10)
  }

  @Test("one step of subnetwork k leaves every bit outside m_k alone, moments included")
  func stepStaysInside() throws {
    for correction in OptimizerConfig.BiasCorrection.allCases {
      let config = config { $0.optimizer.biasCorrection = correction }
      let task = try ClassificationTask(config)
      let trainer = SubnetworkTrainer(task: task, pool: WorkerPool(threads: 1))
      let layout = trainer.network.layout
      let learner = Learner(
        task, layout: layout, initial: try task.initialParameters(layout: layout),
        pool: trainer.pool)
      let (parameters, optimizer) = (learner.parameters, learner.optimizer)
      let statistics = BatchNormStatistics(layout: trainer.network.batchNormLayout)
      var random = RandomStream(seed: 1, purpose: "masks of the test")
      let masks = (0..<3).map { _ in
        BitVector((0..<layout.prunableCount).map { _ in random.index(below: 2) == 0 })
      }
      for turn in 0..<6 {
        let k = turn % 3
        let before = (
          parameters.values, optimizer.firstMoments.values, optimizer.secondMoments.values
        )
        let batch = task.epoch(stage: .retraining, round: 1, subnetwork: k, epoch: 1)[0]
        _ = try trainer.step(
          batch, subnetwork: k, mask: masks[k], learner: learner, statistics: statistics,
          learningRate: 1e-3, random: &random)
        let frozen = task.frozenRanges(subnetwork: k, layout: layout)
        var moved = 0
        for index in 0..<layout.count {
          let outside =
            index < layout.prunableCount
            ? !masks[k][index] : frozen.contains { $0.contains(index) }
          let isSame =
            parameters[index].bitPattern == before.0[index].bitPattern
            && optimizer.firstMoments[index].bitPattern == before.1[index].bitPattern
            && optimizer.secondMoments[index].bitPattern == before.2[index].bitPattern
          if outside { #expect(isSame, "index \(index) moved in a step of subnetwork \(k)") }
          if !isSame { moved += 1 }
        }
        #expect(moved > masks[k].populationCount / 2)
      }
    }
  }

  @Test("every subnetwork takes the same number of retraining steps, small subsets cyclically")
  func cyclicBalancing() async throws {
    // 163 samples over ten classes: the first three classes have one more than the others.
    let outcome = try await run(
      config {
        $0.dataset.trainSamples = 163
        $0.subsets.classes = ["disc", "stripes", "square"]
        $0.batchSize = 4
        $0.evaluation.roundSamples = 0
      }, rounds: 1, threads: 1)
    var steps = [0, 0, 0]
    for case .stepFinished(let report) in outcome.events where report.stage == .retraining {
      steps[report.subnetwork] += 1
    }
    #expect(steps == [9, 9, 9])
  }

  @Test(
    "the learning rate of joint retraining falls from the first step on, for all subnetworks alike")
  func decay() async throws {
    func course(_ decay: RetrainingConfig.Decay) async throws -> [Double] {
      let outcome = try await run(
        config {
          $0.retraining.epochs = 4
          $0.retraining.decay = decay
        }, rounds: 1, threads: 1)
      return outcome.events.compactMap { event in
        if case .stepFinished(let report) = event, report.stage == .retraining {
          report.loss
        } else {
          nil
        }
      }
    }
    let (constant, cosine) = (try await course(.none), try await course(.cosine))
    let count = config().subsets.classes?.count ?? 0
    // All take their first step at the full rate; after the first one that does not, losses differ.
    #expect(constant.count == cosine.count && constant.count > count + 1)
    #expect(constant.prefix(count + 1) == cosine.prefix(count + 1))
    #expect(zip(constant, cosine).dropFirst(count + 1).allSatisfy { $0 != $1 })
  }

  @Test("the rewind is exact: a round depends on θ₀ and the mask alone")
  func rewindIsExact() async throws {
    let outcome = try await run(config(), rounds: 2, threads: 1)
    let task = try ClassificationTask(config())
    let drawn = try task.initialParameters(layout: outcome.layout)
    #expect(drawn.values.map(\.bitPattern) == outcome.initial.values.map(\.bitPattern))
    // Extracting the second round again from the first round's masks gives the same masks.
    let stream = EventStream()
    let extraction = Extraction(
      config: config(), task: task, initial: try task.initialParameters(layout: outcome.layout),
      events: stream, control: EngineControl(events: stream))
    let settings = RoundSettings(pruneCount: 2000, epochs: 1, learningRate: 1e-3)
    let dense = task.subnetworkNames.map {
      Mask.dense(count: outcome.layout.prunableCount, subset: $0, seed: 1)
    }
    let first = try extraction.run(round: 1, plan: RoundPlan(settings), masks: dense, threads: 1)
    let second = try extraction.run(round: 2, plan: RoundPlan(settings), masks: first, threads: 2)
    #expect(second == outcome.masks)
  }

  @Test("K = 1 with a multi-class task is ordinary iterative magnitude pruning")
  func singleTicket() async throws {
    let outcome = try await run(single, rounds: 2, threads: 2)
    #expect(outcome.masks.count == 1)
    // The same written out: train from θ₀ under the mask, sort, cut, and begin again from θ₀.
    let task = try ClassificationTask(single)
    let trainer = SubnetworkTrainer(task: task, pool: WorkerPool(threads: 1))
    let layout = trainer.network.layout
    var kept = Array(0..<layout.prunableCount)
    for round in 1...2 {
      let learner = Learner(
        task, layout: layout, initial: try task.initialParameters(layout: layout),
        pool: trainer.pool)
      let parameters = learner.parameters
      let statistics = BatchNormStatistics(layout: trainer.network.batchNormLayout)
      var mask = BitVector(repeating: false, count: layout.prunableCount)
      for index in kept { mask[index] = true }
      var random = RandomStream(seed: 1, purpose: "nothing is augmented here")
      for batch in task.epoch(stage: .extraction, round: round, subnetwork: 0, epoch: 1) {
        _ = try trainer.step(
          batch, subnetwork: 0, mask: mask, learner: learner, statistics: statistics,
          learningRate: 1e-3, random: &random)
      }
      kept.sort { (abs(parameters[$0]), $0) < (abs(parameters[$1]), $1) }
      kept.removeFirst(2000)
    }
    #expect((0..<layout.prunableCount).filter { outcome.masks[0].bits[$0] } == kept.sorted())
    let reports = outcome.events.compactMap { event -> EvaluationReport? in
      if case .evaluated(let report) = event { report } else { nil }
    }
    #expect(reports.count == 2 && reports.allSatisfy { $0.subnetworks.count == 1 })
  }

  @Test("the argmax chooses by the highest score; one-vs-rest figures are averaged")
  func decisions() throws {
    // Held-out labels run 0, 1, … 9, 0, …
    let binary = try ClassificationTask(
      config { $0.subsets.classes = ["disc", "ring", "stripes"] })
    #expect(
      binary.argmaxChoices(scores: [[2, -1, 0], [1, 3, 0], [0, 4, -9]]) == [0, 2, 0])
    #expect(binary.rightChoices == [0: 0, 1: 1, 7: 2])
    // Samples 0, 1, 10 of subset "disc": scores say yes, yes, no.
    let quality = binary.quality(of: [1, 2, -1], subnetwork: 0, samples: [0, 1, 10])
    #expect(quality.recall == 0.5 && quality.precision == 0.5)
    #expect(quality.balancedAccuracy == 0.25)
    let multiclass = try ClassificationTask(single)
    // Samples 0, 1, 2 with logits for classes 0, 0, 2.
    var scores = [Float](repeating: 0, count: 30)
    for (sample, choice) in [0, 0, 2].enumerated() { scores[sample * 10 + choice] = 5 }
    #expect(multiclass.argmaxChoices(scores: [scores]) == [0, 0, 2])
    let mean = multiclass.quality(of: scores, subnetwork: 0, samples: [0, 1, 2])
    // Recall is 1 for classes 0 and 2, 0 for 1; precision ½ for 0 and 1 for 2. Of the other classes there
    // is no sample.
    #expect(abs(mean.recall - 2.0 / 3) < 1e-12)
    #expect(abs(mean.precision - 0.5) < 1e-12)
  }

  @Test("shared batch-norm statistics are one set, per-subnetwork ones K")
  func batchNormOwnership() async throws {
    let own = try await run(config(), rounds: 1, threads: 1)
    let shared = try await run(config { $0.batchNorm.statistics = .shared }, rounds: 1, threads: 1)
    #expect(own.statistics[0].mean.values != own.statistics[1].mean.values)
    #expect(shared.statistics[0].mean.values == shared.statistics[1].mean.values)
  }
}
