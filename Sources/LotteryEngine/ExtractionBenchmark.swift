internal import Datasets
public import Experiments
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
    let extraction = Extraction(
      config: config, task: task, initial: task.initialParameters(layout: layout), events: events,
      control: EngineControl(events: events))
    let settings = RoundSettings(pruneCount: 4096, epochs: 1, learningRate: 1e-3)
    let delivery = Task { await events.run() }
    defer { delivery.cancel() }

    let clock = ContinuousClock()
    let samples = Double(masks.count * steps * batch)
    var results: [[Mask]] = []
    func samplesPerSecond(_ threads: Int) throws -> Double {
      let time = try clock.measure {
        results.append(
          try extraction.run(round: 1, settings: settings, masks: masks, threads: threads))
      }
      return samples / (time / .seconds(1))
    }
    _ = try samplesPerSecond(workers)
    var (alone, together): ([Double], [Double]) = ([], [])
    for _ in 0..<repetitions {
      alone.append(try samplesPerSecond(1))
      together.append(try samplesPerSecond(workers))
    }
    events.finish()
    await delivery.value
    return Result(
      model: name, batch: batch, subnetworks: masks.count, steps: steps, workers: workers,
      samplesPerSecondAlone: Spread(alone), samplesPerSecond: Spread(together),
      ratio: Spread(zip(together, alone).map { $0 / $1 }),
      sameMasks: results.allSatisfy { $0 == results[0] })
  }
}
