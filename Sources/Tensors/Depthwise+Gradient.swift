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
    switch (kernel, stride) {
    case (3, 1): sweep(gradient, weights, weightGradient, Sums<3>(), Count<1>(repeating: ()))
    case (3, 2): sweep(gradient, weights, weightGradient, Sums<3>(), Count<2>(repeating: ()))
    case (5, 1): sweep(gradient, weights, weightGradient, Sums<5>(), Count<1>(repeating: ()))
    case (5, 2): sweep(gradient, weights, weightGradient, Sums<5>(), Count<2>(repeating: ()))
    default: preconditionFailure("depthwise kernels are 3×3 or 5×5, of stride 1 or 2")
    }
  }

  private typealias Count<let count: Int> = InlineArray<count, Void>

  /// Running sums of one channel.
  private struct Sums<let kernel: Int> {
    var weights = InlineArray<kernel, InlineArray<kernel, Lanes>>(
      repeating: InlineArray<kernel, Lanes>(repeating: .zero))
    var sum = Lanes.zero
    var products = Lanes.zero
  }

  /// As many pixels side by side as divide a row.
  private static func sweep<let kernel: Int, let stride: Int>(
    _ gradient: Gradient, _ weights: UnsafePointer<Float>,
    _ weightGradient: UnsafeMutablePointer<Float>, _ sums: Sums<kernel>, _ step: Count<stride>
  ) -> (sum: Float, products: Float) {
    if gradient.columns % (4 &* stride) == 0 {
      sweep(gradient, weights, weightGradient, sums, step, Count<4>(repeating: ()))
    } else if gradient.columns % (2 &* stride) == 0 {
      sweep(gradient, weights, weightGradient, sums, step, Count<2>(repeating: ()))
    } else {
      sweep(gradient, weights, weightGradient, sums, step, Count<1>(repeating: ()))
    }
  }

  /// A function of its own for each case, so that its sums stay in registers.
  @inline(never)
  private static func sweep<let kernel: Int, let stride: Int, let width: Int>(
    _ gradient: Gradient, _ weights: UnsafePointer<Float>,
    _ weightGradient: UnsafeMutablePointer<Float>, _ sums: Sums<kernel>, _: Count<stride>,
    _ width: Count<width>
  ) -> (sum: Float, products: Float) {
    var sums = sums
    let padding = kernel / 2
    for row in 0..<gradient.rows {
      // Which taps meet a row of outputs; literals, so that each case is unrolled.
      if stride == 1 {
        line(gradient, weights, row, 0, 1, width, &sums)
      } else if (row &+ padding) & 1 == 0 {
        line(gradient, weights, row, 0, 2, width, &sums)
      } else {
        line(gradient, weights, row, 1, 2, width, &sums)
      }
    }
    for i in 0..<kernel {
      for j in 0..<kernel { weightGradient[i &* kernel &+ j] += sums.weights[i][j].total }
    }
    return (sums.sum.total, sums.products.total)
  }

  /// One row of the input.
  @inline(always)
  private static func line<let kernel: Int, let width: Int>(
    _ gradient: Gradient, _ weights: UnsafePointer<Float>, _ row: Int, _ firstRow: Int,
    _ stride: Int, _ width: Count<width>, _ sums: inout Sums<kernel>
  ) {
    span(gradient, weights, row, firstRow, 0, stride, width, &sums)
    if stride == 2 { span(gradient, weights, row, firstRow, 1, stride, width, &sums) }
  }

  /// The columns of a row that the taps `firstColumn`, `firstColumn` + stride, … meet.
  @inline(always)
  private static func span<let kernel: Int, let width: Int>(
    _ gradient: Gradient, _ weights: UnsafePointer<Float>, _ row: Int, _ firstRow: Int,
    _ firstColumn: Int, _ stride: Int, _ size: Count<width>, _ sums: inout Sums<kernel>
  ) {
    let padding = kernel / 2
    let first = (firstColumn &+ padding) & (stride &- 1)
    let count = (gradient.columns &- first &+ stride &- 1) / stride
    // The output that tap (firstRow, firstColumn) takes to the first of these pixels.
    let dy =
      gradient.dy + (row &+ padding &- firstRow) / stride &* gradient.dyStride
      + (first &+ padding &- firstColumn) / stride
    var at = 0
    while at < count {
      window(
        gradient, weights, row &* gradient.columns &+ first &+ at &* stride, dy + at, firstRow,
        firstColumn, stride, &sums, size)
      at &+= width
    }
  }

  /// Some pixels of the input, `stride` apart.
  @inline(always)
  private static func window<let kernel: Int, let width: Int>(
    _ gradient: Gradient, _ weights: UnsafePointer<Float>, _ pixel: Int,
    _ dy: UnsafeMutablePointer<Lanes>, _ firstRow: Int, _ firstColumn: Int, _ stride: Int,
    _ sums: inout Sums<kernel>, _: InlineArray<width, Void>
  ) {
    let y = gradient.y + pixel
    let numbers = gradient.coefficients
    let floor = Lanes(repeating: gradient.isRectified ? 0 : -.infinity)
    var x = InlineArray<width, Lanes>(repeating: .zero)
    var dx = InlineArray<width, Lanes>(repeating: .zero)
    for c in 0..<width {
      x[c] = Lanes(repeating: numbers.shift)
        .adding(Lanes(repeating: numbers.scale), times: y[c &* stride]).larger(floor)
    }
    if let base = gradient.base {
      for c in 0..<width { dx[c] = base[pixel &+ c &* stride] }
    }
    var i = firstRow
    while i < kernel {
      let line = dy - (i &- firstRow) / stride &* gradient.dyStride
      var j = firstColumn
      while j < kernel {
        let weight = Lanes(repeating: weights[i &* kernel &+ j])
        for c in 0..<width {
          let slope = line[c &- (j &- firstColumn) / stride]
          dx[c].fma(weight, slope)
          sums.weights[i][j].fma(x[c], slope)
        }
        j &+= stride
      }
      i &+= stride
    }
    // The next channel's planes lie behind this one's; a processor that has to wait for each of them
    // spends half of its time so.
    for c in 0..<width {
      let next = pixel &+ c &* stride &+ gradient.rows &* gradient.columns
      prefetch_soon(gradient.y + next)
      prefetch_for_write(gradient.dx + next)
      if stride == 1 {
        prefetch_soon(gradient.next.0 + (pixel &+ c))
        prefetch_soon(gradient.next.1 + (pixel &+ c))
      }
    }
    let mean = Lanes(repeating: numbers.mean)
    for c in 0..<width {
      gradient.dx[pixel &+ c &* stride] = dx[c]
      let g = Lanes.zero.replacing(with: dx[c], where: x[c] .> floor)
      sums.sum += g
      sums.products.fma(g, y[c &* stride] - mean)
    }
  }
}
