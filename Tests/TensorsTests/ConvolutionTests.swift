import Tensors
import Testing

@Suite struct ConvolutionTests {
  struct Shape: Sendable, CustomTestStringConvertible {
    var height, width, kernel, stride: Int
    var testDescription: String { "\(height)×\(width), \(kernel)×\(kernel) / \(stride)" }
    var geometry: Unfolding.Geometry { geometry(channels: 1) }
    func geometry(channels: Int) -> Unfolding.Geometry {
      Unfolding.Geometry(
        channels: channels, height: height, width: width, kernel: kernel, stride: stride,
        padding: kernel / 2)
    }
    var paddedWidth: Int { width + 2 * (kernel / 2) }
    var paddedCount: Int { paddedWidth * (height + 2 * (kernel / 2)) }
    var corner: Int { (kernel / 2) * (paddedWidth + 1) }
    var interior: Normalization.Rectangle {
      Normalization.Rectangle(rows: height, columns: width, rowStride: paddedWidth)
    }
  }

  static let shapes: [Shape] = [1, 2].flatMap { stride in
    [3, 5].flatMap { kernel in
      [(1, 1), (2, 2), (4, 4), (7, 5), (8, 8), (3, 9), (16, 16)].map {
        Shape(height: $0.0, width: $0.1, kernel: kernel, stride: stride)
      }
    }
  }

  @Test(arguments: shapes)
  func depthwiseEqualsTheReference(shape: Shape) {
    let g = shape.geometry
    let (rows, columns) = (g.outputHeight, g.outputWidth)
    let x = normals(16 * shape.height * shape.width, "x")
    let w = normals(shape.kernel * shape.kernel, "w")
    let dy = normals(16 * rows * columns, "dy")
    let reference = Reference.Convolution(geometry: g, samples: 16, outputs: 1)
    let input = batch(x, samples: 16, channels: 1, pixels: shape.height * shape.width)
    let slope = batch(dy, samples: 16, channels: 1, pixels: rows * columns)
    let output = LaneBatch(channels: 1, pixels: rows * columns, capacity: 16)
    let padded = FloatBuffer(count: 16 * shape.paddedCount)
    Elementwise.copy(input.storage.lanes, into: padded.lanes + shape.corner, shape.interior)
    let weights = FloatBuffer(w)

    Depthwise.convolve(
      weights.pointer, kernel: shape.kernel, stride: shape.stride, padded.lanes,
      xStride: shape.paddedWidth, into: output.storage.lanes, rows: rows, columns: columns)
    #expect(deviation(values(output), Reference.convolve(x, w, reference)) < 1e-5)

    let expected = Reference.convolutionGradients(x, w, dy, reference)
    let dw = FloatBuffer(count: w.count)
    Depthwise.accumulateGradient(
      dw.pointer, kernel: shape.kernel, stride: shape.stride, dy: slope.storage.lanes,
      dyStride: columns, x: padded.lanes, xStride: shape.paddedWidth, rows: rows,
      columns: columns)
    #expect(deviation(dw.values, expected.dw) < 1e-5)

    let dx = LaneBatch(channels: 1, pixels: shape.height * shape.width, capacity: 16)
    dx.storage.fill(1)
    let wide = FloatBuffer(count: 16 * shape.paddedCount)
    if shape.stride == 1 {
      Elementwise.copy(slope.storage.lanes, into: wide.lanes + shape.corner, shape.interior)
      Depthwise.convolve(
        weights.pointer, kernel: shape.kernel, stride: 1, flipped: true, wide.lanes,
        xStride: shape.paddedWidth, into: dx.storage.lanes, adding: dx.storage.lanes,
        rows: shape.height, columns: shape.width)
    } else {
      Depthwise.scatter(
        weights.pointer, kernel: shape.kernel, stride: shape.stride, dy: slope.storage.lanes,
        dyStride: columns, into: wide.lanes, xStride: shape.paddedWidth, rows: rows,
        columns: columns)
      Elementwise.add(
        wide.lanes + shape.corner, shape.interior, dx.storage.lanes, into: dx.storage.lanes)
    }
    #expect(deviation(values(dx), expected.dx.map { $0 + 1 }) < 1e-5)
  }

  @Test(arguments: shapes + [Shape(height: 6, width: 5, kernel: 4, stride: 3)])
  func unfoldedProductAndInputGradientEqualTheReference(shape: Shape) {
    let (channels, outputs, samples) = (3, 4, 21)
    let g = shape.geometry(channels: channels)
    let (inner, outer) = (shape.height * shape.width, g.outputHeight * g.outputWidth)
    let x = normals(samples * channels * inner, "x")
    let w = normals(outputs * g.rows, "w")
    let dy = normals(samples * outputs * outer, "dy")
    let reference = Reference.Convolution(geometry: g, samples: samples, outputs: outputs)
    let input = batch(x, samples: samples, channels: channels, pixels: inner)
    let slope = batch(dy, samples: samples, channels: outputs, pixels: outer)
    let output = LaneBatch(channels: outputs, pixels: outer, capacity: samples)
    let dx = LaneBatch(channels: channels, pixels: inner, capacity: samples)
    let unfolded = FloatBuffer(count: g.rows * outer * 16)
    unfolded.fill(.nan)
    let rows = Planes(unfolded.lanes, groupStride: 0, channelStride: outer)
    let weights = FloatBuffer(w)
    let matrix = Pointwise.Matrix(weights.pointer, outputs: outputs, inputs: g.rows)
    let taps = shape.kernel * shape.kernel
    for group in 0..<input.groups {
      for channel in 0..<channels {
        Unfolding.unfold(
          input.planes.plane(group: group, channel: channel), g,
          into: rows.plane(group: 0, channel: channel * taps), rowStride: outer)
      }
      var (to, from) = (output.planes, slope.planes)
      to.base += group * to.groupStride
      from.base += group * from.groupStride
      Pointwise.multiply(matrix, rows, into: to, groups: 1, pixels: outer)
      Pointwise.multiply(matrix.transposed, from, into: rows, groups: 1, pixels: outer)
      for channel in 0..<channels {
        Unfolding.fold(
          rows.plane(group: 0, channel: channel * taps), rowStride: outer, g,
          into: dx.planes.plane(group: group, channel: channel))
      }
    }
    #expect(deviation(values(output), Reference.convolve(x, w, reference)) < 1e-5)
    let expected = Reference.convolutionGradients(x, w, dy, reference)
    #expect(deviation(values(dx), expected.dx) < 1e-5)
  }
}
