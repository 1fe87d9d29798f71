internal import Foundation

/// How a network's two outputs o become the complex ratio mask M that a spectrum is multiplied with
/// (paper §7): estimate = M · X, for every window and frequency.
///
/// The paper does not say whether the mask is bounded.
public enum ComplexMask: String, Sendable, CaseIterable {
  /// M = o.
  case unbounded
  /// M = o · tanh(|o|) / |o|: turned as it will, at most 1 long.
  case bounded

  /// The mask of one pair of outputs.
  @inline(__always)
  func mask(_ real: Float, _ imaginary: Float) -> (real: Float, imaginary: Float) {
    guard self == .bounded else { return (real, imaginary) }
    let length = (real * real + imaginary * imaginary).squareRoot()
    let factor = Self.factor(length)
    return (real * factor, imaginary * factor)
  }

  /// The gradient of the outputs from that of the mask.
  @inline(__always)
  func backward(
    _ real: Float, _ imaginary: Float, slope: (real: Float, imaginary: Float)
  ) -> (real: Float, imaginary: Float) {
    guard self == .bounded else { return slope }
    // With h(r) = tanh(r) / r: dM/do = h · 1 + (h′ / r) · o oᵀ.
    let length = (real * real + imaginary * imaginary).squareRoot()
    let factor = Self.factor(length)
    let along = slope.real * real + slope.imaginary * imaginary
    let bend = Self.bend(length) * along
    return (factor * slope.real + bend * real, factor * slope.imaginary + bend * imaginary)
  }

  /// h(r) = tanh(r) / r.
  private static func factor(_ r: Float) -> Float { r < 1e-3 ? 1 - r * r / 3 : tanh(r) / r }

  /// h′(r) / r = (1 − tanh² r − tanh(r) / r) / r².
  private static func bend(_ r: Float) -> Float {
    // Near zero the difference of the definition has no digits left.
    guard r > 0.05 else { return -2 / 3 + 8 * r * r / 15 }
    let t = tanh(r)
    return (1 - t * t - t / r) / (r * r)
  }
}
