internal import NeuralNetworks
internal import Tensors

/// Times layers whose work is matrix products: the perceptron of paper §6, larger 3×3 convolutions, the
/// U-Net of paper §7 with its kinds of layer, and GhostNet's kernels (§5) by themselves, beside what the
/// machine can do at best.
public enum GemmBenchmark {
  /// What was measured.
  public struct Result: Sendable, Encodable {
    /// Threads of the pool.
    public let threads: Int
    /// Counted rounds.
    public let rounds: Int
    /// Multiply-adds in registers.
    public let peak: Rate
    /// OpenBLAS' product of square matrices of side 1024, one for each thread.
    public let sgemm: Rate
    /// The kernels OpenBLAS chose.
    public let openblasKernels: String
    /// The layers.
    public let layers: [Layer]
  }

  /// The best round's rate in 10⁹ floating-point operations per second.
  public struct Rate: Sendable, Encodable {
    /// On one thread.
    public let oneThread: Double
    /// On all threads together.
    public let allThreads: Double
  }

  /// The figures of one kind of work.
  public struct Layer: Sendable, Encodable {
    /// A name for scripts, such as `mlp`.
    public let key: String
    /// What is computed.
    public let name: String
    /// Wall time of a round.
    public let milliseconds: Spread
    /// Twice the multiply-adds of all products over the median time, in units of 10⁹.
    public let gigaflopsPerSecond: Double
    /// As a fraction of the peak that the same round measured on as many threads.
    public let shareOfPeak: Spread
    /// As a fraction of OpenBLAS' rate that the same round measured on as many threads.
    public let shareOfSgemm: Spread
  }

  /// Points of the perceptron's step.
  public static let points = 4096
  /// Samples of the convolutions.
  public static let batch = 32

  /// Measures the machine's best and every layer in alternation.
  public static func run(rounds: Int, threads: Int) -> Result {
    let (alone, pool) = (WorkerPool(threads: 1), WorkerPool(threads: threads))
    var layers = [(key: "mlp", name: "MLP step, \(points) points", work: perceptron(pool))]
    for (channels, side) in [(64, 32), (128, 16)] {
      layers.append(
        (
          "convolution_\(channels)",
          "3×3 convolution \(channels)→\(channels), \(side)×\(side), batch \(batch)",
          convolution(channels, side, pool)
        ))
    }
    let (sounds, seconds) = (sounds.count, Double(sounds.samples) / 16_000)
    let shape = "24→24, 65 and 33 frequencies"
    layers += [
      (
        "spectral_convolution", "3×3 convolution, stride (1, 2), \(shape)",
        spectralLayer(.convolution, pool)
      ),
      (
        "transposed_convolution", "3×3 transposed convolution, \(shape)",
        spectralLayer(.transposed, pool)
      ),
      ("unet", "U-Net step, \(sounds) sounds of \(seconds) s", spectralUNet(pool)),
    ]
    layers += ghostKernels(pool)
    let works =
      [.peak(pool), .matrixProduct(pool), .peak(alone), .matrixProduct(alone)]
      + layers.map(\.work)
    let times = Work.alternate(works, rounds: rounds)
    let rates = zip(works, times).map { work, seconds in
      seconds.map { work.operations / $0 / 1e9 }
    }
    func best(_ all: Int, _ one: Int) -> Rate {
      Rate(oneThread: Spread(rates[one]).max, allThreads: Spread(rates[all]).max)
    }
    return Result(
      threads: threads, rounds: rounds, peak: best(0, 2), sgemm: best(1, 3),
      openblasKernels: BLAS.coreName,
      layers: layers.enumerated().map { index, layer in
        let milliseconds = Spread(times[4 + index].map { $0 * 1000 })
        func share(of other: Int) -> Spread {
          Spread(zip(rates[4 + index], rates[other]).map { $0 / $1 })
        }
        return Layer(
          key: layer.key, name: layer.name, milliseconds: milliseconds,
          gigaflopsPerSecond: layer.work.operations / milliseconds.median / 1e6,
          shareOfPeak: share(of: 0), shareOfSgemm: share(of: 1))
      })
  }

  /// Forward, squared error, backward and Adam on random points.
  private static func perceptron(_ pool: WorkerPool) -> Work {
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
    return Work(
      operations: operations,
      run: {
        network.forward(weights: parameters, statistics: statistics, mode: .training)
        _ = MeanSquaredError.evaluate(
          outputs: network.logits, targets: targets, gradient: network.logitGradient)
        network.backward(weights: parameters, gradients: gradients)
        optimizer.step(
          parameters: parameters, gradients: gradients, mask: nil, subnetwork: 0,
          learningRate: 1e-2)
      })
  }

  /// Forward and the gradients of input and weights.
  private static func convolution(
    _ channels: Int, _ side: Int, _ pool: WorkerPool
  ) -> Work {
    let layer = SingleConvolution(
      inputs: channels, outputs: channels, height: side, width: side, kernel: 3, batch: batch,
      pool: pool)
    var random = RandomStream(seed: 1, purpose: "benchmark")
    let weights = FloatBuffer((0..<9 * channels * channels).map { _ in random.normal() })
    let gradients = FloatBuffer(count: weights.count)
    fill(layer.input, &random)
    fill(layer.outputGradient, &random)
    return Work(
      operations: 2 * 3 * Double(layer.multiplyAdds) * Double(batch),
      run: {
        layer.forward(weights: weights)
        layer.backward(weights: weights, gradients: gradients)
      })
  }

  private static func fill(_ batch: LaneBatch, _ random: inout RandomStream) {
    for index in 0..<batch.storage.count { batch.storage[index] = random.uniform() * 2 - 1 }
  }
}
