internal import Experiments
internal import Foundation
internal import NeuralNetworks
internal import Tensors

/// Times whole training steps of a named model on random data.
public enum StepBenchmark {
  /// What was measured.
  public struct Result: Sendable, Encodable {
    /// The model's name.
    public let model: String
    /// Samples in the mini-batch.
    public let batch: Int
    /// Threads of the pool.
    public let threads: Int
    /// Counted steps.
    public let steps: Int
    /// Fraction of prunable weights outside the mask.
    public let sparsity: Double
    /// Samples per second at the median step.
    public let samplesPerSecond: Double
    /// Wall time of a step.
    public let millisecondsPerStep: Spread
    /// Where the time goes: milliseconds of a step by kernel, of all threads together, from further
    /// steps that are measured inside; the longest first.
    public let breakdown: [Kernel]
    /// 2 × 3 × multiply-adds of a dense forward pass per sample, per second, in units of 10⁹.
    public let gigaflopsPerSecond: Double
    /// What as many threads reach at best on multiply-adds in registers.
    public let peakGigaflopsPerSecond: Double
    /// A step's rate as a fraction of the peak measured beside it, the median over the steps.
    public let shareOfPeak: Double
  }

  /// The time of one kernel.
  public struct Kernel: Sendable, Encodable {
    /// What it computes.
    public let name: String
    /// Milliseconds in a step.
    public let milliseconds: Double
  }

  /// The models that can be measured: those that need nothing but their name, and read images or points.
  public static var modelNames: [String] {
    ModelKind.allCases.filter { $0 != .recipe && $0 != .spectralUNet }.map(\.rawValue)
  }

  /// The model of a name.
  /// - Throws: `EngineError` for an unknown one.
  static func model(named name: String) throws -> ModelKind {
    guard modelNames.contains(name), let model = ModelKind(rawValue: name) else {
      throw EngineError.unsupported(
        "no model '\(name)'; the models are \(modelNames.joined(separator: ", "))")
    }
    return model
  }

  /// Runs a warm-up of two steps, then the counted ones.
  /// - Parameters:
  ///   - width: what GhostNet's widths are multiplied by; of no effect on other models.
  ///   - imageSize: pixels of a row and of a column.
  /// - Throws: `EngineError` for an unknown model, or one that does not fit into memory.
  public static func run(
    model name: String, width: Double = 1, imageSize: Int = 32, batch: Int, steps: Int,
    sparsity: Double, threads: Int
  ) throws -> Result {
    var model = ModelConfig()
    model.kind = try self.model(named: name)
    model.width = width
    let architecture = ModelCatalogue.architecture(model, side: imageSize)
    try NetworkMemory.require(
      architecture.memoryBytes(outputs: 10, capacity: batch, threads: threads))
    let outputs = 10
    let pool = WorkerPool(threads: threads)
    let network = Network(architecture, outputs: outputs, capacity: batch, pool: pool)
    let layout = network.layout
    var random = RandomStream(seed: 1, purpose: "benchmark")
    let parameters = layout.initialParameters(from: &random)
    let effective = FloatBuffer(count: layout.count)
    let gradients = FloatBuffer(count: layout.count)
    let statistics = BatchNormStatistics(layout: network.batchNormLayout)
    let optimizer = Adam(
      layout: layout, subnetworks: 1, settings: ModelCatalogue.adamSettings(OptimizerConfig()),
      pool: pool)
    let mask = BitVector(
      (0..<layout.prunableCount).map { _ in Double(random.uniform()) >= sparsity })
    network.use(mask: mask)
    network.input.count = batch
    for index in 0..<network.input.storage.count {
      network.input.storage.pointer[index] = random.uniform() * 2 - 1
    }
    let labels = (0..<batch).map { Float($0 % 2) }

    let clock = ContinuousClock()
    var (masking, loss, adam) = (Duration.zero, Duration.zero, Duration.zero)
    func step() {
      masking += clock.measure { effective.copy(from: parameters, keeping: mask) }
      network.forward(weights: effective, statistics: statistics, mode: .training)
      loss += clock.measure {
        _ = BinaryCrossEntropy.evaluate(
          logits: network.logits, output: 0, labels: labels, gradient: network.logitGradient)
      }
      network.backward(weights: effective, gradients: gradients)
      adam += clock.measure {
        optimizer.step(
          parameters: parameters, gradients: gradients, mask: mask, subnetwork: 0,
          learningRate: 1e-4, frozen: layout.frozenRanges(keeping: 0))
      }
    }
    let perStep = 2 * 3 * Double(network.multiplyAdds) * Double(batch)
    let peak = Work.peak(pool)
    let seconds = Work.alternate([Work(operations: perStep, run: step), peak], rounds: steps)
    let times = Spread(seconds[0].map { $0 * 1000 })
    let shares = zip(seconds[0], seconds[1]).map { perStep / $0 / (peak.operations / $1) }

    // Once more with a clock around each kernel.
    let profile = PassProfile()
    network.profile = profile
    (masking, loss, adam) = (.zero, .zero, .zero)
    let profiled = max(1, steps / 2)
    for _ in 0..<profiled { step() }
    let outside = [("masking", masking), ("loss", loss), ("masked Adam", adam)]
      .map { Kernel(name: $0.0, milliseconds: $0.1 / .milliseconds(1) / Double(profiled)) }
    let breakdown =
      profile.entries.map {
        Kernel(name: $0.name, milliseconds: $0.seconds * 1000 / Double(profiled))
      } + outside

    return Result(
      model: name, batch: batch, threads: threads, steps: steps, sparsity: sparsity,
      samplesPerSecond: Double(batch) / times.median * 1000,
      millisecondsPerStep: times,
      breakdown: breakdown.sorted { $0.milliseconds > $1.milliseconds },
      gigaflopsPerSecond: perStep / times.median / 1e6,
      peakGigaflopsPerSecond: peak.operations / Spread(seconds[1]).min / 1e9,
      shareOfPeak: Spread(shares).median)
  }
}
