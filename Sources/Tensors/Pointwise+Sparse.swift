internal import CProcessor

/// The same products over the kept entries only.
///
/// Every sum is added in the order of the dense kernel without its zeros, so both give the same bits
/// and a network may take whichever is faster.
extension Pointwise {
  /// y[g][r][p] = base[g][r][p] + Σ over the kept entries of row r of w · x[g][column][p].
  /// - Parameters:
  ///   - kept: the entries; its rows are the channels of `y`.
  ///   - rows: the rows to compute; `y` and `base` begin with the first of them.
  ///   - weights: the row-major matrix that the entries' places mean.
  package static func multiply(
    _ kept: KeptEntries, rows: Range<Int>, _ weights: UnsafePointer<Float>, _ x: Planes,
    into y: Planes, adding base: Planes? = nil, groups: Int, pixels: Int
  ) {
    kept.columns.withUnsafeBufferPointer { columns in
      kept.places.withUnsafeBufferPointer { places in
        for group in 0..<groups {
          var pixel = 0
          // Blocks of four pixels: the inputs of a block stay in the cache for all rows.
          while pixel < pixels {
            let width = pixels &- pixel >= 4 ? 4 : pixels &- pixel >= 2 ? 2 : 1
            let from = x.plane(group: group, channel: 0) + pixel
            for row in rows {
              let entries = kept.starts[row]..<kept.starts[row &+ 1]
              let to = y.plane(group: group, channel: row &- rows.lowerBound) + pixel
              let start = base.map {
                $0.plane(group: group, channel: row &- rows.lowerBound) + pixel
              }
              switch width {
              case 4:
                sum(
                  entries, columns, places, weights, from, x.channelStride, to, start,
                  InlineArray<4, Void>(repeating: ()))
              case 2:
                sum(
                  entries, columns, places, weights, from, x.channelStride, to, start,
                  InlineArray<2, Void>(repeating: ()))
              default:
                sum(
                  entries, columns, places, weights, from, x.channelStride, to, start,
                  InlineArray<1, Void>(repeating: ()))
              }
            }
            pixel &+= width
          }
        }
      }
    }
  }

  @inline(always)
  private static func sum<let width: Int>(
    _ entries: Range<Int>, _ columns: UnsafeBufferPointer<Int32>,
    _ places: UnsafeBufferPointer<Int32>,
    _ weights: UnsafePointer<Float>, _ x: UnsafeMutablePointer<Lanes>, _ xStride: Int,
    _ y: UnsafeMutablePointer<Lanes>, _ base: UnsafeMutablePointer<Lanes>?,
    _: InlineArray<width, Void>
  ) {
    var sums = InlineArray<width, Lanes>(repeating: .zero)
    if let base { for p in 0..<width { sums[p] = base[p] } }
    for entry in entries {
      let weight = Lanes(repeating: weights[Int(places[entry])])
      let from = x + Int(columns[entry]) &* xStride
      for p in 0..<width { sums[p].fma(weight, from[p]) }
    }
    for p in 0..<width { y[p] = sums[p] }
  }

  /// dw at the kept entries += Σ over groups, pixels and lanes of dy[g][row][p] · x[g][column][p]; the
  /// gradient's other places are left alone.
  /// - Parameters: as for the dense kernel; the rows of `kept` are the outputs.
  package static func accumulateGradient(
    _ gradient: UnsafeMutablePointer<Float>, _ kept: KeptEntries, dy: Planes, x: Planes,
    groups: Int, pixels: Int
  ) {
    kept.columns.withUnsafeBufferPointer { columns in
      kept.places.withUnsafeBufferPointer { places in
        forEachRegion(dy: dy, x: x, groups: groups, pixels: pixels) { region in
          for row in 0..<kept.starts.count &- 1 {
            var entry = kept.starts[row]
            let end = kept.starts[row &+ 1]
            while entry &+ 4 <= end {
              products(
                gradient, entry, columns, places, region, row, InlineArray<4, Void>(repeating: ()))
              entry &+= 4
            }
            while entry < end {
              products(
                gradient, entry, columns, places, region, row, InlineArray<1, Void>(repeating: ()))
              entry &+= 1
            }
          }
        }
      }
    }
  }

  /// Some entries of one row, over a region.
  @inline(always)
  private static func products<let width: Int>(
    _ gradient: UnsafeMutablePointer<Float>, _ entry: Int, _ columns: UnsafeBufferPointer<Int32>,
    _ places: UnsafeBufferPointer<Int32>, _ region: Region, _ row: Int,
    _: InlineArray<width, Void>
  ) {
    let parts = REGISTERS_PER_PIXEL
    var sums = InlineArray<width, register_lanes>(repeating: .zero)
    var offsets = InlineArray<width, Int>(repeating: 0)
    for j in 0..<width {
      offsets[j] = Int(columns[entry &+ j]) &* region.xPlanes.channelStride &* parts
    }
    for group in 0..<region.groups {
      let dy =
        region.dy + (group &* region.dyPlanes.groupStride &+ row &* region.dyPlanes.channelStride)
      let x = region.x + group &* region.xPlanes.groupStride
      let slopes = UnsafeRawPointer(dy).assumingMemoryBound(to: register_lanes.self)
      let values = UnsafeRawPointer(x).assumingMemoryBound(to: register_lanes.self)
      for at in 0..<region.pixels &* parts {
        let slope = slopes[at]
        for j in 0..<width { sums[j].fma(slope, values[offsets[j] &+ at]) }
      }
    }
    if width == 4 {
      let totals = register_totals(sums[0], sums[1], sums[2], sums[3])
      for j in 0..<4 { gradient[Int(places[entry &+ j])] += totals[j] }
    } else {
      for j in 0..<width { gradient[Int(places[entry &+ j])] += register_total(sums[j]) }
    }
  }
}
