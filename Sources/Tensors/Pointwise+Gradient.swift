internal import CProcessor

extension Pointwise {
  /// dw[o][i] += Σ over groups, pixels and lanes of dy[g][o][p] · x[g][i][p].
  ///
  /// A tile keeps 6 outputs × 4 inputs in registers where there are thirty-two, 3 × 4 where there are
  /// sixteen, and sums them across lanes once per region; the region's inputs stay in the first-level
  /// cache. No sum's order depends on the tile.
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
      while input &+ 4 <= inputs {
        columns(gradient, outputs, inputs, input, region, InlineArray<4, Void>(repeating: ()))
        input &+= 4
      }
      while input &+ 3 <= inputs {
        columns(gradient, outputs, inputs, input, region, InlineArray<3, Void>(repeating: ()))
        input &+= 3
      }
      while input < inputs {
        columns(gradient, outputs, inputs, input, region, InlineArray<1, Void>(repeating: ()))
        input &+= 1
      }
    }
  }

  /// Pixels of a region at the most; pieces of a map that are multiplied one after the other give the
  /// same bits as the whole if they are cut at its multiples.
  package static let regionPixels = 64

  /// Cuts groups and pixels into regions that stay in the first-level cache.
  @inline(always)
  static func forEachRegion(
    dy: Planes, x: Planes, groups: Int, pixels: Int, _ body: (Region) -> Void
  ) {
    let groupsPerBlock = max(1, regionPixels / pixels)
    var group = 0
    while group < groups {
      let span = min(groupsPerBlock, groups - group)
      var pixel = 0
      while pixel < pixels {
        let count = min(regionPixels, pixels - pixel)
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

  @inline(always)
  private static func columns<let width: Int>(
    _ gradient: UnsafeMutablePointer<Float>, _ outputs: Int, _ inputs: Int, _ input: Int,
    _ region: Region, _ shape: InlineArray<width, Void>
  ) {
    var output = 0
    if lanes16_fill_one_register() {
      while output &+ 6 <= outputs {
        tile(
          gradient + (output &* inputs &+ input), inputs, region, output, input,
          InlineArray<6, Void>(repeating: ()), shape)
        output &+= 6
      }
    } else {
      while output &+ 3 <= outputs {
        tile(
          gradient + (output &* inputs &+ input), inputs, region, output, input,
          InlineArray<3, Void>(repeating: ()), shape)
        output &+= 3
      }
    }
    while output &+ 2 <= outputs {
      tile(
        gradient + (output &* inputs &+ input), inputs, region, output, input,
        InlineArray<2, Void>(repeating: ()), shape)
      output &+= 2
    }
    if output < outputs {
      tile(
        gradient + (output &* inputs &+ input), inputs, region, output, input,
        InlineArray<1, Void>(repeating: ()), shape)
    }
  }

  @inline(always)
  private static func tile<let height: Int, let width: Int>(
    _ gradient: UnsafeMutablePointer<Float>, _ gradientStride: Int, _ region: Region,
    _ output: Int, _ input: Int, _: InlineArray<height, Void>, _: InlineArray<width, Void>
  ) {
    let (dy, x) = (region.dyPlanes, region.xPlanes)
    pointwise_gradient_tile(
      height, width, gradient, gradientStride,
      region.dy + output &* dy.channelStride, dy.channelStride, dy.groupStride,
      region.x + input &* x.channelStride, x.channelStride, x.groupStride,
      region.groups, region.pixels)
  }
}
