internal import CProcessor

/// Products of a dense matrix with rows of vectors that are found through a table of offsets: linear
/// layers, and convolutions without unfolding their input.
///
/// Row k of the input starts `offsets[k]` vectors behind a common place. For a linear layer these are
/// its channels; for a convolution channel c seen through tap (i, j) of its window, in planes that
/// have a border of zeros.
package enum DenseProduct {
  /// Vectors `[channel][pixel]` with free strides.
  package struct Line {
    package var base: UnsafeMutablePointer<Lanes>
    package var channelStride: Int
    package var pixelStride: Int

    /// A line of pixels that starts at a place.
    package init(_ base: UnsafeMutablePointer<Lanes>, channelStride: Int, pixelStride: Int = 1) {
      (self.base, self.channelStride, self.pixelStride) = (base, channelStride, pixelStride)
    }
  }

  /// What a sum starts with and what becomes of it.
  package struct Ends {
    /// One value per output.
    package var bias: UnsafePointer<Float>?
    /// One vector per output and pixel; may be where the result goes.
    package var base: Line?
    /// Whether max(·, 0) is stored.
    package var rectified: Bool

    /// Sums that start with zero unless something is given; at most one of `bias` and `base`.
    package init(
      bias: UnsafePointer<Float>? = nil, base: Line? = nil, rectified: Bool = false
    ) {
      (self.bias, self.base, self.rectified) = (bias, base, rectified)
    }
  }

  /// y[o][p] = start + Σₖ w[o][k] · x[offsets[k] + p · xStride], over one line of pixels.
  ///
  /// A tile keeps its sums in registers, 8 outputs × 3 pixels where a vector is one of thirty-two and
  /// 6 × 1 where it is two of sixteen. Every sum is added in the order of k.
  /// - Parameters:
  ///   - matrix: packed weights.
  ///   - x: the place that `offsets` count from, at the first pixel.
  ///   - xStride: vectors from pixel to pixel.
  ///   - offsets: `matrix.inputs` of them.
  package static func multiply(
    _ matrix: PackedMatrix, _ x: UnsafePointer<Lanes>, xStride: Int,
    offsets: UnsafePointer<Int32>, into y: Line, _ ends: Ends = Ends(), pixels: Int
  ) {
    var pixel = 0
    if lanes16_fill_one_register() {
      while pixel &+ 3 <= pixels {
        outputs(matrix, x, xStride, offsets, y, ends, pixel, InlineArray<3, Void>(repeating: ()))
        pixel &+= 3
      }
      if pixel &+ 2 <= pixels {
        outputs(matrix, x, xStride, offsets, y, ends, pixel, InlineArray<2, Void>(repeating: ()))
        pixel &+= 2
      }
    }
    while pixel < pixels {
      outputs(matrix, x, xStride, offsets, y, ends, pixel, InlineArray<1, Void>(repeating: ()))
      pixel &+= 1
    }
  }

  /// All outputs of a few pixels, whose inputs stay in the cache.
  @inline(__always)
  private static func outputs<let pixels: Int>(
    _ matrix: PackedMatrix, _ x: UnsafePointer<Lanes>, _ xStride: Int,
    _ offsets: UnsafePointer<Int32>, _ y: Line, _ ends: Ends, _ pixel: Int,
    _ shape: InlineArray<pixels, Void>
  ) {
    var weights = UnsafePointer(matrix.base)
    var output = 0
    while output < matrix.outputs {
      let width = PackedMatrix.width(remaining: matrix.outputs &- output)
      let from = x + pixel &* xStride
      switch width {
      case 8:
        tile(
          weights, matrix, from, xStride, offsets, y, ends, output, pixel,
          InlineArray<8, Void>(repeating: ()), shape)
      case 6:
        tile(
          weights, matrix, from, xStride, offsets, y, ends, output, pixel,
          InlineArray<6, Void>(repeating: ()), shape)
      case 4:
        tile(
          weights, matrix, from, xStride, offsets, y, ends, output, pixel,
          InlineArray<4, Void>(repeating: ()), shape)
      default:
        tile(
          weights, matrix, from, xStride, offsets, y, ends, output, pixel,
          InlineArray<3, Void>(repeating: ()), shape)
      }
      weights += width &* matrix.inputs
      output &+= width
    }
  }

  /// A register tile: `height` outputs × `pixels` sums over all rows.
  @inline(__always)
  private static func tile<let height: Int, let pixels: Int>(
    _ weights: UnsafePointer<Float>, _ matrix: PackedMatrix, _ x: UnsafePointer<Lanes>,
    _ xStride: Int, _ offsets: UnsafePointer<Int32>, _ y: Line, _ ends: Ends, _ output: Int,
    _ pixel: Int, _: InlineArray<height, Void>, _: InlineArray<pixels, Void>
  ) {
    let present = min(height, matrix.outputs &- output)
    var sums = InlineArray<height, InlineArray<pixels, Lanes>>(
      repeating: InlineArray<pixels, Lanes>(repeating: .zero))
    if let bias = ends.bias {
      for o in 0..<height where o < present {
        for p in 0..<pixels { sums[o][p] = Lanes(repeating: bias[output &+ o]) }
      }
    }
    if let base = ends.base {
      let from = base.base + (output &* base.channelStride &+ pixel &* base.pixelStride)
      for o in 0..<height where o < present {
        for p in 0..<pixels { sums[o][p] = from[o &* base.channelStride &+ p &* base.pixelStride] }
      }
    }
    var weights = weights
    for k in 0..<matrix.inputs {
      let from = x + Int(offsets[k])
      var values = InlineArray<pixels, Lanes>(repeating: .zero)
      for p in 0..<pixels { values[p] = from[p &* xStride] }
      for o in 0..<height {
        let weight = Lanes(repeating: weights[o])
        for p in 0..<pixels { sums[o][p].fma(weight, values[p]) }
      }
      weights += height
    }
    let floor = Lanes(repeating: ends.rectified ? 0 : -.infinity)
    let to = y.base + (output &* y.channelStride &+ pixel &* y.pixelStride)
    for o in 0..<height where o < present {
      for p in 0..<pixels {
        to[o &* y.channelStride &+ p &* y.pixelStride] = sums[o][p].larger(floor)
      }
    }
  }
}
