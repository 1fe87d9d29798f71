import NeuralNetworks
import Tensors
import Testing

/// Convolutions of stride 1, which unfold nothing, against the reference.
@Suite struct SingleConvolutionTests {
  struct Shape: Sendable, CustomTestStringConvertible {
    var samples, inputs, outputs, height, width, kernel: Int
    var testDescription: String {
      "\(samples): \(inputs)→\(outputs), \(height)×\(width), \(kernel)×\(kernel)"
    }
  }

  static let shapes = [
    Shape(samples: 1, inputs: 1, outputs: 1, height: 1, width: 1, kernel: 1),
    Shape(samples: 16, inputs: 1, outputs: 1, height: 1, width: 1, kernel: 3),
    Shape(samples: 17, inputs: 2, outputs: 3, height: 2, width: 3, kernel: 5),
    Shape(samples: 16, inputs: 3, outputs: 8, height: 5, width: 4, kernel: 3),
    Shape(samples: 9, inputs: 8, outputs: 12, height: 7, width: 11, kernel: 3),
    Shape(samples: 33, inputs: 13, outputs: 5, height: 4, width: 9, kernel: 5),
    Shape(samples: 16, inputs: 4, outputs: 9, height: 3, width: 101, kernel: 3),
    Shape(samples: 20, inputs: 16, outputs: 17, height: 16, width: 16, kernel: 3),
    Shape(samples: 5, inputs: 3, outputs: 4, height: 9, width: 7, kernel: 7),
  ]

  struct Outcome: Equatable {
    var y: [Float]
    var dx: [Float]
    var dw: [Float]
  }

  static func values(_ batch: LaneBatch, _ samples: Int) -> [Float] {
    (0..<samples).flatMap { sample in
      (0..<batch.channels).flatMap { channel in
        (0..<batch.pixels).map { pixel in
          batch.storage[batch.offset(sample: sample, channel: channel, pixel: pixel)]
        }
      }
    }
  }

  static func run(
    _ shape: Shape, x: [Float], w: [Float], dy: [Float], _ method: SingleConvolution.Method,
    threads: Int
  ) -> Outcome {
    let layer = SingleConvolution(
      inputs: shape.inputs, outputs: shape.outputs, height: shape.height, width: shape.width,
      kernel: shape.kernel, batch: shape.samples, method: method, pool: WorkerPool(threads: threads)
    )
    for (values, batch) in [(x, layer.input), (dy, layer.outputGradient)] {
      for (index, value) in values.enumerated() {
        let (channel, pixel) = (index / batch.pixels % batch.channels, index % batch.pixels)
        let sample = index / batch.pixels / batch.channels
        batch.storage[batch.offset(sample: sample, channel: channel, pixel: pixel)] = value
      }
    }
    layer.output.storage.fill(.nan)
    layer.inputGradient.storage.fill(.nan)
    let (weights, dw) = (FloatBuffer(w), FloatBuffer(count: w.count))
    dw.fill(.nan)
    layer.forward(weights: weights)
    layer.backward(weights: weights, gradients: dw)
    return Outcome(
      y: values(layer.output, shape.samples), dx: values(layer.inputGradient, shape.samples),
      dw: dw.values)
  }

  static func deviation(_ actual: [Float], _ expected: [Double]) -> Double {
    guard actual.count == expected.count else { return .infinity }
    let scale = expected.reduce(1e-30) { max($0, abs($1)) }
    return zip(actual, expected).reduce(0.0) { worst, pair in
      let difference = abs(Double(pair.0) - pair.1)
      return difference.isNaN ? .infinity : max(worst, difference)
    } / scale
  }

  static func normals(_ count: Int, _ purpose: String) -> [Float] {
    var stream = RandomStream(seed: 7, purpose: purpose)
    return (0..<count).map { _ in stream.normal() }
  }

  @Test(arguments: shapes, SingleConvolution.Method.allCases)
  func equalsTheReferenceOnAnyThreads(shape: Shape, method: SingleConvolution.Method) {
    if method == .winograd, shape.kernel != 3 { return }
    let pixels = shape.height * shape.width
    let x = Self.normals(shape.samples * shape.inputs * pixels, "x")
    let w = Self.normals(shape.outputs * shape.inputs * shape.kernel * shape.kernel, "w")
    let dy = Self.normals(shape.samples * shape.outputs * pixels, "dy")
    let outcome = Self.run(shape, x: x, w: w, dy: dy, method, threads: 1)
    let reference = Reference.Convolution(
      geometry: Unfolding.Geometry(
        channels: shape.inputs, height: shape.height, width: shape.width, kernel: shape.kernel,
        stride: 1, padding: shape.kernel / 2),
      samples: shape.samples, outputs: shape.outputs)
    let gradients = Reference.convolutionGradients(x, w, dy, reference)
    #expect(Self.deviation(outcome.y, Reference.convolve(x, w, reference)) < 1e-5)
    #expect(Self.deviation(outcome.dx, gradients.dx) < 1e-5)
    #expect(Self.deviation(outcome.dw, gradients.dw) < 1e-5)
    for threads in [2, 3] {
      #expect(Self.run(shape, x: x, w: w, dy: dy, method, threads: threads) == outcome)
    }
  }
}
