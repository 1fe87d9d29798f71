internal import CProcessor

/// A weight matrix copied into the order in which `DenseProduct` reads it: tiles of a few outputs,
/// inside a tile `[input][output]`, the last tile filled up with zeros.
package struct PackedMatrix {
  package let outputs: Int
  package let inputs: Int
  let base: UnsafeMutablePointer<Float>

  /// Outputs of a full tile: as many as leave room for three vectors beside each other where a
  /// vector is one of thirty-two registers, and for one where it is two of sixteen.
  static var tile: Int { lanes16_fill_one_register() ? 8 : 6 }

  /// Outputs of the tile that starts at an output; half a tile where that is enough.
  static func width(remaining: Int) -> Int {
    remaining <= tile / 2 ? tile / 2 : tile
  }

  /// Floats that a packed matrix takes.
  package static func count(outputs: Int, inputs: Int) -> Int {
    let full = outputs / tile
    let rest = outputs - full * tile
    return (full * tile + (rest > 0 ? width(remaining: rest) : 0)) * inputs
  }

  /// The weights of a linear layer or a convolution, `[output][channel][tap]` with free strides.
  package struct Source {
    package var base: UnsafePointer<Float>
    package var outputs: Int
    package var channels: Int
    package var taps: Int
    package var outputStride: Int
    package var channelStride: Int
    package var tapStride: Int

    /// Row-major `[outputs][channels][taps]`.
    package init(
      _ base: UnsafePointer<Float>, outputs: Int, channels: Int, taps: Int = 1
    ) {
      self.base = base
      (self.outputs, self.channels, self.taps) = (outputs, channels, taps)
      (outputStride, channelStride, tapStride) = (channels * taps, taps, 1)
    }

    /// The same weights as the gradient of the input needs them: channels and outputs change
    /// places, and the taps run backwards.
    package var transposed: Source {
      var result = self
      swap(&result.outputs, &result.channels)
      swap(&result.outputStride, &result.channelStride)
      result.base += (taps - 1) * tapStride
      result.tapStride = -tapStride
      return result
    }
  }

  /// Copies the weights; the memory stays the caller's.
  /// - Parameter memory: room for `count(outputs:inputs:)` floats.
  package init(_ source: Source, into memory: UnsafeMutablePointer<Float>) {
    outputs = source.outputs
    inputs = source.channels * source.taps
    base = memory
    var to = memory
    var first = 0
    while first < outputs {
      let width = Self.width(remaining: outputs - first)
      let present = min(width, outputs - first)
      switch (width, present) {
      case (8, 8): Self.pack(source, first, present, to, InlineArray<8, Void>(repeating: ()))
      case (3, 3): Self.pack(source, first, present, to, InlineArray<3, Void>(repeating: ()))
      default:
        for index in 0..<width * inputs { to[index] = 0 }
        for o in 0..<present {
          Self.pack(source, first + o, width, to + o, InlineArray<1, Void>(repeating: ()))
        }
      }
      to += width * inputs
      first += width
    }
  }

  /// Some outputs side by side, `step` floats from input to input.
  @inline(__always)
  private static func pack<let width: Int>(
    _ source: Source, _ first: Int, _ step: Int, _ memory: UnsafeMutablePointer<Float>,
    _: InlineArray<width, Void>
  ) {
    var to = memory
    for channel in 0..<source.channels {
      var from =
        source.base + (first &* source.outputStride &+ channel &* source.channelStride)
      for _ in 0..<source.taps {
        for o in 0..<width { to[o] = from[o &* source.outputStride] }
        from += source.tapStride
        to += step
      }
    }
  }
}
