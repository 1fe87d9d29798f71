import NeuralNetworks
import Tensors
import Testing

/// The fast layers over spectra against plain loops.
@Suite struct SpectralLayerTests {
  struct Case: Sendable, CustomStringConvertible {
    var frames, fineBins, inputs, outputs, kernel, samples: Int
    var description: String {
      "\(samples) × \(frames) × \(fineBins), \(inputs) → \(outputs), 3 × \(kernel)"
    }
  }

  /// Few windows and many, odd and even numbers of frequencies, more than one block of either.
  static let cases = [
    Case(frames: 1, fineBins: 3, inputs: 1, outputs: 1, kernel: 3, samples: 1),
    Case(frames: 5, fineBins: 9, inputs: 2, outputs: 3, kernel: 3, samples: 1),
    Case(frames: 16, fineBins: 8, inputs: 3, outputs: 12, kernel: 3, samples: 2),
    Case(frames: 17, fineBins: 10, inputs: 2, outputs: 9, kernel: 5, samples: 5),
    Case(frames: 100, fineBins: 33, inputs: 5, outputs: 4, kernel: 3, samples: 1),
    Case(frames: 150, fineBins: 17, inputs: 9, outputs: 13, kernel: 3, samples: 2),
    Case(frames: 40, fineBins: 290, inputs: 2, outputs: 3, kernel: 5, samples: 1),
  ]

  func random(_ count: Int, _ purpose: String) -> [Float] {
    var stream = RandomStream(seed: 11, purpose: purpose)
    return (0..<count).map { _ in stream.normal() }
  }

  func fill(_ batch: LaneBatch, _ shape: SpectralShape, _ values: [Float]) {
    let size = batch.channels * shape.frames * shape.bins
    // Only what `store` writes may count.
    batch.storage.fill(.nan)
    batch.count = batch.capacity
    values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return }
      for sample in 0..<values.count / size {
        shape.store(base + sample * size, into: batch, sample: sample)
      }
    }
  }

  func values(_ batch: LaneBatch, _ shape: SpectralShape, samples: Int) -> [Float] {
    let size = batch.channels * shape.frames * shape.bins
    var result = [Float](repeating: .nan, count: samples * size)
    result.withUnsafeMutableBufferPointer { result in
      guard let base = result.baseAddress else { return }
      for sample in 0..<samples { shape.load(batch, sample: sample, into: base + sample * size) }
    }
    return result
  }

  func deviation(_ actual: [Float], _ expected: [Double]) -> Double {
    guard actual.count == expected.count else { return .infinity }
    let scale = expected.reduce(1e-30) { max($0, abs($1)) }
    return zip(actual, expected).reduce(0.0) { worst, pair in
      let difference = abs(Double(pair.0) - pair.1)
      return difference.isNaN ? .infinity : max(worst, difference)
    } / scale
  }

  @Test(arguments: cases, SingleSpectralLayer.Kind.allCases)
  func layerEqualsReference(_ c: Case, _ kind: SingleSpectralLayer.Kind) {
    let layer = SingleSpectralLayer(
      kind, inputs: c.inputs, outputs: c.outputs, frames: c.frames, fineBins: c.fineBins,
      kernel: c.kernel, samples: c.samples, pool: WorkerPool(threads: 2))
    let isTransposed = kind == .transposed
    let reference = Reference.SpectralLayer(
      samples: c.samples, frames: c.frames, fineBins: c.fineBins,
      fineChannels: isTransposed ? c.outputs : c.inputs,
      coarseChannels: isTransposed ? c.inputs : c.outputs, kernel: c.kernel)
    let inputCount = c.samples * c.inputs * c.frames * layer.inputShape.bins
    let outputCount = c.samples * c.outputs * c.frames * layer.outputShape.bins
    let x = random(inputCount, "input")
    let dy = random(outputCount, "slopes")
    let w = random(layer.weightCount, "weights")
    let weights = FloatBuffer(w)
    fill(layer.input, layer.inputShape, x)
    fill(layer.outputGradient, layer.outputShape, dy)
    layer.output.storage.fill(.nan)
    layer.inputGradient.storage.fill(.nan)
    layer.forward(weights: weights)
    let y = values(layer.output, layer.outputShape, samples: c.samples)
    #expect(deviation(y, isTransposed ? reference.fine(x, w) : reference.coarse(x, w)) < 1e-5)
    let gradients = FloatBuffer(count: layer.weightCount)
    gradients.fill(.nan)
    layer.backward(weights: weights, gradients: gradients)
    let dx = values(layer.inputGradient, layer.inputShape, samples: c.samples)
    #expect(deviation(dx, isTransposed ? reference.coarse(dy, w) : reference.fine(dy, w)) < 1e-5)
    let dw =
      isTransposed
      ? reference.weightGradient(fine: dy, coarse: x)
      : reference.weightGradient(fine: x, coarse: dy)
    #expect(deviation(gradients.values, dw) < 1e-5)
    // Padding holds zeros, whatever was computed beside it.
    for batch in [layer.output, layer.inputGradient] {
      let shape = batch === layer.output ? layer.outputShape : layer.inputShape
      var present = 0
      for value in batch.storage.values where value != 0 {
        #expect(value.isFinite)
        present += 1
      }
      #expect(present <= c.samples * batch.channels * shape.frames * shape.bins)
    }
  }

  @Test func plainSpectraComeBackFromTheLanes() {
    for frames in [1, 15, 16, 17, 31, 626] {
      let shape = SpectralShape(frames: frames, bins: 3)
      let batch = shape.batch(samples: 2)
      let plain = random(2 * 2 * frames * 3, "plain")
      fill(batch, shape, plain)
      #expect(values(batch, shape, samples: 2) == plain)
      let place = shape.offset(in: batch, sample: 1, channel: 1, frame: frames - 1, bin: 2)
      #expect(batch.storage[place] == plain[plain.count - 1])
      #expect(batch.storage.values.filter { $0 != 0 }.count == plain.count)
    }
  }
}
