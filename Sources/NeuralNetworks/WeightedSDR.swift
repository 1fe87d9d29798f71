/// The weighted signal-to-distortion ratio, negated: the loss of speech enhancement (paper §7).
///
/// With noisy x, clean y and estimate ŷ, noise z = x − y and its estimate ẑ = x − ŷ:
/// loss = −α · ⟨y, ŷ⟩ / (‖y‖ ‖ŷ‖) − (1 − α) · ⟨z, ẑ⟩ / (‖z‖ ‖ẑ‖), α = ‖y‖² / (‖y‖² + ‖z‖²).
/// It lies between −1, for ŷ = y, and 1. A term of which one side is silent is zero and has no gradient.
public enum WeightedSDR {
  /// The loss of one sound.
  /// - Parameters:
  ///   - gradient: overwritten with `factor` times the gradient by the estimate, where given.
  public static func evaluate(
    noisy: UnsafeBufferPointer<Float>, clean: UnsafeBufferPointer<Float>,
    estimate: UnsafeBufferPointer<Float>, factor: Float = 1,
    gradient: UnsafeMutableBufferPointer<Float>? = nil
  ) -> Double {
    precondition(
      noisy.count == estimate.count && clean.count == estimate.count, "sounds of different lengths")
    var (yy, zz, ee, dd, ye, zd) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    for n in estimate.indices {
      let (y, e) = (Double(clean[n]), Double(estimate[n]))
      let (z, d) = (Double(noisy[n]) - y, Double(noisy[n]) - e)
      yy += y * y
      zz += z * z
      ee += e * e
      dd += d * d
      ye += y * e
      zd += z * d
    }
    let share = yy + zz > 0 ? yy / (yy + zz) : 0
    let (speechNorm, noiseNorm) = ((yy * ee).squareRoot(), (zz * dd).squareRoot())
    // Silence is zero; what is no number must stay none, or a diverged network would look well.
    let speech = speechNorm == 0 ? 0 : ye / speechNorm
    let noise = noiseNorm == 0 ? 0 : zd / noiseNorm
    if let gradient {
      // d(⟨y, e⟩ / (‖y‖ ‖e‖)) / de = y / (‖y‖ ‖e‖) − e · ⟨y, e⟩ / (‖y‖ ‖e‖³); ẑ falls as ŷ grows.
      let scale = Double(factor)
      let speechScale = speechNorm > 0 ? -scale * share / speechNorm : 0
      let speechPull = speechNorm > 0 ? scale * share * speech / ee : 0
      let noiseScale = noiseNorm > 0 ? scale * (1 - share) / noiseNorm : 0
      let noisePull = noiseNorm > 0 ? -scale * (1 - share) * noise / dd : 0
      for n in estimate.indices {
        let (y, e) = (Double(clean[n]), Double(estimate[n]))
        let (z, d) = (Double(noisy[n]) - y, Double(noisy[n]) - e)
        gradient[n] = Float(speechScale * y + speechPull * e + noiseScale * z + noisePull * d)
      }
    }
    return -share * speech - (1 - share) * noise
  }
}
