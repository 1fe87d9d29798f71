/// Depthwise convolution of one channel of one group: one k×k kernel slides over one plane.
///
/// The plane comes with its zero border, so no loop asks where the image ends.
package enum Depthwise {
  /// y[r][c] = base[r][c] + Σ w[i][j] · x[r·s + i][c·s + j], for k = 3 or 5.
  /// - Parameters:
  ///   - x: padded plane with `xStride` vectors per row.
  ///   - y: `rows` × `columns` outputs, contiguous.
  ///   - flipped: rotate the kernel by half a turn (the gradient of the input, stride 1).
  package static func convolve(
    _ weights: UnsafePointer<Float>, kernel: Int, stride: Int, flipped: Bool = false,
    _ x: UnsafeMutablePointer<Lanes>, xStride: Int, into y: UnsafeMutablePointer<Lanes>,
    adding base: UnsafeMutablePointer<Lanes>? = nil, rows: Int, columns: Int
  ) {
    let taps = kernel * kernel
    withUnsafeTemporaryAllocation(of: Float.self, capacity: taps) { w in
      for tap in 0..<taps { w[tap] = weights[flipped ? taps - 1 - tap : tap] }
      guard let w = UnsafePointer(w.baseAddress) else { return }
      let shape = (x, xStride, y, base, rows, columns)
      switch (kernel, stride) {
      case (3, 1): slide(w, shape, 1, InlineArray<3, Void>(repeating: ()))
      case (3, _): slide(w, shape, stride, InlineArray<3, Void>(repeating: ()))
      case (5, 1): slide(w, shape, 1, InlineArray<5, Void>(repeating: ()))
      case (5, _): slide(w, shape, stride, InlineArray<5, Void>(repeating: ()))
      default: preconditionFailure("depthwise kernels are 3×3 or 5×5")
      }
    }
  }

  private typealias Shape = (
    x: UnsafeMutablePointer<Lanes>, xStride: Int, y: UnsafeMutablePointer<Lanes>,
    base: UnsafeMutablePointer<Lanes>?, rows: Int, columns: Int
  )

  @inline(__always)
  private static func slide<let kernel: Int>(
    _ w: UnsafePointer<Float>, _ shape: Shape, _ stride: Int, _ size: InlineArray<kernel, Void>
  ) {
    for row in 0..<shape.rows {
      let x = shape.x + row &* stride &* shape.xStride
      let y = shape.y + row &* shape.columns
      let base = shape.base.map { $0 + row &* shape.columns }
      var column = 0
      while column &+ 4 <= shape.columns {
        window(
          w, x + column &* stride, shape.xStride, stride, y + column,
          base.map { $0 + column }, size, InlineArray<4, Void>(repeating: ()))
        column &+= 4
      }
      while column &+ 2 <= shape.columns {
        window(
          w, x + column &* stride, shape.xStride, stride, y + column,
          base.map { $0 + column }, size, InlineArray<2, Void>(repeating: ()))
        column &+= 2
      }
      if column < shape.columns {
        window(
          w, x + column &* stride, shape.xStride, stride, y + column,
          base.map { $0 + column }, size, InlineArray<1, Void>(repeating: ()))
      }
    }
  }

  /// Some outputs side by side.
  @inline(__always)
  private static func window<let kernel: Int, let width: Int>(
    _ w: UnsafePointer<Float>, _ x: UnsafeMutablePointer<Lanes>, _ xStride: Int, _ stride: Int,
    _ y: UnsafeMutablePointer<Lanes>, _ base: UnsafeMutablePointer<Lanes>?,
    _: InlineArray<kernel, Void>, _: InlineArray<width, Void>
  ) {
    var sums = InlineArray<width, Lanes>(repeating: .zero)
    if let base { for c in 0..<width { sums[c] = base[c] } }
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
