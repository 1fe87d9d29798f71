internal import CProcessor

/// Batch normalisation of one plane (one channel of one group), forward and backward.
///
/// Training statistics are sums over planes; `BatchNorm` in the networks combines them over groups.
/// Padding lanes hold zeros in a convolution's output and so add nothing to the sums; whatever
/// writes an activation multiplies them away again (`presence`).
package enum Normalization {
  /// A rectangle of pixels: contiguous on the feature map's side, with free row stride on the
  /// scratch side, where a border may surround it.
  package struct Rectangle {
    package var rows: Int
    package var columns: Int
    package var rowStride: Int

    /// `rows` × `columns` pixels, `rowStride` vectors from row to row.
    package init(rows: Int, columns: Int, rowStride: Int) {
      (self.rows, self.columns, self.rowStride) = (rows, columns, rowStride)
    }

    /// Contiguous pixels.
    package init(pixels: Int) { self.init(rows: 1, columns: pixels, rowStride: pixels) }
  }

  /// z = presence · (scale · y + shift), rectified or not.
  package static func apply(
    _ y: UnsafeMutablePointer<Lanes>, scale: Float, shift: Float, rectified: Bool,
    presence: Lanes?, into z: UnsafeMutablePointer<Lanes>, _ shape: Rectangle
  ) {
    let floor = Lanes(repeating: rectified ? 0 : -.infinity)
    let (scale, shift) = (Lanes(repeating: scale), Lanes(repeating: shift))
    var y = y
    var z = z
    for _ in 0..<shape.rows {
      if let presence {
        for column in 0..<shape.columns {
          let value = shift.adding(scale, times: y[column])
          z[column] = presence * value.larger(floor)
        }
      } else {
        for column in 0..<shape.columns {
          let value = shift.adding(scale, times: y[column])
          z[column] = value.larger(floor)
        }
      }
      y += shape.columns
      z += shape.rowStride
    }
  }

  /// What is stored in one plane, and what turns it into what its readers see.
  package struct Term {
    package var y: UnsafeMutablePointer<Lanes>
    package var coefficients: Coefficients
    package var isRectified: Bool

    /// A plane with its normalisation.
    package init(
      _ y: UnsafeMutablePointer<Lanes>, _ coefficients: Coefficients, isRectified: Bool
    ) {
      (self.y, self.coefficients, self.isRectified) = (y, coefficients, isRectified)
    }
  }

  /// z = presence · (first + second), each normalised.
  package static func add(
    _ first: Term, _ second: Term, presence: Lanes?, into z: UnsafeMutablePointer<Lanes>,
    pixels: Int
  ) {
    let floors = (
      Lanes(repeating: first.isRectified ? 0 : -.infinity),
      Lanes(repeating: second.isRectified ? 0 : -.infinity)
    )
    let scales = (
      Lanes(repeating: first.coefficients.scale), Lanes(repeating: second.coefficients.scale)
    )
    let shifts = (
      Lanes(repeating: first.coefficients.shift), Lanes(repeating: second.coefficients.shift)
    )
    for pixel in 0..<pixels {
      let one = shifts.0.adding(scales.0, times: first.y[pixel]).larger(floors.0)
      let other = shifts.1.adding(scales.1, times: second.y[pixel]).larger(floors.1)
      z[pixel] = one + other
    }
    guard let presence else { return }
    for pixel in 0..<pixels { z[pixel] *= presence }
  }

  /// Σ y and Σ y² over pixels and lanes.
  package static func sums(
    _ y: UnsafeMutablePointer<Lanes>, pixels: Int
  ) -> (sum: Float, squares: Float) {
    var sum = InlineArray<2, Lanes>(repeating: .zero)
    var squares = InlineArray<2, Lanes>(repeating: .zero)
    var pixel = 0
    while pixel &+ 2 <= pixels {
      for p in 0..<2 {
        let value = y[pixel &+ p]
        sum[p] += value
        squares[p].fma(value, value)
      }
      pixel &+= 2
    }
    if pixel < pixels {
      sum[0] += y[pixel]
      squares[0].fma(y[pixel], y[pixel])
    }
    return ((sum[0] + sum[1]).total, (squares[0] + squares[1]).total)
  }

  /// Σ g and Σ g · (y − mean), with g = dz where the rectifier let z through.
  package static func gradientSums(
    dz: UnsafeMutablePointer<Lanes>, _ y: UnsafeMutablePointer<Lanes>, mean: Float, scale: Float,
    shift: Float, rectified: Bool, pixels: Int
  ) -> (sum: Float, products: Float) {
    let floor = register_lanes(repeating: rectified ? 0 : -.infinity)
    let (scale, shift) = (register_lanes(repeating: scale), register_lanes(repeating: shift))
    let mean = register_lanes(repeating: mean)
    let slopes = UnsafeRawPointer(dz).assumingMemoryBound(to: register_lanes.self)
    let values = UnsafeRawPointer(y).assumingMemoryBound(to: register_lanes.self)
    // The order of `Depthwise.backward`, which finds the same sums on its way.
    var sum = register_lanes.zero
    var products = register_lanes.zero
    for at in 0..<pixels &* REGISTERS_PER_PIXEL {
      let value = values[at]
      let passes = shift.adding(scale, times: value) .> floor
      let g = register_lanes.zero.replacing(with: slopes[at], where: passes)
      sum += g
      products.fma(g, value - mean)
    }
    return (register_total(sum), register_total(products))
  }

  /// The numbers of one channel.
  ///
  /// Forward, z = scale · y + shift; backward, dy = presence · gain · (g − offset − (y − mean) · slope)
  /// with g = dz where the rectifier let z through.
  package struct Coefficients {
    package var scale: Float
    package var shift: Float
    package var mean: Float
    package var gain: Float
    package var offset: Float
    package var slope: Float

    /// Coefficients of a channel; without arguments those that change nothing.
    package init(
      scale: Float = 1, shift: Float = 0, mean: Float = 0, gain: Float = 1, offset: Float = 0,
      slope: Float = 0
    ) {
      (self.scale, self.shift, self.mean) = (scale, shift, mean)
      (self.gain, self.offset, self.slope) = (gain, offset, slope)
    }
  }

  /// dy, the gradient of what was normalised, from dz.
  package static func backward(
    dz: UnsafeMutablePointer<Lanes>, _ y: UnsafeMutablePointer<Lanes>, _ channel: Coefficients,
    rectified: Bool, presence: Lanes?, into dy: UnsafeMutablePointer<Lanes>, _ shape: Rectangle
  ) {
    let floor = Lanes(repeating: rectified ? 0 : -.infinity)
    let (scale, shift) = (Lanes(repeating: channel.scale), Lanes(repeating: channel.shift))
    let (mean, slope) = (Lanes(repeating: channel.mean), Lanes(repeating: -channel.slope))
    let gain = presence.map { $0 * channel.gain } ?? Lanes(repeating: channel.gain)
    let offset = Lanes(repeating: channel.offset)
    var (dz, y, dy) = (dz, y, dy)
    for _ in 0..<shape.rows {
      for column in 0..<shape.columns {
        let value = y[column]
        let passes = shift.adding(scale, times: value) .> floor
        let g = Lanes.zero.replacing(with: dz[column], where: passes)
        dy[column] = gain * (g - offset).adding(value - mean, times: slope)
      }
      dz += shape.columns
      y += shape.columns
      dy += shape.rowStride
    }
  }
}
