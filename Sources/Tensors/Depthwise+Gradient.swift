extension Depthwise {
  /// dw[i][j] += Σ over outputs and lanes of dy[r][c] · x[r·s + i][c·s + j].
  /// - Parameters:
  ///   - dy: gradient of the outputs, with `dyStride` vectors per row.
  ///   - x: the padded input plane, with `xStride` vectors per row.
  package static func accumulateGradient(
    _ gradient: UnsafeMutablePointer<Float>, kernel: Int, stride: Int,
    dy: UnsafeMutablePointer<Lanes>, dyStride: Int, x: UnsafeMutablePointer<Lanes>, xStride: Int,
    rows: Int, columns: Int
  ) {
    let shape = (dy, dyStride, x, xStride, rows, columns)
    switch (kernel, stride) {
    case (3, 1): lines(gradient, shape, 1, InlineArray<3, Void>(repeating: ()))
    case (3, _): lines(gradient, shape, stride, InlineArray<3, Void>(repeating: ()))
    case (5, 1): lines(gradient, shape, 1, InlineArray<5, Void>(repeating: ()))
    case (5, _): lines(gradient, shape, stride, InlineArray<5, Void>(repeating: ()))
    default: preconditionFailure("depthwise kernels are 3×3 or 5×5")
    }
  }

  private typealias GradientShape = (
    dy: UnsafeMutablePointer<Lanes>, dyStride: Int, x: UnsafeMutablePointer<Lanes>, xStride: Int,
    rows: Int, columns: Int
  )

  @inline(__always)
  private static func lines<let kernel: Int>(
    _ gradient: UnsafeMutablePointer<Float>, _ shape: GradientShape, _ stride: Int,
    _ size: InlineArray<kernel, Void>
  ) {
    for line in 0..<kernel {
      var moved = shape
      moved.x += line &* shape.xStride
      sums(gradient + line &* kernel, moved, stride, size)
    }
  }

  /// One row of the kernel; a function of its own, so that its sums stay in registers.
  @inline(never)
  private static func sums<let kernel: Int>(
    _ gradient: UnsafeMutablePointer<Float>, _ shape: GradientShape, _ stride: Int,
    _: InlineArray<kernel, Void>
  ) {
    var sums = InlineArray<kernel, Lanes>(repeating: .zero)
    for row in 0..<shape.rows {
      let dy = shape.dy + row &* shape.dyStride
      var x = shape.x + row &* stride &* shape.xStride
      for column in 0..<shape.columns {
        let value = dy[column]
        for j in 0..<kernel { sums[j].fma(value, x[j]) }
        x += stride
      }
    }
    for j in 0..<kernel { gradient[j] += sums[j].total }
  }

  /// dx[r·s + i][c·s + j] += w[i][j] · dy[r][c] into a padded plane (the gradient of the input for
  /// strides above 1; stride 1 uses `convolve` with the kernel flipped).
  package static func scatter(
    _ weights: UnsafePointer<Float>, kernel: Int, stride: Int, dy: UnsafeMutablePointer<Lanes>,
    dyStride: Int, into dx: UnsafeMutablePointer<Lanes>, xStride: Int, rows: Int, columns: Int
  ) {
    for row in 0..<rows {
      for column in 0..<columns {
        let value = dy[row &* dyStride &+ column]
        let corner = dx + (row &* stride &* xStride &+ column &* stride)
        for i in 0..<kernel {
          for j in 0..<kernel {
            corner[i &* xStride &+ j].fma(
              value, Lanes(repeating: weights[i &* kernel &+ j]))
          }
        }
      }
    }
  }
}
