/// Windows of a feature map laid out as channels, so that a general convolution becomes a pointwise
/// one: row (i·k + r)·k + c of the unfolded map is input channel i seen through tap (r, c).
package enum Unfolding {
  /// A convolution's geometry.
  package struct Geometry: Equatable {
    package var channels: Int
    package var height: Int
    package var width: Int
    package var kernel: Int
    package var stride: Int
    package var padding: Int

    /// A square kernel over `channels` planes of `height` × `width`.
    package init(
      channels: Int, height: Int, width: Int, kernel: Int, stride: Int, padding: Int
    ) {
      (self.channels, self.height, self.width) = (channels, height, width)
      (self.kernel, self.stride, self.padding) = (kernel, stride, padding)
    }

    /// Rows of the output.
    package var outputHeight: Int { (height + 2 * padding - kernel) / stride + 1 }
    /// Columns of the output.
    package var outputWidth: Int { (width + 2 * padding - kernel) / stride + 1 }
    /// Channels of the unfolded map.
    package var rows: Int { channels * kernel * kernel }
  }

  /// Lays out one channel of one group: k·k planes, `rowStride` vectors apart; zeros outside the
  /// image.
  package static func unfold(
    _ x: UnsafeMutablePointer<Lanes>, _ geometry: Geometry,
    into rows: UnsafeMutablePointer<Lanes>, rowStride: Int
  ) {
    forEachRun(geometry) { tap, at, source, count, zeros in
      let row = rows + (tap &* rowStride &+ at)
      row.update(repeating: .zero, count: zeros.before)
      let start = row + zeros.before
      if geometry.stride == 1 {
        start.update(from: x + source, count: count)
      } else {
        for n in 0..<count { start[n] = x[source &+ n &* geometry.stride] }
      }
      (start + count).update(repeating: .zero, count: zeros.after)
    }
  }

  /// Adds the rows of one channel back to where they came from: the transpose of `unfold`.
  package static func fold(
    _ rows: UnsafeMutablePointer<Lanes>, rowStride: Int, _ geometry: Geometry,
    into x: UnsafeMutablePointer<Lanes>
  ) {
    forEachRun(geometry) { tap, at, source, count, zeros in
      let row = rows + (tap &* rowStride &+ at &+ zeros.before)
      for n in 0..<count { x[source &+ n &* geometry.stride] += row[n] }
    }
  }

  /// Calls for each tap and output row with the run of outputs whose input is inside the image.
  @inline(__always)
  private static func forEachRun(
    _ geometry: Geometry,
    _ body: (
      _ tap: Int, _ at: Int, _ source: Int, _ count: Int, _ zeros: (before: Int, after: Int)
    ) -> Void
  ) {
    let (height, width) = (geometry.outputHeight, geometry.outputWidth)
    for tapRow in 0..<geometry.kernel {
      for tapColumn in 0..<geometry.kernel {
        let tap = tapRow &* geometry.kernel &+ tapColumn
        let shift = tapColumn &- geometry.padding
        // First output column whose input column is ≥ 0, and one past the last that is < width.
        let first = min(width, max(0, (-shift + geometry.stride - 1) / geometry.stride))
        let last = max(
          first, min(width, (geometry.width - shift + geometry.stride - 1) / geometry.stride))
        for row in 0..<height {
          let line = row &* geometry.stride &+ tapRow &- geometry.padding
          if line < 0 || line >= geometry.height {
            body(tap, row &* width, 0, 0, (width, 0))
          } else {
            body(
              tap, row &* width,
              line &* geometry.width &+ first &* geometry.stride &+ shift, last &- first,
              (first, width &- last))
          }
        }
      }
    }
  }
}
