internal import CProcessor

extension Depthwise {
  /// What the backward pass of one channel of one group reads and writes.
  package struct Gradient {
    /// The gradient of the outputs: the first output's, in a plane with a zero border of
    /// `border(kernel:stride:)` vectors on every side.
    package var dy: UnsafeMutablePointer<Lanes>
    /// Vectors from a row of `dy` to the next.
    package var dyStride: Int
    /// The input as it is stored, `rows` × `columns`, contiguous.
    package var y: UnsafeMutablePointer<Lanes>
    /// What turns the stored input into what the convolution read.
    package var coefficients: Normalization.Coefficients
    package var isRectified: Bool
    /// What the input's gradient is added to; `nil` is zero.
    package var base: UnsafeMutablePointer<Lanes>?
    /// The gradient of the input, contiguous; may be `base` itself.
    package var dx: UnsafeMutablePointer<Lanes>
    /// What the next channel's `dy` is made of, as long as the outputs; asked for in time.
    package var next: (UnsafeMutablePointer<Lanes>, UnsafeMutablePointer<Lanes>)
    /// Rows and columns of the input.
    package var rows: Int
    package var columns: Int

    /// A channel's gradient.
    package init(
      dy: UnsafeMutablePointer<Lanes>, dyStride: Int, y: UnsafeMutablePointer<Lanes>,
      coefficients: Normalization.Coefficients, isRectified: Bool,
      base: UnsafeMutablePointer<Lanes>?, dx: UnsafeMutablePointer<Lanes>,
      next: (UnsafeMutablePointer<Lanes>, UnsafeMutablePointer<Lanes>), rows: Int, columns: Int
    ) {
      (self.dy, self.dyStride, self.y) = (dy, dyStride, y)
      (self.coefficients, self.isRectified) = (coefficients, isRectified)
      (self.base, self.dx, self.next) = (base, dx, next)
      (self.rows, self.columns) = (rows, columns)
    }
  }

  /// The width of the zero border that `backward` wants around the gradient of the outputs.
  package static func border(kernel: Int, stride: Int) -> Int { stride == 1 ? kernel / 2 : 1 }

  /// Both gradients in one pass over the input's pixels, and the sums that the normalisation of the
  /// input needs:
  /// dx[r][c] = base[r][c] + Σ w[i][j] · dy[(r + k/2 − i) / s][(c + k/2 − j) / s] over the taps where
  /// the divisions are whole, and dw[i][j] += Σ x[r][c] · the same dy.
  ///
  /// Seen from the input every gradient that is loaded serves both products, and a stride needs no
  /// scattered sums.
  /// - Parameters:
  ///   - kernel: 3 or 5.
  ///   - stride: 1 or 2.
  ///   - weightGradient: k × k sums, added to.
  /// - Returns: Σ g and Σ g · (y − mean) with g = dx where the rectifier let the input through.
  package static func backward(
    _ gradient: Gradient, weights: UnsafePointer<Float>, kernel: Int, stride: Int,
    weightGradient: UnsafeMutablePointer<Float>
  ) -> (sum: Float, products: Float) {
    let plane = depthwise_plane(
      dy: gradient.dy, dy_stride: gradient.dyStride, y: gradient.y, base: gradient.base,
      dx: gradient.dx, next_slope: gradient.next.0, next_y: gradient.next.1, rows: gradient.rows,
      columns: gradient.columns, scale: gradient.coefficients.scale,
      shift: gradient.coefficients.shift, mean: gradient.coefficients.mean,
      floor: gradient.isRectified ? 0 : -.infinity, weights: weights,
      weight_gradient: weightGradient)
    return switch (kernel, stride) {
    case (3, 1): sweep(plane, Count<3>(repeating: ()), Count<1>(repeating: ()))
    case (3, 2): sweep(plane, Count<3>(repeating: ()), Count<2>(repeating: ()))
    case (5, 1): sweep(plane, Count<5>(repeating: ()), Count<1>(repeating: ()))
    case (5, 2): sweep(plane, Count<5>(repeating: ()), Count<2>(repeating: ()))
    default: preconditionFailure("depthwise kernels are 3×3 or 5×5, of stride 1 or 2")
    }
  }

  private typealias Count<let count: Int> = InlineArray<count, Void>

  /// Four registers' worth of pixels at a time, or as many as divide a row.
  private static func sweep<let kernel: Int, let stride: Int>(
    _ plane: depthwise_plane, _ size: Count<kernel>, _ step: Count<stride>
  ) -> (sum: Float, products: Float) {
    let registers = plane.columns / stride &* REGISTERS_PER_PIXEL
    let isEven = plane.columns % stride == 0
    if isEven, registers % 4 == 0 { return sweep(plane, size, step, Count<4>(repeating: ())) }
    if REGISTERS_PER_PIXEL == 2 || (isEven && registers % 2 == 0) {
      return sweep(plane, size, step, Count<2>(repeating: ()))
    }
    return sweep(plane, size, step, Count<1>(repeating: ()))
  }

  /// A function of its own for each case, so that its sums stay in registers.
  @inline(never)
  private static func sweep<let kernel: Int, let stride: Int, let width: Int>(
    _ plane: depthwise_plane, _: Count<kernel>, _: Count<stride>, _: Count<width>
  ) -> (sum: Float, products: Float) {
    let totals = depthwise_backward(kernel, stride, width, plane)
    return (totals.sum, totals.products)
  }
}
