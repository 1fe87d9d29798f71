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
        while output < matrix.outputs {
          // Eight rows are four and four: a tile of two waits for its own sums.
          let left = matrix.outputs &- output
          let height = left == 8 ? 4 : min(left, 6)
          let place = Rows(
            matrix: matrix, x: from, xStride: x.channelStride, y: y, base: base, group: group,
            output: output, pixels: pixel..<end)
          switch height {
          case 6: rows(place, Count<6>(repeating: ()))
          case 5: rows(place, Count<5>(repeating: ()))
          case 4: rows(place, Count<4>(repeating: ()))
          case 3: rows(place, Count<3>(repeating: ()))
          case 2: rows(place, Count<2>(repeating: ()))
          default: rows(place, Count<1>(repeating: ()))
          }
          output &+= height
        }
        pixel = end
      }
    }
  }

  /// Some output channels, from `output` on, over a range of pixels of one group.
  private struct Rows {
    var matrix: Matrix
    var x: UnsafeMutablePointer<Lanes>
    var xStride: Int
    var y: Planes
    var base: Planes?
    var group: Int
    var output: Int
    var pixels: Range<Int>
  }

  @inline(always)
  private static func rows<let outputs: Int>(_ place: Rows, _ shape: Count<outputs>) {
    var rest = place
    if lanes16_fill_one_register() {
      tiles(&rest, shape, Count<4>(repeating: ()))
      tiles(&rest, shape, Count<2>(repeating: ()))
    }
    tiles(&rest, shape, Count<1>(repeating: ()))
  }

  private typealias Count<let count: Int> = InlineArray<count, Void>

  /// Register tiles of `outputs` × `pixels` sums over all inputs, as many as the range holds; the rest
  /// of it is left.
  @inline(always)
  private static func tiles<let outputs: Int, let pixels: Int>(
    _ place: inout Rows, _: Count<outputs>, _: Count<pixels>
  ) {
    let (matrix, x, y, base) = (place.matrix, place.x, place.y, place.base)
    let weights = matrix.base + place.output &* matrix.outputStride
    let destination = y.plane(group: place.group, channel: place.output)
    let start = base?.plane(group: place.group, channel: place.output)
    var pixel = place.pixels.lowerBound
    while pixel &+ pixels <= place.pixels.upperBound {
      pointwise_tile(
        outputs, pixels, weights, matrix.outputStride, matrix.inputStride, matrix.inputs,
        x + pixel, place.xStride, destination + pixel, y.channelStride,
        start.map { $0 + pixel }, base?.channelStride ?? 0)
      pixel &+= pixels
    }
    place.pixels = pixel..<place.pixels.upperBound
  }
}
