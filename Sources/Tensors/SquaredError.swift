/// Squared differences of two batches, sixteen samples at a time.
package enum SquaredError {
  /// Σ (x − target)² over some vectors, and factor · (x − target) where it is wanted.
  /// - Parameter presence: ones in the lanes that count; the others give zeros.
  package static func sum(
    _ x: UnsafePointer<Lanes>, target: UnsafePointer<Lanes>, presence: Lanes, count: Int,
    factor: Float, gradient: UnsafeMutablePointer<Lanes>?
  ) -> Float {
    var sum = Lanes.zero
    for index in 0..<count {
      let difference = (x[index] - target[index]).replacing(with: 0, where: presence .== 0)
      sum.fma(difference, difference)
      gradient?[index] = difference * factor
    }
    return sum.total
  }
}
