import NeuralNetworks
import Tensors
import Testing

@Suite struct SpectralUNetTests {
  /// Windows that leave padding lanes, an even number of frequencies on the way: 26, 13, 7, 4, 2, 1.
  static let shape = SpectralShape(frames: 37, bins: 26)

  func random(_ count: Int, _ purpose: String) -> FloatBuffer {
    var stream = RandomStream(seed: 19, purpose: purpose)
    return FloatBuffer((0..<count).map { _ in stream.normal() })
  }

  func parameters(_ network: Network) -> FloatBuffer {
    var stream = RandomStream(seed: 5, purpose: "parameters")
    let theta = network.layout.initialParameters(from: &stream)
    for slice in network.layout.slices where !slice.isPrunable {
      for i in slice.range { theta[i] += 0.2 * stream.normal() }
    }
    return theta
  }

  func fill(_ batch: LaneBatch, _ shape: SpectralShape, samples: Int, _ purpose: String) {
    let size = 2 * shape.frames * shape.bins
    let values = random(samples * size, purpose)
    batch.count = samples * LaneBatch.lanes
    for sample in 0..<samples {
      shape.store(values.pointer + sample * size, into: batch, sample: sample)
    }
  }

  @Test func paperShapes() {
    let shape = SpectralShape(Framing(rate: 16_000), samples: 160_000)
    #expect(shape == SpectralShape(frames: 626, bins: 513))
    let network = SpectralUNet.network(shape, capacity: 0, pool: WorkerPool(threads: 1))
    #expect(network.layout.prunableCount == 37_368)
    #expect(
      network.layout.prunableLayers.map { $0.range.count }
        == [360, 1296, 1296, 2592, 10_368, 10_368, 5184, 2592, 2592, 720])
    // Every layer's weights for each window and each frequency of its coarse side.
    let bins = [257, 129, 65, 33, 17]
    let expected = zip(network.layout.prunableLayers, bins + bins.reversed())
      .reduce(0) { $0 + $1.0.range.count * 40 * $1.1 }
    #expect(network.multiplyAdds == expected)
  }

  /// The dot product with fixed slopes is a loss; its gradient against central differences, tensor by
  /// tensor, along the gradient turned by some random amount.
  @Test func gradientEqualsDifferences() {
    let samples = 3
    let network = SpectralUNet.network(Self.shape, capacity: samples, pool: WorkerPool(threads: 1))
    fill(network.input, Self.shape, samples: samples, "input")
    fill(network.logitGradient, Self.shape, samples: samples, "slopes")
    let slopes = network.logitGradient.storage.values
    let theta = parameters(network)
    let statistics = BatchNormStatistics(layout: network.batchNormLayout)
    func loss(_ parameters: FloatBuffer) -> Double {
      network.forward(weights: parameters, statistics: statistics, mode: .training)
      return zip(network.logits.storage.values, slopes)
        .reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    _ = loss(theta)
    let gradients = FloatBuffer(count: network.layout.count)
    network.backward(weights: theta, gradients: gradients)
    var stream = RandomStream(seed: 23, purpose: "directions")
    GradientCheck.compare(
      gradients, with: loss, at: theta, of: network.layout, largerThan: 1, directions: &stream)
  }

  @Test("the bits do not depend on threads, nor on the order in which they come")
  func invariance() {
    func results(_ pool: WorkerPool) -> [UInt32] {
      let network = SpectralUNet.network(Self.shape, capacity: 5, pool: pool)
      fill(network.input, Self.shape, samples: 5, "input")
      fill(network.logitGradient, Self.shape, samples: 5, "slopes")
      let theta = parameters(network)
      let statistics = BatchNormStatistics(layout: network.batchNormLayout)
      network.forward(weights: theta, statistics: statistics, mode: .training)
      let gradients = FloatBuffer(count: network.layout.count)
      network.backward(weights: theta, gradients: gradients)
      return (network.logits.storage.values + gradients.values + statistics.variance.values)
        .map(\.bitPattern)
    }
    let expected = results(WorkerPool(threads: 1))
    #expect(expected.contains { $0 != 0 })
    for threads in [2, 3, 4] {
      #expect(results(WorkerPool(threads: threads)) == expected)
    }
    let slow = WorkerPool(threads: 3) { place in
      if case .shard(let shard, let worker) = place, (shard + worker) % 2 == 0 {
        for _ in 0..<20_000 { _ = place }
      }
    }
    #expect(results(slow) == expected)
  }

  @Test("a long sound in parts is the sound in one go", arguments: [1, 100, 600, 1501])
  func parts(count: Int) {
    let framing = Framing(window: 64, hop: 16)
    let pool = WorkerPool(threads: 1)
    let loss = EnhancementLoss(
      framing: framing, samples: count, capacity: 1, mask: .bounded, pool: pool)
    let network = SpectralUNet.network(loss.shape, capacity: 1, pool: pool)
    let theta = parameters(network)
    let statistics = BatchNormStatistics(layout: network.batchNormLayout)
    let sound = random(count, "long").values
    loss.prepare(noisy: [sound], into: network.input)
    network.forward(weights: theta, statistics: statistics, mode: .evaluation)
    let expected = loss.enhanced(outputs: network.logits)[0]
    let enhancer = SpeechEnhancer(
      framing: framing, mask: .bounded, partFrames: 33, pool: pool)
    let scale = expected.map(abs).max() ?? 0
    #expect(scale > 0.01)
    // The second time everything is prepared.
    for _ in 0..<2 {
      let result = enhancer.enhanced(sound, weights: theta, statistics: statistics)
      #expect(result.count == count)
      let worst = zip(result, expected).map { abs($0 - $1) }.max() ?? 1
      #expect(worst <= 2e-5 * scale)
    }
    #expect(enhancer.enhanced([], weights: theta, statistics: statistics).isEmpty)
  }
}
