/// Small loops over one plane or vector.
package enum Elementwise {
  /// Zeros.
  package static func clear(_ x: UnsafeMutablePointer<Lanes>, count: Int) {
    x.update(repeating: .zero, count: count)
  }

  /// Copies a contiguous plane into a rectangle: vector by vector, as planes are often too short for
  /// the system's routine for bytes.
  package static func copy(
    _ x: UnsafeMutablePointer<Lanes>, into y: UnsafeMutablePointer<Lanes>,
    _ shape: Normalization.Rectangle
  ) {
    for row in 0..<shape.rows {
      let (from, to) = (x + row &* shape.columns, y + row &* shape.rowStride)
      for column in 0..<shape.columns { to[column] = from[column] }
    }
  }

  /// y = base + x, where x is a rectangle and the others are contiguous.
  package static func add(
    _ x: UnsafeMutablePointer<Lanes>, _ shape: Normalization.Rectangle,
    _ base: UnsafeMutablePointer<Lanes>?, into y: UnsafeMutablePointer<Lanes>
  ) {
    for row in 0..<shape.rows {
      for column in 0..<shape.columns {
        let at = row &* shape.columns &+ column
        let value = x[row &* shape.rowStride &+ column]
        if let base { y[at] = base[at] + value } else { y[at] = value }
      }
    }
  }

  /// The mean over a plane's pixels, lane by lane: global average pooling.
  package static func mean(_ x: UnsafeMutablePointer<Lanes>, pixels: Int) -> Lanes {
    var sum = Lanes.zero
    for pixel in 0..<pixels { sum += x[pixel] }
    return sum * (1 / Float(pixels))
  }

  /// The dot product of two planes, lane by lane.
  package static func dot(
    _ x: UnsafeMutablePointer<Lanes>, _ y: UnsafeMutablePointer<Lanes>, pixels: Int
  ) -> Lanes {
    var sum = Lanes.zero
    for pixel in 0..<pixels { sum.fma(x[pixel], y[pixel]) }
    return sum
  }

  /// y = base + factor · x + term, the factor and the term one value per sample.
  package static func scale(
    _ x: UnsafeMutablePointer<Lanes>, by factor: Lanes, plus term: Lanes = .zero,
    adding base: UnsafeMutablePointer<Lanes>? = nil, into y: UnsafeMutablePointer<Lanes>,
    pixels: Int
  ) {
    for pixel in 0..<pixels {
      let value = term.adding(factor, times: x[pixel])
      if let base { y[pixel] = base[pixel] + value } else { y[pixel] = value }
    }
  }

  /// y = base + term, one value per sample.
  package static func spread(
    _ term: Lanes, adding base: UnsafeMutablePointer<Lanes>?,
    into y: UnsafeMutablePointer<Lanes>, pixels: Int
  ) {
    for pixel in 0..<pixels {
      if let base { y[pixel] = base[pixel] + term } else { y[pixel] = term }
    }
  }

  /// max(x, 0).
  package static func rectified(_ x: Lanes) -> Lanes { x.larger(.zero) }

  /// The hard sigmoid clip(x + 3, 0, 6) / 6.
  package static func hardSigmoid(_ x: Lanes) -> Lanes {
    (x + 3).larger(.zero).smaller(Lanes(repeating: 6)) * (1 / 6)
  }

  /// The gradient through the hard sigmoid at x: 1/6 between −3 and 3, else zero.
  package static func hardSigmoidGradient(_ g: Lanes, at x: Lanes) -> Lanes {
    let inside = (x .> -3) .& (x .< 3)
    return Lanes.zero.replacing(with: g * (1 / 6), where: inside)
  }
}
