extension Pointwise {
  /// dw[o][i] += Σ over groups, pixels and lanes of dy[g][o][p] · x[g][i][p].
  ///
  /// A tile keeps 4 outputs × 3 inputs in twelve registers of eight samples and sums them across
  /// lanes once per block of pixels; the tile's inputs stay in the first-level cache.
  /// - Parameters:
  ///   - dy: gradient of the outputs, `outputs` channels.
  ///   - x: the inputs, `inputs` channels.
  ///   - gradient: row-major `[outputs][inputs]`, added to.
  package static func accumulateGradient(
    _ gradient: UnsafeMutablePointer<Float>, outputs: Int, inputs: Int, dy: Planes, x: Planes,
    groups: Int, pixels: Int
  ) {
    forEachRegion(dy: dy, x: x, groups: groups, pixels: pixels) { region in
      var input = 0
      while input &+ 3 <= inputs {
        columns(gradient, outputs, inputs, input, region, InlineArray<3, Void>(repeating: ()))
        input &+= 3
      }
      switch inputs &- input {
      case 2:
        columns(gradient, outputs, inputs, input, region, InlineArray<2, Void>(repeating: ()))
      case 1:
        columns(gradient, outputs, inputs, input, region, InlineArray<1, Void>(repeating: ()))
      default: break
      }
    }
  }

  /// Cuts groups and pixels into regions that stay in the first-level cache.
  @inline(__always)
  static func forEachRegion(
    dy: Planes, x: Planes, groups: Int, pixels: Int, _ body: (Region) -> Void
  ) {
    let groupsPerBlock = max(1, 64 / pixels)
    var group = 0
    while group < groups {
      let span = min(groupsPerBlock, groups - group)
      var pixel = 0
      while pixel < pixels {
        let count = min(64, pixels - pixel)
        body(
          Region(
            dy: dy.plane(group: group, channel: 0) + pixel,
            x: x.plane(group: group, channel: 0) + pixel,
            dyPlanes: dy, xPlanes: x, groups: span, pixels: count))
        pixel += count
      }
      group += span
    }
  }

  /// The groups and pixels that one round of tiles sums over.
  struct Region {
    var dy: UnsafeMutablePointer<Lanes>
    var x: UnsafeMutablePointer<Lanes>
    var dyPlanes: Planes
    var xPlanes: Planes
    var groups: Int
    var pixels: Int
  }

  @inline(__always)
  private static func columns<let width: Int>(
    _ gradient: UnsafeMutablePointer<Float>, _ outputs: Int, _ inputs: Int, _ input: Int,
    _ region: Region, _ shape: InlineArray<width, Void>
  ) {
    var output = 0
    while output &+ 4 <= outputs {
      tile(
        gradient + (output &* inputs &+ input), inputs, region, output, input,
        InlineArray<4, Void>(repeating: ()), shape)
      output &+= 4
    }
    while output < outputs {
      tile(
        gradient + (output &* inputs &+ input), inputs, region, output, input,
        InlineArray<1, Void>(repeating: ()), shape)
      output &+= 1
    }
  }

  @inline(__always)
  private static func tile<let height: Int, let width: Int>(
    _ gradient: UnsafeMutablePointer<Float>, _ gradientStride: Int, _ region: Region,
    _ output: Int, _ input: Int, _: InlineArray<height, Void>, _: InlineArray<width, Void>
  ) {
    typealias Half = SIMD8<Float>
    var sums = InlineArray<height, InlineArray<width, Half>>(
      repeating: InlineArray<width, Half>(repeating: .zero))
    // A half vector is eight samples; strides double.
    let dyStride = region.dyPlanes.channelStride &* 2
    let xStride = region.xPlanes.channelStride &* 2
    for group in 0..<region.groups {
      var dy = UnsafeMutableRawPointer(
        region.dy
          + (group &* region.dyPlanes.groupStride &+ output &* region.dyPlanes.channelStride)
      ).assumingMemoryBound(to: Half.self)
      var x = UnsafeMutableRawPointer(
        region.x + (group &* region.xPlanes.groupStride &+ input &* region.xPlanes.channelStride)
      ).assumingMemoryBound(to: Half.self)
      for _ in 0..<(region.pixels &* 2) {
        for o in 0..<height {
          let value = dy[o &* dyStride]
          for i in 0..<width { sums[o][i].fma(value, x[i &* xStride]) }
        }
        dy += 1
        x += 1
      }
    }
    for o in 0..<height {
      for i in 0..<width { gradient[o &* gradientStride &+ i] += sums[o][i].total }
    }
  }
}
