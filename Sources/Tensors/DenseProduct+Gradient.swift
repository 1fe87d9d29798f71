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
          shape.add(Lanes.self, InlineArray<8, Void>(repeating: ()), halves: 1)
        } else {
          shape.add(SIMD8<Float>.self, InlineArray<4, Void>(repeating: ()), halves: 2)
        }
      }
    }
  }
}

/// A vector that fills a register.
private protocol RegisterVector {
  static var nothing: Self { get }
  mutating func add(_ a: Self, times b: Self)
  var sum: Float { get }
  /// The sums of eight vectors.
  static func sums(_ v: InlineArray<8, Self>) -> SIMD8<Float>
}

extension SIMD16<Float>: RegisterVector {
  @inline(__always) static var nothing: Self { .zero }
  @inline(__always) mutating func add(_ a: Self, times b: Self) { fma(a, b) }
  @inline(__always) var sum: Float { total }
  @inline(__always) static func sums(_ v: InlineArray<8, Self>) -> SIMD8<Float> {
    lanes16_eight_totals(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7])
  }
}

extension SIMD8<Float>: RegisterVector {
  @inline(__always) static var nothing: Self { .zero }
  @inline(__always) mutating func add(_ a: Self, times b: Self) { fma(a, b) }
  @inline(__always) var sum: Float { total }
  @inline(__always) static func sums(_ v: InlineArray<8, Self>) -> SIMD8<Float> {
    var sums = SIMD8<Float>.zero
    for i in 0..<8 { sums[i] = v[i].total }
    return sums
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
  func add<Vector: RegisterVector, let width: Int>(
    _: Vector.Type, _ shape: InlineArray<width, Void>, halves: Int
  ) {
    var input = 0
    while input &+ width <= inputs {
      rows(Vector.self, input, shape, halves)
      input &+= width
    }
    if width > 4, input &+ 4 <= inputs {
      rows(Vector.self, input, InlineArray<4, Void>(repeating: ()), halves)
      input &+= 4
    }
    while input < inputs {
      rows(Vector.self, input, InlineArray<1, Void>(repeating: ()), halves)
      input &+= 1
    }
  }

  @inline(__always)
  private func rows<Vector: RegisterVector, let width: Int>(
    _: Vector.Type, _ input: Int, _ shape: InlineArray<width, Void>, _ halves: Int
  ) {
    var output = 0
    while output &+ 3 <= outputs {
      tile(Vector.self, output, input, InlineArray<3, Void>(repeating: ()), shape, halves)
      output &+= 3
    }
    while output < outputs {
      tile(Vector.self, output, input, InlineArray<1, Void>(repeating: ()), shape, halves)
      output &+= 1
    }
  }

  @inline(__always)
  private func tile<Vector: RegisterVector, let height: Int, let width: Int>(
    _: Vector.Type, _ output: Int, _ input: Int, _: InlineArray<height, Void>,
    _: InlineArray<width, Void>, _ halves: Int
  ) {
    var sums = InlineArray<height, InlineArray<width, Vector>>(
      repeating: InlineArray<width, Vector>(repeating: .nothing))
    var starts = InlineArray<width, Int>(repeating: 0)
    for i in 0..<width { starts[i] = Int(offsets[input &+ i]) &* halves }
    let dyStride = dyChannelStride &* halves
    for row in 0..<rows {
      let dy = UnsafeRawPointer(self.dy + (output &* dyChannelStride &+ row &* dyRowStride))
        .assumingMemoryBound(to: Vector.self)
      let x = UnsafeRawPointer(self.x + row &* xRowStride).assumingMemoryBound(to: Vector.self)
      for column in 0..<(columns &* halves) {
        var slopes = InlineArray<height, Vector>(repeating: .nothing)
        for o in 0..<height { slopes[o] = dy[o &* dyStride &+ column] }
        for i in 0..<width {
          let value = x[starts[i] &+ column]
          for o in 0..<height { sums[o][i].add(slopes[o], times: value) }
        }
      }
    }
    for o in 0..<height {
      let to = gradient + ((output &+ o) &* inputs &+ input)
      if width == 8 {
        var row = InlineArray<8, Vector>(repeating: .nothing)
        for i in 0..<8 { row[i] = sums[o][i] }
        let at = UnsafeMutableRawPointer(to)
        let sum = at.loadUnaligned(as: SIMD8<Float>.self) + Vector.sums(row)
        at.storeBytes(of: sum, as: SIMD8<Float>.self)
      } else {
        for i in 0..<width { to[i] += sums[o][i].sum }
      }
    }
  }
}
