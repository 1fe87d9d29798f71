import Tensors
import Testing

@Suite struct PointwiseTests {
  struct Shape: Sendable, CustomTestStringConvertible {
    var samples, inputs, outputs, height, width: Int
    var testDescription: String { "\(samples): \(inputs)→\(outputs), \(height)×\(width)" }
    var pixels: Int { height * width }
    var reference: Reference.Convolution {
      Reference.Convolution(
        geometry: Unfolding.Geometry(
          channels: inputs, height: height, width: width, kernel: 1, stride: 1, padding: 0),
        samples: samples, outputs: outputs)
    }
  }

  static let shapes = [
    Shape(samples: 1, inputs: 1, outputs: 1, height: 1, width: 1),
    Shape(samples: 16, inputs: 3, outputs: 2, height: 1, width: 1),
    Shape(samples: 5, inputs: 7, outputs: 5, height: 3, width: 5),
    Shape(samples: 33, inputs: 16, outputs: 8, height: 16, width: 16),
    Shape(samples: 20, inputs: 80, outputs: 23, height: 2, width: 2),
    Shape(samples: 47, inputs: 200, outputs: 40, height: 2, width: 1),
    Shape(samples: 16, inputs: 4, outputs: 11, height: 9, width: 9),
  ]

  @Test(arguments: shapes)
  func forwardEqualsTheReference(shape: Shape) {
    let x = normals(shape.samples * shape.inputs * shape.pixels, "x")
    let w = normals(shape.inputs * shape.outputs, "w")
    let input = batch(x, samples: shape.samples, channels: shape.inputs, pixels: shape.pixels)
    let output = LaneBatch(
      channels: shape.outputs, pixels: shape.pixels, capacity: shape.samples)
    let weights = FloatBuffer(w)
    let matrix = Pointwise.Matrix(
      weights.pointer, outputs: shape.outputs, inputs: shape.inputs)
    Pointwise.multiply(
      matrix, input.planes, into: output.planes, groups: input.groups, pixels: shape.pixels)
    let expected = Reference.convolve(x, w, shape.reference)
    #expect(deviation(values(output), expected) < 1e-5)

    // Once more on top of itself.
    Pointwise.multiply(
      matrix, input.planes, into: output.planes, adding: output.planes, groups: input.groups,
      pixels: shape.pixels)
    #expect(deviation(values(output), expected.map { 2 * $0 }) < 1e-5)
  }

  @Test(arguments: shapes, [0, 0.1, 0.5, 1] as [Float])
  func keptEntriesGiveTheDenseBits(shape: Shape, density: Float) {
    let (inputs, outputs, pixels) = (shape.inputs, shape.outputs, shape.pixels)
    var stream = RandomStream(seed: 7, purpose: "mask")
    // The matrix lies somewhere among other weights.
    let first = 13
    let mask = BitVector((0..<first + inputs * outputs + 5).map { _ in stream.uniform() < density })
    let w = normals(inputs * outputs, "w").enumerated().map { mask[first + $0] ? $1 : 0 }
    let input = batch(
      normals(shape.samples * inputs * pixels, "x"), samples: shape.samples, channels: inputs,
      pixels: pixels)
    let slope = batch(
      normals(shape.samples * outputs * pixels, "dy"), samples: shape.samples, channels: outputs,
      pixels: pixels)
    let weights = FloatBuffer(w)
    let matrix = Pointwise.Matrix(weights.pointer, outputs: outputs, inputs: inputs)
    let rows = KeptEntries(mask: mask, first: first, rows: outputs, columns: inputs)
    let columns = KeptEntries(
      mask: mask, first: first, rows: outputs, columns: inputs, isTransposed: true)

    func bits(_ batch: LaneBatch) -> [UInt32] { values(batch).map(\.bitPattern) }
    let (y, kept) = (
      LaneBatch(channels: outputs, pixels: pixels, capacity: shape.samples),
      LaneBatch(channels: outputs, pixels: pixels, capacity: shape.samples)
    )
    for _ in 0..<2 {  // the second time on top of the first
      Pointwise.multiply(
        matrix, input.planes, into: y.planes, adding: y.planes, groups: input.groups,
        pixels: pixels)
      Pointwise.multiply(
        rows, rows: 0..<outputs, weights.pointer, input.planes, into: kept.planes,
        adding: kept.planes, groups: input.groups, pixels: pixels)
      #expect(bits(y) == bits(kept))
    }

    // The input's gradient, in two parts as for two maps side by side.
    let (dx, keptDx) = (
      LaneBatch(channels: inputs, pixels: pixels, capacity: shape.samples),
      LaneBatch(channels: inputs, pixels: pixels, capacity: shape.samples)
    )
    Pointwise.multiply(
      matrix.transposed, slope.planes, into: dx.planes, groups: input.groups, pixels: pixels)
    for part in [0..<inputs / 2, inputs / 2..<inputs] {
      var to = keptDx.planes
      to.base += part.lowerBound * to.channelStride
      Pointwise.multiply(
        columns, rows: part, weights.pointer, slope.planes, into: to, groups: input.groups,
        pixels: pixels)
    }
    #expect(bits(dx) == bits(keptDx))

    let (dw, keptDw) = (FloatBuffer(count: w.count), FloatBuffer(count: w.count))
    Pointwise.accumulateGradient(
      dw.pointer, outputs: outputs, inputs: inputs, dy: slope.planes, x: input.planes,
      groups: input.groups, pixels: pixels)
    Pointwise.accumulateGradient(
      keptDw.pointer, rows, dy: slope.planes, x: input.planes, groups: input.groups,
      pixels: pixels)
    for place in w.indices {
      #expect(keptDw[place].bitPattern == (mask[first + place] ? dw[place].bitPattern : 0))
    }
  }

  @Test(arguments: shapes)
  func gradientsEqualTheReference(shape: Shape) {
    let x = normals(shape.samples * shape.inputs * shape.pixels, "x")
    let w = normals(shape.inputs * shape.outputs, "w")
    let dy = normals(shape.samples * shape.outputs * shape.pixels, "dy")
    let input = batch(x, samples: shape.samples, channels: shape.inputs, pixels: shape.pixels)
    let slope = batch(dy, samples: shape.samples, channels: shape.outputs, pixels: shape.pixels)
    let dx = LaneBatch(channels: shape.inputs, pixels: shape.pixels, capacity: shape.samples)
    let weights = FloatBuffer(w)
    let matrix = Pointwise.Matrix(
      weights.pointer, outputs: shape.outputs, inputs: shape.inputs)
    Pointwise.multiply(
      matrix.transposed, slope.planes, into: dx.planes, groups: input.groups,
      pixels: shape.pixels)
    let dw = FloatBuffer(count: w.count)
    dw.fill(1)
    Pointwise.accumulateGradient(
      dw.pointer, outputs: shape.outputs, inputs: shape.inputs, dy: slope.planes,
      x: input.planes, groups: input.groups, pixels: shape.pixels)
    let expected = Reference.convolutionGradients(x, w, dy, shape.reference)
    #expect(deviation(values(dx), expected.dx) < 1e-5)
    #expect(deviation(dw.values, expected.dw.map { $0 + 1 }) < 1e-5)
  }
}
