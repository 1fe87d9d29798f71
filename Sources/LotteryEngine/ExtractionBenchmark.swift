internal import Datasets
internal import Experiments
internal import Foundation
internal import NeuralNetworks
internal import Tensors

/// Times whole extraction rounds with one worker and with several, in alternation.
public enum ExtractionBenchmark {
  /// What was measured.
  public struct Result: Sendable, Encodable {
    /// The model's name.
    public let model: String
    /// Samples in the mini-batch.
    public let batch: Int
    /// Subnetworks of a round.
    public let subnetworks: Int
    /// Optimizer steps of each subnetwork.
    public let steps: Int
    /// Workers side by side.
    public let workers: Int
    /// Training samples per second of a round with one worker.
    public let samplesPerSecondAlone: Spread
    /// Training samples per second of a round with all workers.
    public let samplesPerSecond: Spread
    /// All workers by one worker, paired within a repetition.
    public let ratio: Spread
    /// Processors that a round with one worker had, on the average: less than one on a busy machine.
    public let processorsAlone: Spread
    /// Processors that a round with all workers had.
    public let processors: Spread
    /// Processor seconds of the same work, one worker by all workers: what is lost to memory that
    /// both want, to locks and the like, and not to other programs.
    public let efficiency: Spread
    /// Whether all rounds left the same masks.
    public let sameMasks: Bool
  }

  /// Runs rounds of GhostNet or another model on procedural images: data, training, pruning, events.
  /// - Parameters:
  ///   - steps: optimizer steps of each of the ten subnetworks.
  ///   - workers: more than one.
  ///   - repetitions: pairs of rounds, after a round that is not counted.
  /// - Throws: `EngineError` for an unknown model.
  public static func run(
    model name: String, batch: Int, steps: Int, workers: Int, repetitions: Int
  ) async throws -> Result {
    var config = ExperimentConfig()
    config.model.kind = try StepBenchmark.model(named: name)
    config.batchSize = batch
    let classes = ProceduralImages.classNames.count
    config.dataset.trainSamples = max(classes, classes * (batch / 2) * steps)
    config.dataset.testSamples = classes
    config.evaluation.roundSamples = 0
    let task = try ClassificationTask(config)
    let layout = task.makeLayout()
    let masks = task.subnetworkNames.map {
      Mask.dense(count: layout.prunableCount, subset: $0, seed: config.seed)
    }
    let events = EventStream()
    let settings = RoundSettings(pruneCount: 4096, epochs: 1, learningRate: 1e-3)
    let extraction = Extraction(
      config: config, task: task, initial: try task.initialParameters(layout: layout),
      events: events,
      control: EngineControl(
        events: events,
        beginning: .init(StandingSettings(settings), subnetworks: task.subnetworkNames)))
    let delivery = Task { await events.run() }
    defer { delivery.cancel() }

    let clock = ContinuousClock()
    let samples = Double(masks.count * steps * batch)
    var results: [[Mask]] = []
    func measure(_ threads: Int) throws -> Round {
      let before = processorSeconds()
      let time = try clock.measure {
        results.append(
          try extraction.run(round: 1, plan: RoundPlan(settings), masks: masks, threads: threads))
      }
      return Round(seconds: time / .seconds(1), processorSeconds: processorSeconds() - before)
    }
    _ = try measure(workers)
    var rounds: [(alone: Round, together: Round)] = []
    for _ in 0..<repetitions { rounds.append((try measure(1), try measure(workers))) }
    events.finish()
    await delivery.value
    return Result(
      model: name, batch: batch, subnetworks: masks.count, steps: steps, workers: workers,
      samplesPerSecondAlone: Spread(rounds.map { samples / $0.alone.seconds }),
      samplesPerSecond: Spread(rounds.map { samples / $0.together.seconds }),
      ratio: Spread(rounds.map { $0.alone.seconds / $0.together.seconds }),
      processorsAlone: Spread(rounds.map(\.alone.processors)),
      processors: Spread(rounds.map(\.together.processors)),
      efficiency: Spread(
        rounds.map { $0.alone.processorSeconds / $0.together.processorSeconds }),
      sameMasks: results.allSatisfy { $0 == results[0] })
  }

  /// What a round took.
  private struct Round {
    var seconds: Double
    var processorSeconds: Double
    var processors: Double { processorSeconds / seconds }
  }

  /// Processor time of this process so far, of all its threads.
  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
