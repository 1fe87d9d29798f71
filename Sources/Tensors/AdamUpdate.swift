/// The element-wise update of Adam, sixteen parameters at a time.
package enum AdamUpdate {
  /// The constants of every step.
  package struct Constants {
    package var beta1: Float
    package var beta2: Float
    package var rest1: Float
    package var rest2: Float
    package var epsilon: Float

    /// Decays of the moments and the term beside the root.
    package init(beta1: Double, beta2: Double, epsilon: Double) {
      (self.beta1, self.beta2, self.epsilon) = (Float(beta1), Float(beta2), Float(epsilon))
      (rest1, rest2) = (Float(1 - beta1), Float(1 - beta2))
    }
  }

  /// Updates up to sixteen parameters where `active` has ones; the others keep their bits.
  ///
  /// m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g²,
  /// θ ← keep · θ − stepSize · m / (√v / rootCorrection + ε).
  /// - Parameters:
  ///   - count: parameters present, at most sixteen.
  ///   - decayCount: `keep` applies to this many of them, the first.
  package static func update(
    _ parameters: UnsafeMutablePointer<Float>, _ gradients: UnsafePointer<Float>,
    _ first: UnsafeMutablePointer<Float>, _ second: UnsafeMutablePointer<Float>, active: UInt16,
    count: Int, stepSize: Lanes, rootCorrection: Lanes, keep: Float, decayCount: Int,
    _ constants: Constants
  ) {
    let g = load(gradients, count)
    let theta = load(parameters, count)
    let (m0, v0) = (load(first, count), load(second, count))
    let lanes = SIMD16<UInt16>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    let bits = (SIMD16<UInt16>(repeating: active) &>> lanes) & 1
    let isActive = SIMD16<Int32>(truncatingIfNeeded: bits) .!= 0
    let m = constants.beta1 * m0 + constants.rest1 * g
    let v = constants.beta2 * v0 + constants.rest2 * (g * g)
    let root = v.squareRoot() / rootCorrection + constants.epsilon
    var kept = theta
    if keep != 1 {
      let decays = SIMD16<Int32>(truncatingIfNeeded: lanes) .< Int32(min(16, decayCount))
      kept.replace(with: theta * keep, where: decays)
    }
    store(theta.replacing(with: kept - stepSize * (m / root), where: isActive), parameters, count)
    store(m0.replacing(with: m, where: isActive), first, count)
    store(v0.replacing(with: v, where: isActive), second, count)
  }

  @inline(__always)
  private static func load(_ pointer: UnsafePointer<Float>, _ count: Int) -> Lanes {
    if count == 16 { return UnsafeRawPointer(pointer).loadUnaligned(as: Lanes.self) }
    var value = Lanes.zero
    for lane in 0..<count { value[lane] = pointer[lane] }
    return value
  }

  @inline(__always)
  private static func store(_ value: Lanes, _ pointer: UnsafeMutablePointer<Float>, _ count: Int) {
    if count == 16 {
      UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: Lanes.self)
    } else {
      for lane in 0..<count { pointer[lane] = value[lane] }
    }
  }
}
