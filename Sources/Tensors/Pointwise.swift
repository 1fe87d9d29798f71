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
    let step = 4  // pixels of the widest tile
    let block = max(step, min(pixels, cached / max(matrix.inputs, 1)) / step * step)
    for group in 0..<groups {
      var pixel = 0
      while pixel < pixels {
        let end = min(pixel + block, pixels)
        let from = x.plane(group: group, channel: 0)
        var output = 0
        // Eight rows are four and four: a tile of two waits for its own sums.
        while matrix.outputs &- output >= 6, matrix.outputs &- output != 8 {
          rows(
            matrix, from, x.channelStride, y, base, group, output, pixel..<end,
            Count<6>(repeating: ()))
          output &+= 6
        }
        if matrix.outputs &- output == 8 {
          rows(
            matrix, from, x.channelStride, y, base, group, output, pixel..<end,
            Count<4>(repeating: ()))
          output &+= 4
        }
        switch matrix.outputs &- output {
        case 5:
          rows(
            matrix, from, x.channelStride, y, base, group, output, pixel..<end,
            Count<5>(repeating: ()))
        case 4:
          rows(
            matrix, from, x.channelStride, y, base, group, output, pixel..<end,
            Count<4>(repeating: ()))
        case 3:
          rows(
            matrix, from, x.channelStride, y, base, group, output, pixel..<end,
            Count<3>(repeating: ()))
        case 2:
          rows(
            matrix, from, x.channelStride, y, base, group, output, pixel..<end,
            Count<2>(repeating: ()))
        case 1:
          rows(
            matrix, from, x.channelStride, y, base, group, output, pixel..<end,
            Count<1>(repeating: ()))
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
    _ shape: Count<outputs>
  ) {
    var rest = range
    if lanes16_fill_one_register() {
      rest = tiles(matrix, x, xStride, y, base, group, output, rest, shape, Count<4>(repeating: ()))
      rest = tiles(matrix, x, xStride, y, base, group, output, rest, shape, Count<2>(repeating: ()))
    }
    _ = tiles(matrix, x, xStride, y, base, group, output, rest, shape, Count<1>(repeating: ()))
  }

  private typealias Count<let count: Int> = InlineArray<count, Void>

  /// Register tiles of `outputs` × `pixels` sums over all inputs, as many as a range holds.
  /// - Returns: the pixels that are left.
  @inline(always)
  private static func tiles<let outputs: Int, let pixels: Int>(
    _ matrix: Matrix, _ x: UnsafeMutablePointer<Lanes>, _ xStride: Int, _ y: Planes,
    _ base: Planes?, _ group: Int, _ output: Int, _ range: Range<Int>,
    _: Count<outputs>, _: Count<pixels>
  ) -> Range<Int> {
    let weights = matrix.base + output &* matrix.outputStride
    let destination = y.plane(group: group, channel: output)
    let start = base?.plane(group: group, channel: output)
    var pixel = range.lowerBound
    while pixel &+ pixels <= range.upperBound {
      pointwise_tile(
        outputs, pixels, weights, matrix.outputStride, matrix.inputStride, matrix.inputs,
        x + pixel, xStride, destination + pixel, y.channelStride,
        start.map { $0 + pixel }, base?.channelStride ?? 0)
      pixel &+= pixels
    }
    return pixel..<range.upperBound
  }
}
