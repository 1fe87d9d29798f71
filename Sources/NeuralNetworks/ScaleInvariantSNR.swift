internal import Foundation

/// The scale-invariant signal-to-noise ratio of an estimate, the metric of speech enhancement (paper §7).
///
/// Both sounds without their means, s = ŷ's part along y: 10 · log₁₀(‖s‖² / ‖ŷ − s‖²).
public enum ScaleInvariantSNR {
  /// Where the figure ends, in decibels: an estimate that has nothing of the sound, or nothing else.
  public static let limit = 100.0

  /// The ratio in decibels.
  public static func decibels(of estimate: [Float], to clean: [Float]) -> Double {
    precondition(estimate.count == clean.count && !clean.isEmpty, "sounds of different lengths")
    let count = Double(clean.count)
    let means = (
      clean.reduce(0) { $0 + Double($1) } / count, estimate.reduce(0) { $0 + Double($1) } / count
    )
    var (yy, ye, ee) = (0.0, 0.0, 0.0)
    for (y, e) in zip(clean, estimate) {
      let (y, e) = (Double(y) - means.0, Double(e) - means.1)
      yy += y * y
      ye += y * e
      ee += e * e
    }
    guard yy > 0, ee > 0 else { return -limit }
    let target = ye * ye / yy
    let rest = max(0, ee - target)
    return min(limit, max(-limit, 10 * log10(target / max(rest, 1e-300))))
  }

  /// By how many decibels an estimate is better than the noisy sound.
  public static func improvement(
    of estimate: [Float], over noisy: [Float], to clean: [Float]
  ) -> Double {
    decibels(of: estimate, to: clean) - decibels(of: noisy, to: clean)
  }
}
