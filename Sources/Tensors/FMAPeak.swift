internal import CProcessor

/// The rate of multiply-adds that the processor reaches on values in registers: what no kernel can
/// exceed.
package enum FMAPeak {
  /// Floating-point operations of one round.
  package static let operationsPerRound = 12 * 16 * 2

  /// Independent multiply-adds, round after round; `factor` and `term` come from outside, so that
  /// nothing can be computed beforehand.
  package static func run(rounds: Int, factor: Float, term: Float) -> Float {
    if lanes16_fill_one_register() {
      return chains(rounds, factor, term, InlineArray<12, Void>(repeating: ()))
    }
    // Twelve registers of eight floats.
    return chains(rounds * 2, factor, term, InlineArray<6, Void>(repeating: ()))
  }

  @inline(__always)
  private static func chains<let count: Int>(
    _ rounds: Int, _ factor: Float, _ term: Float, _: InlineArray<count, Void>
  ) -> Float {
    var sums = InlineArray<count, Lanes>(repeating: .zero)
    for i in 0..<count { sums[i] = Lanes(repeating: Float(i)) }
    let (factor, term) = (Lanes(repeating: factor), Lanes(repeating: term))
    for _ in 0..<rounds {
      for i in 0..<count { sums[i] = term.adding(sums[i], times: factor) }
    }
    var total = Lanes.zero
    for i in 0..<count { total += sums[i] }
    return total.total
  }
}
