internal import NeuralNetworks
internal import Tensors

extension GemmBenchmark {
  /// Sounds of a step of the U-Net, and their samples at 16 kHz: two and a half seconds.
  public static let sounds = (count: 4, samples: 40_000)

  /// Forward, weighted SDR through the inverse transform, backward and Adam on random sounds; what counts as
  /// arithmetic are the products of the layers alone.
  static func spectralUNet(_ pool: WorkerPool) -> Work {
    let loss = EnhancementLoss(
      framing: Framing(rate: 16_000), samples: sounds.samples, capacity: sounds.count, pool: pool)
    let network = SpectralUNet.network(loss.shape, capacity: sounds.count, pool: pool)
    let layout = network.layout
    var random = RandomStream(seed: 1, purpose: "benchmark")
    let parameters = layout.initialParameters(from: &random)
    let gradients = FloatBuffer(count: layout.count)
    let statistics = BatchNormStatistics(layout: network.batchNormLayout)
    let optimizer = Adam(layout: layout, subnetworks: 1, pool: pool)
    let clean = (0..<sounds.count).map { _ in
      (0..<sounds.samples).map { _ in random.uniform() - 0.5 }
    }
    let noisy = clean.map { $0.map { $0 + 0.5 * (random.uniform() - 0.5) } }
    loss.prepare(noisy: noisy, into: network.input)
    // Nobody needs the gradient of the spectra.
    let first = layout.prunableLayers.first?.range.count ?? 0
    let coarse = (loss.shape.bins + 1) / 2
    let lanes = Double(sounds.count * loss.shape.frames) / Double(loss.shape.stretch)
    let products = 3 * network.multiplyAdds - first * loss.shape.stretch * coarse
    return Work(
      operations: 2 * Double(products) * lanes,
      run: {
        network.forward(weights: parameters, statistics: statistics, mode: .training)
        _ = loss.evaluate(
          outputs: network.logits, clean: clean, gradient: network.logitGradient)
        network.backward(weights: parameters, gradients: gradients)
        optimizer.step(
          parameters: parameters, gradients: gradients, mask: nil, subnetwork: 0,
          learningRate: 1e-4)
      })
  }

  /// Forward and both gradients of a layer between maps of 65 and 33 frequencies of such sounds.
  static func spectralLayer(_ kind: SingleSpectralLayer.Kind, _ pool: WorkerPool) -> Work {
    let framing = Framing(rate: 16_000)
    let layer = SingleSpectralLayer(
      kind, inputs: 24, outputs: 24,
      frames: framing.frames(samples: sounds.samples), fineBins: 65, kernel: 3,
      samples: sounds.count, pool: pool)
    var random = RandomStream(seed: 1, purpose: "benchmark")
    let weights = FloatBuffer((0..<layer.weightCount).map { _ in random.normal() })
    let gradients = FloatBuffer(count: weights.count)
    for batch in [layer.input, layer.outputGradient] {
      for index in 0..<batch.storage.count { batch.storage[index] = random.uniform() * 2 - 1 }
    }
    return Work(
      operations: 2 * 3 * Double(layer.multiplyAdds) * Double(sounds.count),
      run: {
        layer.forward(weights: weights)
        layer.backward(weights: weights, gradients: gradients)
      })
  }
}
