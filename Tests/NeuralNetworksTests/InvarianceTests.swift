import NeuralNetworks
import Tensors
import Testing

/// The same bits whatever the number of threads and whatever lies in the padding lanes.
@Suite struct InvarianceTests {
  /// Two training steps; all parameters, moments, statistics and logits.
  static func train(
    _ architecture: Architecture, threads: Int, samples: Int, padding: Float = 0,
    density: Float = 0.6, tellsMask: Bool = true
  ) -> [UInt32] {
    train(
      architecture, pool: WorkerPool(threads: threads), samples: samples, padding: padding,
      density: density, tellsMask: tellsMask)
  }

  /// The same on a given pool.
  static func train(
    _ architecture: Architecture, pool: WorkerPool, samples: Int, padding: Float = 0,
    density: Float = 0.6, tellsMask: Bool = true
  ) -> [UInt32] {
    let network = Network(architecture, outputs: 4, capacity: 112, pool: pool)
    var stream = RandomStream(seed: 11, purpose: "invariance")
    let theta = network.layout.initialParameters(from: &stream)
    let mask = BitVector((0..<network.layout.prunableCount).map { _ in stream.uniform() < density })
    if tellsMask { network.use(mask: mask) }
    network.input.storage.fill(padding)
    network.input.count = samples
    for sample in 0..<samples {
      for channel in 0..<network.input.channels {
        for pixel in 0..<network.input.pixels {
          network.input.storage[
            network.input.offset(sample: sample, channel: channel, pixel: pixel)] =
            stream.normal()
        }
      }
    }
    let adam = Adam(layout: network.layout, subnetworks: 4, pool: pool)
    let statistics = BatchNormStatistics(layout: network.batchNormLayout)
    let weights = FloatBuffer(count: network.layout.count)
    let gradients = FloatBuffer(count: network.layout.count)
    var result: [Float] = []
    for _ in 0..<2 {
      weights.copy(from: theta, keeping: mask)
      network.forward(weights: weights, statistics: statistics, mode: .training)
      let loss = BinaryCrossEntropy.evaluate(
        logits: network.logits, output: 1, labels: (0..<samples).map { Float($0 % 2) },
        gradient: network.logitGradient)
      network.backward(weights: weights, gradients: gradients)
      adam.step(
        parameters: theta, gradients: gradients, mask: mask, subnetwork: 1, learningRate: 1e-3,
        frozen: network.layout.frozenRanges(keeping: 1))
      result.append(loss)
    }
    network.forward(weights: weights, statistics: statistics, mode: .evaluation)
    for sample in 0..<samples {
      result.append(
        network.logits.storage[network.logits.offset(sample: sample, channel: 1, pixel: 0)])
    }
    result += theta.values + adam.firstMoments.values + adam.secondMoments.values
    result += statistics.mean.values + statistics.variance.values
    return result.map(\.bitPattern)
  }

  @Test(arguments: Architecture.allCases, [100, 112])
  func threadsDoNotMatter(architecture: Architecture, samples: Int) {
    let alone = Self.train(architecture, threads: 1, samples: samples)
    #expect(!alone.contains { Float(bitPattern: $0).isNaN })
    for threads in [2, 3] {
      expectSame(Self.train(architecture, threads: threads, samples: samples), alone)
    }
  }

  @Test(arguments: Architecture.allCases, [0.02, 0.2, 0.5, 0.9] as [Float])
  func sparseKernelsDoNotMatter(architecture: Architecture, density: Float) {
    let dense = Self.train(
      architecture, threads: 1, samples: 33, density: density, tellsMask: false)
    for threads in [1, 2] {
      let sparse = Self.train(architecture, threads: threads, samples: 33, density: density)
      expectSame(sparse, dense)
    }
  }

  @Test(arguments: Architecture.allCases, [1, 19])
  func paddingDoesNotMatter(architecture: Architecture, samples: Int) {
    let clean = Self.train(architecture, threads: 1, samples: samples)
    let dirty = Self.train(architecture, threads: 1, samples: samples, padding: 1e9)
    expectSame(clean, dirty)
  }

  @Test func capacityAndFormerBatchesDoNotMatter() {
    // A small batch after a large one gives what a fresh network gives.
    let pool = WorkerPool(threads: 1)
    let used = Network(.smallCNN, outputs: 2, capacity: 64, pool: pool)
    let fresh = Network(.smallCNN, outputs: 2, capacity: 64, pool: pool)
    var stream = RandomStream(seed: 5, purpose: "former")
    let theta = used.layout.initialParameters(from: &stream)
    for i in 0..<used.input.storage.count { used.input.storage[i] = stream.normal() }
    func gradients(_ network: Network, _ samples: Int) -> [Float] {
      network.input.count = samples
      let statistics = BatchNormStatistics(layout: network.batchNormLayout)
      let gradients = FloatBuffer(count: network.layout.count)
      network.forward(weights: theta, statistics: statistics, mode: .training)
      _ = SoftmaxCrossEntropy.evaluate(
        logits: network.logits, labels: Array(repeating: 1, count: samples),
        gradient: network.logitGradient)
      network.backward(weights: theta, gradients: gradients)
      return gradients.values
    }
    fresh.input.storage.copy(from: used.input.storage)
    _ = gradients(used, 64)
    expectSame(gradients(used, 23), gradients(fresh, 23))
  }
}

/// Expects the same values; says how many differ, as a list of the differences would take minutes.
func expectSame<Value: Equatable>(
  _ a: [Value], _ b: [Value], _ what: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let differing = zip(a, b).count { $0 != $1 }
  #expect(
    a.count == b.count && differing == 0, "\(what): \(differing) of \(b.count) differ",
    sourceLocation: sourceLocation)
}
