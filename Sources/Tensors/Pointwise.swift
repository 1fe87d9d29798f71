internal import CProcessor

/// Products of a weight matrix with feature maps, pixel by pixel: 1×1 convolutions, linear layers
/// (one pixel) and, over unfolded windows, general convolutions.
package enum Pointwise {
  /// The weight matrix `[output][input]` with free strides; swapped strides are the transpose.
  package struct Matrix {
    package var base: UnsafePointer<Float>
    package var outputStride: Int
    package var inputStride: Int
    package var outputs: Int
    package var inputs: Int

    /// A row-major matrix `[outputs][inputs]`.
    package init(_ base: UnsafePointer<Float>, outputs: Int, inputs: Int) {
      self.base = base
      (self.outputs, self.inputs) = (outputs, inputs)
      (outputStride, inputStride) = (inputs, 1)
    }

    /// The same weights seen from the outputs, as the backward pass needs them.
    package var transposed: Matrix {
      var result = self
      swap(&result.outputStride, &result.inputStride)
      swap(&result.outputs, &result.inputs)
      return result
    }
  }

  /// y[g][o][p] = base[g][o][p] + Σᵢ w[o][i] · x[g][i][p].
  ///
  /// A tile keeps its sums in registers: 4 pixels × 6 outputs where a vector is one of thirty-two
  /// registers, 1 × 6 where it is two of sixteen. The inputs of a block of pixels stay in the cache
  /// while the weights stream past. No sum's order depends on the tile.
  /// - Parameters:
  ///   - x: `matrix.inputs` channels.
  ///   - y: `matrix.outputs` channels; may be `base` itself.
  ///   - base: what the product is added to; `nil` is zero.
  package static func multiply(
    _ matrix: Matrix, _ x: Planes, into y: Planes, adding base: Planes? = nil, groups: Int,
    pixels: Int
  ) {
    let cached = 384  // vectors of sixteen floats: 24 KiB
    let step = 4
    let block = max(step, min(pixels, cached / max(matrix.inputs, 1)) / step * step)
    for group in 0..<groups {
      var pixel = 0
      while pixel < pixels {
        let end = min(pixel + block, pixels)
        let from = x.plane(group: group, channel: 0)
        var output = 0
        while output &+ 6 <= matrix.outputs {
          rows(
            matrix, from, x.channelStride, y, base, group, output, pixel..<end,
            InlineArray<6, Void>(repeating: ()))
          output &+= 6
        }
        switch matrix.outputs &- output {
        case 5:
          rows(
            matrix, from, x.channelStride, y, base, group, output, pixel..<end,
            InlineArray<5, Void>(repeating: ()))
        case 4:
          rows(
            matrix, from, x.channelStride, y, base, group, output, pixel..<end,
            InlineArray<4, Void>(repeating: ()))
        case 3:
          rows(
            matrix, from, x.channelStride, y, base, group, output, pixel..<end,
            InlineArray<3, Void>(repeating: ()))
        case 2:
          rows(
            matrix, from, x.channelStride, y, base, group, output, pixel..<end,
            InlineArray<2, Void>(repeating: ()))
        case 1:
          rows(
            matrix, from, x.channelStride, y, base, group, output, pixel..<end,
            InlineArray<1, Void>(repeating: ()))
        default: break
        }
        pixel = end
      }
    }
  }

  /// Some output channels over a range of pixels of one group.
  @inline(always)
  private static func rows<let outputs: Int>(
    _ matrix: Matrix, _ x: UnsafeMutablePointer<Lanes>, _ xStride: Int, _ y: Planes,
    _ base: Planes?, _ group: Int, _ output: Int, _ range: Range<Int>,
    _ shape: InlineArray<outputs, Void>
  ) {
    let weights = matrix.base + output &* matrix.outputStride
    let destination = y.plane(group: group, channel: output)
    let start = base?.plane(group: group, channel: output)
    var pixel = range.lowerBound
    if lanes16_fill_one_register() {
      while pixel &+ 4 <= range.upperBound {
        tile(
          matrix, weights, x + pixel, xStride, destination + pixel, y.channelStride,
          start.map { $0 + pixel }, base?.channelStride ?? 0, shape,
          InlineArray<4, Void>(repeating: ()))
        pixel &+= 4
      }
      while pixel &+ 2 <= range.upperBound {
        tile(
          matrix, weights, x + pixel, xStride, destination + pixel, y.channelStride,
          start.map { $0 + pixel }, base?.channelStride ?? 0, shape,
          InlineArray<2, Void>(repeating: ()))
        pixel &+= 2
      }
    }
    while pixel < range.upperBound {
      tile(
        matrix, weights, x + pixel, xStride, destination + pixel, y.channelStride,
        start.map { $0 + pixel }, base?.channelStride ?? 0, shape,
        InlineArray<1, Void>(repeating: ()))
      pixel &+= 1
    }
  }

  /// A register tile: `outputs` × `pixels` sums over all inputs.
  @inline(always)
  private static func tile<let outputs: Int, let pixels: Int>(
    _ matrix: Matrix, _ weights: UnsafePointer<Float>, _ x: UnsafeMutablePointer<Lanes>,
    _ xStride: Int, _ y: UnsafeMutablePointer<Lanes>, _ yStride: Int,
    _ base: UnsafeMutablePointer<Lanes>?, _ baseStride: Int,
    _: InlineArray<outputs, Void>, _: InlineArray<pixels, Void>
  ) {
    pointwise_tile(
      outputs, pixels, weights, matrix.outputStride, matrix.inputStride, matrix.inputs,
      x, xStride, y, yStride, base, baseStride)
  }
}
