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

  }

  /// The input as a batch normalisation with a rectifier gives it, its gradient added to another.
  @Test(arguments: shapes, [false, true])
  func depthwiseGradientsEqualTheReference(shape: Shape, isRectified: Bool) {
    let g = shape.geometry
    let (rows, columns) = (g.outputHeight, g.outputWidth)
    let pixels = shape.height * shape.width
    let numbers = Normalization.Coefficients(scale: 0.7, shift: 0.2, mean: -0.3)
    let y = normals(16 * pixels, "y")
    let x = y.map { isRectified ? max(0, numbers.scale * $0 + numbers.shift) : 0.7 * $0 + 0.2 }
    let w = normals(shape.kernel * shape.kernel, "w")
    let dy = normals(16 * rows * columns, "dy")
    let reference = Reference.Convolution(geometry: g, samples: 16, outputs: 1)
    let stored = batch(y, samples: 16, channels: 1, pixels: pixels)
    let slope = batch(dy, samples: 16, channels: 1, pixels: rows * columns)
    let border = Depthwise.border(kernel: shape.kernel, stride: shape.stride)
    let width = columns + 2 * border
    let padded = FloatBuffer(count: 16 * width * (rows + 2 * border))
    let first = padded.lanes + (border * width + border)
    Elementwise.copy(
      slope.storage.lanes, into: first,
      Normalization.Rectangle(rows: rows, columns: columns, rowStride: width))
    let weights = FloatBuffer(w)
    let dw = FloatBuffer(count: w.count)
    let dx = LaneBatch(channels: 1, pixels: pixels, capacity: 16)
    dx.storage.fill(1)

    let sums = Depthwise.backward(
      Depthwise.Gradient(
        dy: first, dyStride: width, y: stored.storage.lanes, coefficients: numbers,
        isRectified: isRectified, base: dx.storage.lanes, dx: dx.storage.lanes,
        next: (slope.storage.lanes, slope.storage.lanes), rows: shape.height,
        columns: shape.width),
      weights: weights.pointer, kernel: shape.kernel, stride: shape.stride,
      weightGradient: dw.pointer)

    let expected = Reference.convolutionGradients(x, w, dy, reference)
    #expect(deviation(dw.values, expected.dw) < 1e-5)
    #expect(deviation(values(dx), expected.dx.map { $0 + 1 }) < 1e-5)
    var (sum, products) = (0.0, 0.0)
    for (index, slope) in expected.dx.enumerated() where !isRectified || x[index] > 0 {
      sum += Double(slope) + 1
      products += (Double(slope) + 1) * Double(y[index] - numbers.mean)
    }
    #expect(abs(Double(sums.sum) - sum) < 1e-3)
    #expect(abs(Double(sums.products) - products) < 1e-3)
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
