internal import CProcessor

/// Batch normalisation followed by the exponential linear unit, over a row of vectors.
///
/// With u = scale · y + shift: ELU(u) = u for u > 0, eᵘ − 1 otherwise.
package enum ExponentialUnit {
  /// z = presence · ELU(u).
  package static func apply(
    _ y: UnsafePointer<Lanes>, _ channel: Normalization.Coefficients, presence: Lanes,
    into z: UnsafeMutablePointer<Lanes>, count: Int
  ) {
    let (scale, shift) = (Lanes(repeating: channel.scale), Lanes(repeating: channel.shift))
    for i in 0..<count {
      let u = shift.adding(scale, times: y[i])
      let below = lanes16_expm1_below_zero(u.smaller(.zero))
      z[i] = presence * below.replacing(with: u, where: u .> 0)
    }
  }

  /// dy, the gradient of what was normalised, from dz:
  /// presence · gain · (g − offset − (y − mean) · slope) with g = dz · ELU′(u).
  package static func backward(
    dz: UnsafePointer<Lanes>, _ y: UnsafePointer<Lanes>, _ channel: Normalization.Coefficients,
    presence: Lanes, into dy: UnsafeMutablePointer<Lanes>, count: Int
  ) {
    let (scale, shift) = (Lanes(repeating: channel.scale), Lanes(repeating: channel.shift))
    let (mean, slope) = (Lanes(repeating: channel.mean), Lanes(repeating: -channel.slope))
    let (gain, offset) = (presence * channel.gain, Lanes(repeating: channel.offset))
    for i in 0..<count {
      let g = dz[i] * derivative(shift.adding(scale, times: y[i]))
      dy[i] = gain * (g - offset).adding(y[i] - mean, times: slope)
    }
  }

  /// Σ g and Σ g · (y − mean), with g = dz · ELU′(u).
  package static func gradientSums(
    dz: UnsafePointer<Lanes>, _ y: UnsafePointer<Lanes>, _ channel: Normalization.Coefficients,
    count: Int
  ) -> (sum: Float, products: Float) {
    let (scale, shift) = (Lanes(repeating: channel.scale), Lanes(repeating: channel.shift))
    let mean = Lanes(repeating: channel.mean)
    var sum = Lanes.zero
    var products = Lanes.zero
    for i in 0..<count {
      let g = dz[i] * derivative(shift.adding(scale, times: y[i]))
      sum += g
      products.fma(g, y[i] - mean)
    }
    return (sum.total, products.total)
  }

  /// ELU′(u): 1 for u > 0, eᵘ otherwise; at zero both are 1.
  @inline(__always)
  private static func derivative(_ u: Lanes) -> Lanes {
    1 + lanes16_expm1_below_zero(u.smaller(.zero))
  }
}
