internal import NeuralNetworks
internal import Tensors

/// Times layers whose work is matrix products: the perceptron of paper §6 and larger 3×3
/// convolutions, beside what the machine can do at best.
public enum GemmBenchmark {
  /// What was measured; rates in 10⁹ floating-point operations per second.
  public struct Result: Sendable, Encodable {
    /// Threads of the pool.
    public let threads: Int
    /// Counted rounds.
    public let rounds: Int
    /// Multiply-adds in registers.
    public let peak: MachineRates.Rate
    /// OpenBLAS' square product of side 1024.
    public let sgemm: MachineRates.Rate
    /// The kernels OpenBLAS chose.
    public let openblasKernels: String
    /// The layers.
    public let layers: [Layer]
  }

  /// The figures of one kind of work.
  public struct Layer: Sendable, Encodable {
    /// A name for scripts, such as `mlp`.
    public let key: String
    /// What is computed.
    public let name: String
    /// Wall time of a round.
    public let milliseconds: StepBenchmark.Spread
    /// The multiply-adds that the products need, twice, over the median time.
    public let gigaflopsPerSecond: Double
    /// As a fraction of the peak on as many threads.
    public let shareOfPeak: Double
    /// As a fraction of OpenBLAS' rate on as many threads.
    public let shareOfSgemm: Double
  }

  /// Points of the perceptron's step.
  public static let points = 4096
  /// Samples of the convolutions.
  public static let batch = 32

  /// Measures the machine, then every layer: two rounds of warm-up, then the counted ones.
  public static func run(rounds: Int, threads: Int) -> Result {
    let peak = MachineRates.fusedMultiplyAdds(threads: threads)
    let sgemm = MachineRates.matrixProducts(threads: threads)
    let pool = WorkerPool(threads: threads)
    func layer(_ key: String, _ name: String, _ work: (operations: Double, body: () -> Void))
      -> Layer
    {
      let times = StepBenchmark.measure(rounds: rounds, work.body)
      let rate = work.operations / times.median / 1e6
      return Layer(
        key: key, name: name, milliseconds: times, gigaflopsPerSecond: rate,
        shareOfPeak: rate / peak.allThreads, shareOfSgemm: rate / sgemm.allThreads)
    }
    var layers = [
      layer("mlp", "MLP step, \(points) points", perceptron(pool))
    ]
    for (channels, side) in [(64, 32), (128, 16)] {
      layers.append(
        layer(
          "convolution_\(channels)",
          "3×3 convolution \(channels)→\(channels), \(side)×\(side), batch \(batch)",
          convolution(channels, side, pool)))
    }
    return Result(
      threads: threads, rounds: rounds, peak: peak, sgemm: sgemm, openblasKernels: BLAS.coreName,
      layers: layers)
  }

  /// Forward, squared error, backward and Adam on random points.
  private static func perceptron(_ pool: WorkerPool) -> (operations: Double, body: () -> Void) {
    let network = Network(.coordinateMLP, outputs: 3, capacity: points, pool: pool)
    let layout = network.layout
    var random = RandomStream(seed: 1, purpose: "benchmark")
    let parameters = layout.initialParameters(from: &random)
    let gradients = FloatBuffer(count: layout.count)
    let statistics = BatchNormStatistics(layout: network.batchNormLayout)
    let optimizer = Adam(layout: layout, subnetworks: 1, pool: pool)
    let targets = LaneBatch(channels: 3, pixels: 1, capacity: points)
    fill(network.input, &random)
    fill(targets, &random)
    // Nobody needs the gradient of the points' features.
    let first = layout.prunableLayers.first?.range.count ?? 0
    let operations = 2 * Double(3 * network.multiplyAdds - first) * Double(points)
    return (
      operations,
      {
        network.forward(weights: parameters, statistics: statistics, mode: .training)
        _ = MeanSquaredError.evaluate(
          outputs: network.logits, targets: targets, gradient: network.logitGradient)
        network.backward(weights: parameters, gradients: gradients)
        optimizer.step(
          parameters: parameters, gradients: gradients, mask: nil, subnetwork: 0,
          learningRate: 1e-2)
      }
    )
  }

  /// Forward and the gradients of input and weights.
  private static func convolution(
    _ channels: Int, _ side: Int, _ pool: WorkerPool
  ) -> (operations: Double, body: () -> Void) {
    let layer = SingleConvolution(
      inputs: channels, outputs: channels, height: side, width: side, kernel: 3, batch: batch,
      pool: pool)
    var random = RandomStream(seed: 1, purpose: "benchmark")
    let weights = FloatBuffer((0..<9 * channels * channels).map { _ in random.normal() })
    let gradients = FloatBuffer(count: weights.count)
    fill(layer.input, &random)
    fill(layer.outputGradient, &random)
    return (
      2 * 3 * Double(layer.multiplyAdds) * Double(batch),
      {
        layer.forward(weights: weights)
        layer.backward(weights: weights, gradients: gradients)
      }
    )
  }

  private static func fill(_ batch: LaneBatch, _ random: inout RandomStream) {
    for index in 0..<batch.storage.count { batch.storage[index] = random.uniform() * 2 - 1 }
  }
}
