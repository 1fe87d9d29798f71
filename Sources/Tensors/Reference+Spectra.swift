extension Reference {
  /// A strided layer over spectra in its plainest form: `[sample][channel][frame][bin]` arrays, weights
  /// `[coarse][fine][3][kernel]`.
  package struct SpectralLayer {
    package var samples: Int
    package var frames: Int
    package var fineBins: Int
    package var fineChannels: Int
    package var coarseChannels: Int
    package var kernel: Int

    /// A layer between maps of two sizes.
    package init(
      samples: Int, frames: Int, fineBins: Int, fineChannels: Int, coarseChannels: Int,
      kernel: Int
    ) {
      (self.samples, self.frames, self.fineBins) = (samples, frames, fineBins)
      (self.fineChannels, self.coarseChannels) = (fineChannels, coarseChannels)
      self.kernel = kernel
    }

    /// Frequencies of the coarse map.
    package var coarseBins: Int { (fineBins + 1) / 2 }

    /// Calls with the indices of every product: weight, fine and coarse value.
    fileprivate func forEachProduct(
      _ body: (_ weight: Int, _ fine: Int, _ coarse: Int) -> Void
    ) {
      for sample in 0..<samples {
        for a in 0..<coarseChannels {
          for b in 0..<fineChannels {
            for frame in 0..<frames {
              for q in 0..<coarseBins {
                for i in 0..<3 {
                  for j in 0..<kernel {
                    let (t, f) = (frame + i - 1, 2 * q + j - kernel / 2)
                    guard t >= 0, t < frames, f >= 0, f < fineBins else { continue }
                    body(
                      ((a * fineChannels + b) * 3 + i) * kernel + j,
                      ((sample * fineChannels + b) * frames + t) * fineBins + f,
                      ((sample * coarseChannels + a) * frames + frame) * coarseBins + q)
                  }
                }
              }
            }
          }
        }
      }
    }

    /// The convolution: coarse values from fine ones.
    package func coarse(_ fine: [Float], _ w: [Float]) -> [Double] {
      var y = [Double](repeating: 0, count: samples * coarseChannels * frames * coarseBins)
      forEachProduct { weight, from, to in y[to] += Double(w[weight]) * Double(fine[from]) }
      return y
    }

    /// The transposed convolution: fine values from coarse ones.
    package func fine(_ coarse: [Float], _ w: [Float]) -> [Double] {
      var y = [Double](repeating: 0, count: samples * fineChannels * frames * fineBins)
      forEachProduct { weight, to, from in y[to] += Double(w[weight]) * Double(coarse[from]) }
      return y
    }

    /// The gradient of the weights of either from the values of both sides, one of them a gradient.
    package func weightGradient(fine: [Float], coarse: [Float]) -> [Double] {
      var dw = [Double](repeating: 0, count: coarseChannels * fineChannels * 3 * kernel)
      forEachProduct { weight, f, c in dw[weight] += Double(fine[f]) * Double(coarse[c]) }
      return dw
    }
  }

  /// γ (y − mean) / √(var + ε) + β through the exponential linear unit: one channel with batch statistics.
  package static func exponentialUnit(
    _ y: [Float], gamma: Double, beta: Double, epsilon: Double
  ) -> [Double] {
    normalize(y, gamma: gamma, beta: beta, epsilon: epsilon, rectified: false).z
      .map { $0 > 0 ? $0 : exponential($0) - 1 }
  }

  /// eˣ for x ≤ 0 by its series after halving, without a library.
  private static func exponential(_ x: Double) -> Double {
    var (term, sum) = (1.0, 1.0)
    let small = x / 1024
    for n in 1...12 {
      term *= small / Double(n)
      sum += term
    }
    for _ in 0..<10 { sum *= sum }
    return sum
  }
}
