internal import CProcessor

/// Depthwise convolution of one channel of one group: one k×k kernel slides over one plane.
///
/// The plane comes with its zero border, so no loop asks where the image ends.
package enum Depthwise {
  /// y[r][c] = Σ w[i][j] · x[r·s + i][c·s + j], for k = 3 or 5 and s = 1 or 2.
  /// - Parameters:
  ///   - x: padded plane with `xStride` vectors per row.
  ///   - y: `rows` × `columns` outputs, contiguous.
  ///   - next: the stored input of the next channel, asked for in time; `nil` if there is none.
  package static func convolve(
    _ weights: UnsafePointer<Float>, kernel: Int, stride: Int, _ x: UnsafeMutablePointer<Lanes>,
    xStride: Int, into y: UnsafeMutablePointer<Lanes>, rows: Int, columns: Int,
    next: UnsafeMutablePointer<Lanes>? = nil
  ) {
    let shape = (x, xStride, y, rows, columns, next)
    switch (kernel, stride) {
    case (3, 1): slide(weights, shape, 1, InlineArray<3, Void>(repeating: ()))
    case (3, 2): slide(weights, shape, 2, InlineArray<3, Void>(repeating: ()))
    case (5, 1): slide(weights, shape, 1, InlineArray<5, Void>(repeating: ()))
    case (5, 2): slide(weights, shape, 2, InlineArray<5, Void>(repeating: ()))
    default: preconditionFailure("depthwise kernels are 3×3 or 5×5, of stride 1 or 2")
    }
  }

  private typealias Shape = (
    x: UnsafeMutablePointer<Lanes>, xStride: Int, y: UnsafeMutablePointer<Lanes>,
    rows: Int, columns: Int, next: UnsafeMutablePointer<Lanes>?
  )

  @inline(__always)
  private static func slide<let kernel: Int>(
    _ w: UnsafePointer<Float>, _ shape: Shape, _ stride: Int, _ size: InlineArray<kernel, Void>
  ) {
    for row in 0..<shape.rows {
      let x = shape.x + row &* stride &* shape.xStride
      let y = shape.y + row &* shape.columns
      if let next = shape.next {
        let count = shape.columns &* stride &* stride
        for c in 0..<count { prefetch_soon(next + (row &* count &+ c)) }
        for c in 0..<shape.columns {
          prefetch_for_write(y + (shape.rows &* shape.columns &+ c))
        }
      }
      var column = 0
      while column &+ 4 <= shape.columns {
        window(
          w, x + column &* stride, shape.xStride, stride, y + column, size,
          InlineArray<4, Void>(repeating: ()))
        column &+= 4
      }
      while column &+ 2 <= shape.columns {
        window(
          w, x + column &* stride, shape.xStride, stride, y + column, size,
          InlineArray<2, Void>(repeating: ()))
        column &+= 2
      }
      if column < shape.columns {
        window(
          w, x + column &* stride, shape.xStride, stride, y + column, size,
          InlineArray<1, Void>(repeating: ()))
      }
    }
  }

  /// Some outputs side by side.
  @inline(__always)
  private static func window<let kernel: Int, let width: Int>(
    _ w: UnsafePointer<Float>, _ x: UnsafeMutablePointer<Lanes>, _ xStride: Int, _ stride: Int,
    _ y: UnsafeMutablePointer<Lanes>, _: InlineArray<kernel, Void>, _: InlineArray<width, Void>
  ) {
    var sums = InlineArray<width, Lanes>(repeating: .zero)
    for i in 0..<kernel {
      let line = x + i &* xStride
      for j in 0..<kernel {
        let weight = Lanes(repeating: w[i &* kernel &+ j])
        for c in 0..<width { sums[c].fma(weight, line[c &* stride &+ j]) }
      }
    }
    for c in 0..<width { y[c] = sums[c] }
  }
}
