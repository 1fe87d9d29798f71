internal import CProcessor

extension DenseProduct {
  /// A rectangle of pixels in every channel of a map.
  package struct Rectangle {
    package var base: UnsafePointer<Lanes>
    package var channelStride: Int
    package var rowStride: Int

    /// Rows of contiguous pixels that start at a place.
    package init(_ base: UnsafePointer<Lanes>, channelStride: Int, rowStride: Int) {
      (self.base, self.channelStride, self.rowStride) = (base, channelStride, rowStride)
    }
  }

  /// dw[o][k] += Σ over rows, columns and lanes of dy[o][row][column] · x[offsets[k]][row][column].
  ///
  /// A tile keeps 3 outputs × 8 inputs in registers (3 × 4 of half vectors where a vector is two of
  /// sixteen registers) and sums them across lanes once per region of pixels. A tile's inputs stay in
  /// the first-level cache while the outputs stream past.
  /// - Parameters:
  ///   - gradient: row-major `[outputs][inputs]`, added to.
  ///   - dy: gradient of the outputs.
  ///   - x: the place that `offsets` count from, at the first pixel.
  ///   - xRowStride: vectors from row to row.
  ///   - offsets: `inputs` of them.
  package static func accumulateGradient(
    _ gradient: UnsafeMutablePointer<Float>, outputs: Int, inputs: Int, dy: Rectangle,
    x: UnsafePointer<Lanes>, xRowStride: Int, offsets: UnsafePointer<Int32>, rows: Int,
    columns: Int
  ) {
    let region = 96
    let height = max(1, region / columns)
    for row in stride(from: 0, to: rows, by: height) {
      for column in stride(from: 0, to: columns, by: region) {
        let shape = Sums(
          gradient: gradient, outputs: outputs, inputs: inputs,
          dy: dy.base + (row &* dy.rowStride &+ column),
          dyChannelStride: dy.channelStride, dyRowStride: dy.rowStride,
          x: x + (row &* xRowStride &+ column), xRowStride: xRowStride, offsets: offsets,
          rows: min(height, rows &- row), columns: min(region, columns &- column))
        if lanes16_fill_one_register() {
          shape.add(InlineArray<8, Void>(repeating: ()))
        } else {
          shape.add(InlineArray<4, Void>(repeating: ()))
        }
      }
    }
  }
}

/// The sums of one region.
private struct Sums {
  var gradient: UnsafeMutablePointer<Float>
  var outputs: Int
  var inputs: Int
  var dy: UnsafePointer<Lanes>
  var dyChannelStride: Int
  var dyRowStride: Int
  var x: UnsafePointer<Lanes>
  var xRowStride: Int
  var offsets: UnsafePointer<Int32>
  var rows: Int
  var columns: Int

  @inline(__always)
  func add<let width: Int>(_ shape: InlineArray<width, Void>) {
    var input = 0
    while input &+ width <= inputs {
      rows(input, shape)
      input &+= width
    }
    if width > 4, input &+ 4 <= inputs {
      rows(input, InlineArray<4, Void>(repeating: ()))
      input &+= 4
    }
    while input < inputs {
      rows(input, InlineArray<1, Void>(repeating: ()))
      input &+= 1
    }
  }

  @inline(__always)
  private func rows<let width: Int>(_ input: Int, _ shape: InlineArray<width, Void>) {
    var output = 0
    while output &+ 3 <= outputs {
      tile(output, input, InlineArray<3, Void>(repeating: ()), shape)
      output &+= 3
    }
    while output < outputs {
      tile(output, input, InlineArray<1, Void>(repeating: ()), shape)
      output &+= 1
    }
  }

  @inline(__always)
  private func tile<let height: Int, let width: Int>(
    _ output: Int, _ input: Int, _: InlineArray<height, Void>, _: InlineArray<width, Void>
  ) {
    var sums = InlineArray<height, InlineArray<width, register_lanes>>(
      repeating: InlineArray<width, register_lanes>(repeating: .zero))
    var starts = InlineArray<width, Int>(repeating: 0)
    for i in 0..<width { starts[i] = Int(offsets[input &+ i]) &* REGISTERS_PER_PIXEL }
    let dyStride = dyChannelStride &* REGISTERS_PER_PIXEL
    for row in 0..<rows {
      let dy = UnsafeRawPointer(self.dy + (output &* dyChannelStride &+ row &* dyRowStride))
        .assumingMemoryBound(to: register_lanes.self)
      let x = UnsafeRawPointer(self.x + row &* xRowStride).assumingMemoryBound(
        to: register_lanes.self)
      for column in 0..<(columns &* REGISTERS_PER_PIXEL) {
        var slopes = InlineArray<height, register_lanes>(repeating: .zero)
        for o in 0..<height { slopes[o] = dy[o &* dyStride &+ column] }
        for i in 0..<width {
          let value = x[starts[i] &+ column]
          for o in 0..<height { sums[o][i].fma(slopes[o], value) }
        }
      }
    }
    for o in 0..<height {
      let to = gradient + ((output &+ o) &* inputs &+ input)
      if width == 8 {
        var row = InlineArray<8, register_lanes>(repeating: .zero)
        for i in 0..<8 { row[i] = sums[o][i] }
        let at = UnsafeMutableRawPointer(to)
        let sum =
          at.loadUnaligned(as: SIMD8<Float>.self)
          + register_eight_totals(
            row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7])
        at.storeBytes(of: sum, as: SIMD8<Float>.self)
      } else {
        for i in 0..<width { to[i] += register_total(sums[o][i]) }
      }
    }
  }
}
