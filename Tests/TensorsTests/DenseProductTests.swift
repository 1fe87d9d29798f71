import Tensors
import Testing

/// The products through tables of offsets, as linear layers use them; `SingleConvolutionTests` has
/// them as convolutions.
@Suite struct DenseProductTests {
  struct Shape: Sendable, CustomTestStringConvertible {
    var samples, inputs, outputs: Int
    var testDescription: String { "\(samples): \(inputs)→\(outputs)" }
  }

  static let shapes =
    (1...17).map { Shape(samples: 16 * (1 + $0 % 8), inputs: $0 % 5 + 1, outputs: $0) } + [
      Shape(samples: 64, inputs: 34, outputs: 128),
      Shape(samples: 41, inputs: 128, outputs: 3),
      Shape(samples: 100, inputs: 20, outputs: 24),
      Shape(samples: 16 * 203, inputs: 7, outputs: 12),
    ]

  static func pack(_ source: PackedMatrix.Source) -> (PackedMatrix, FloatBuffer) {
    let memory = FloatBuffer(
      count: PackedMatrix.count(outputs: source.outputs, inputs: source.channels * source.taps))
    memory.fill(.nan)
    return (PackedMatrix(source, into: memory.pointer), memory)
  }

  static func line(_ batch: LaneBatch) -> DenseProduct.Line {
    DenseProduct.Line(batch.storage.lanes, channelStride: 1, pixelStride: batch.channels)
  }

  @Test(arguments: shapes, [false, true])
  func forwardEqualsTheReference(shape: Shape, rectified: Bool) {
    let x = normals(shape.samples * shape.inputs, "x")
    let w = normals(shape.inputs * shape.outputs, "w")
    let b = normals(shape.outputs, "b")
    let input = batch(x, samples: shape.samples, channels: shape.inputs, pixels: 1)
    let output = LaneBatch(channels: shape.outputs, pixels: 1, capacity: shape.samples)
    output.storage.fill(.nan)
    let (weights, bias) = (FloatBuffer(w), FloatBuffer(b))
    let (matrix, memory) = Self.pack(
      PackedMatrix.Source(weights.pointer, outputs: shape.outputs, channels: shape.inputs))
    let offsets = (0..<shape.inputs).map(Int32.init)
    func multiply(_ ends: DenseProduct.Ends) {
      DenseProduct.multiply(
        matrix, input.storage.lanes, xStride: shape.inputs, offsets: offsets,
        into: Self.line(output), ends, pixels: input.groups)
    }
    withExtendedLifetime((memory, weights)) {
      multiply(DenseProduct.Ends(bias: bias.pointer, rectified: rectified))
      let expected = Reference.linear(x, w, b, rectified: rectified)
      #expect(deviation(values(output), expected) < 1e-5)

      // Without a bias, on top of what is there.
      let zeros = [Float](repeating: 0, count: shape.outputs)
      let product = Reference.linear(x, w, zeros, rectified: false)
      multiply(DenseProduct.Ends(base: Self.line(output)))
      #expect(deviation(values(output), zip(expected, product).map { $0 + $1 }) < 1e-5)
      multiply(DenseProduct.Ends())
      #expect(deviation(values(output), product) < 1e-5)
    }
  }

  @Test(arguments: shapes)
  func gradientsEqualTheReference(shape: Shape) {
    let x = normals(shape.samples * shape.inputs, "x")
    let w = normals(shape.inputs * shape.outputs, "w")
    let z = normals(shape.samples * shape.outputs, "z").map { max($0, 0) }
    let dz = normals(shape.samples * shape.outputs, "dz")
    let input = batch(x, samples: shape.samples, channels: shape.inputs, pixels: 1)
    let rectified = batch(z, samples: shape.samples, channels: shape.outputs, pixels: 1)
    let slope = batch(dz, samples: shape.samples, channels: shape.outputs, pixels: 1)
    let stride = input.groups | 1
    let (sortedX, sortedDy) = (
      FloatBuffer(count: shape.inputs * stride * 16),
      FloatBuffer(count: shape.outputs * stride * 16)
    )
    let (dw, db) = (FloatBuffer(count: w.count), FloatBuffer(count: shape.outputs))
    dw.fill(1)
    db.fill(1)
    DenseProduct.sortByChannel(
      input.storage.lanes, groups: input.groups, channels: shape.inputs,
      into: sortedX.lanes, stride: stride)
    DenseProduct.sortByChannel(
      gradient: slope.storage.lanes, rectified: UnsafePointer(rectified.storage.lanes),
      groups: input.groups, channels: shape.outputs, into: sortedDy.lanes, stride: stride,
      bias: db.pointer)
    let offsets = (0..<max(shape.inputs, shape.outputs)).map { Int32($0 * stride) }
    DenseProduct.accumulateGradient(
      dw.pointer, outputs: shape.outputs, inputs: shape.inputs,
      dy: DenseProduct.Rectangle(sortedDy.lanes, channelStride: stride, rowStride: 0),
      x: sortedX.lanes, xRowStride: 0, offsets: offsets, rows: 1, columns: input.groups)
    let gated = zip(dz, z).map { $1 > 0 ? $0 : 0 }
    let expected = Reference.linearGradients(x, w, gated, outputs: shape.outputs)
    #expect(deviation(dw.values, expected.dw.map { $0 + 1 }) < 1e-5)
    #expect(deviation(db.values, expected.db.map { $0 + 1 }) < 1e-5)

    let dx = LaneBatch(channels: shape.inputs, pixels: 1, capacity: shape.samples)
    let weights = FloatBuffer(w)
    let (matrix, memory) = Self.pack(
      PackedMatrix.Source(
        weights.pointer, outputs: shape.outputs, channels: shape.inputs
      ).transposed)
    withExtendedLifetime((memory, weights)) {
      DenseProduct.multiply(
        matrix, sortedDy.lanes, xStride: 1, offsets: offsets, into: Self.line(dx),
        pixels: input.groups)
    }
    #expect(deviation(values(dx), expected.dx) < 1e-5)
  }

  @Test func noTileChangesASum() {
    // Eleven outputs and inputs at once, and one at a time.
    let (count, groups) = (11, 29)
    let x = batch(normals(groups * 16 * count, "x"), samples: 16, channels: count, pixels: groups)
    let dy = batch(normals(groups * 16 * count, "dy"), samples: 16, channels: count, pixels: groups)
    let offsets = (0..<count).map { Int32($0 * groups) }
    func gradient(_ outputs: Range<Int>, _ inputs: Range<Int>) -> [UInt32] {
      let dw = FloatBuffer(count: outputs.count * inputs.count)
      DenseProduct.accumulateGradient(
        dw.pointer, outputs: outputs.count, inputs: inputs.count,
        dy: DenseProduct.Rectangle(
          dy.storage.lanes + outputs.lowerBound * groups, channelStride: groups, rowStride: 0),
        x: x.storage.lanes, xRowStride: 0, offsets: Array(offsets[inputs]), rows: 1,
        columns: groups)
      return dw.values.map(\.bitPattern)
    }
    let all = gradient(0..<count, 0..<count)
    for output in 0..<count {
      for input in 0..<count {
        #expect(
          gradient(output..<output + 1, input..<input + 1) == [all[output * count + input]])
      }
    }
  }

  @Test func squaredErrorLooksAtPresentLanes() {
    let (x, target) = (FloatBuffer(count: 48), FloatBuffer(count: 48))
    for i in 0..<48 { (x[i], target[i]) = (Float(i % 7), Float(i % 4)) }
    var presence = Lanes.zero
    for lane in 0..<5 { presence[lane] = 1 }
    x[21] = .nan  // not present
    let gradient = FloatBuffer(count: 48)
    gradient.fill(9)
    let sum = SquaredError.sum(
      x.lanes, target: target.lanes, presence: presence, count: 3, factor: 0.5,
      gradient: gradient.lanes)
    let present = (0..<48).filter { $0 % 16 < 5 }
    let differences = present.map { Float($0 % 7) - Float($0 % 4) }
    #expect(sum == differences.reduce(0) { $0 + $1 * $1 })
    #expect(present.map { gradient[$0] } == differences.map { $0 / 2 })
    #expect((0..<48).filter { $0 % 16 >= 5 }.allSatisfy { gradient[$0] == 0 })
  }
}
