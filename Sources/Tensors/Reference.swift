/// The plainest form of every kernel: scalar loops over `[sample][channel][row][column]` arrays,
/// sums in double precision. Slow, obviously right, and the oracle of the tests.
package enum Reference {
  /// A convolution's shape; `groups` equal to `channels` makes it depthwise.
  package struct Convolution {
    package var geometry: Unfolding.Geometry
    package var samples: Int
    package var outputs: Int
    package var groups = 1

    /// A convolution of some samples.
    package init(geometry: Unfolding.Geometry, samples: Int, outputs: Int, groups: Int = 1) {
      (self.geometry, self.samples) = (geometry, samples)
      (self.outputs, self.groups) = (outputs, groups)
    }

    /// Calls with the indices of every product: weight, input and output.
    fileprivate func forEachProduct(_ body: (_ weight: Int, _ input: Int, _ output: Int) -> Void) {
      let g = geometry
      let (height, width) = (g.outputHeight, g.outputWidth)
      let inputs = g.channels / groups
      for sample in 0..<samples {
        for output in 0..<outputs {
          let first = output / (outputs / groups) * inputs
          for row in 0..<height {
            for column in 0..<width {
              for input in 0..<inputs {
                for i in 0..<g.kernel {
                  for j in 0..<g.kernel {
                    let y = row * g.stride + i - g.padding
                    let x = column * g.stride + j - g.padding
                    guard y >= 0, y < g.height, x >= 0, x < g.width else { continue }
                    body(
                      ((output * inputs + input) * g.kernel + i) * g.kernel + j,
                      ((sample * g.channels + first + input) * g.height + y) * g.width + x,
                      ((sample * outputs + output) * height + row) * width + column)
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  /// y = w ∗ x.
  package static func convolve(_ x: [Float], _ w: [Float], _ shape: Convolution) -> [Double] {
    let pixels = shape.geometry.outputHeight * shape.geometry.outputWidth
    var y = [Double](repeating: 0, count: shape.samples * shape.outputs * pixels)
    shape.forEachProduct { weight, input, output in
      y[output] += Double(w[weight]) * Double(x[input])
    }
    return y
  }

  /// The gradients of the input and of the weights from that of the output.
  package static func convolutionGradients(
    _ x: [Float], _ w: [Float], _ dy: [Float], _ shape: Convolution
  ) -> (dx: [Double], dw: [Double]) {
    var dx = [Double](repeating: 0, count: x.count)
    var dw = [Double](repeating: 0, count: w.count)
    shape.forEachProduct { weight, input, output in
      dx[input] += Double(w[weight]) * Double(dy[output])
      dw[weight] += Double(x[input]) * Double(dy[output])
    }
    return (dx, dw)
  }

  /// y = x Wᵀ + b or max(0, x Wᵀ + b), x row-major `[samples][inputs]`, W `[outputs][inputs]`.
  package static func linear(
    _ x: [Float], _ w: [Float], _ b: [Float], rectified: Bool
  ) -> [Double] {
    let (outputs, inputs) = (b.count, w.count / b.count)
    return (0..<x.count / inputs * outputs).map { index in
      let (sample, output) = (index / outputs, index % outputs)
      var sum = Double(b[output])
      for i in 0..<inputs { sum += Double(w[output * inputs + i]) * Double(x[sample * inputs + i]) }
      return rectified ? max(sum, 0) : sum
    }
  }

  /// The gradients of x, W and b from that of x Wᵀ + b.
  package static func linearGradients(
    _ x: [Float], _ w: [Float], _ dy: [Float], outputs: Int
  ) -> (dx: [Double], dw: [Double], db: [Double]) {
    let inputs = w.count / outputs
    var dx = [Double](repeating: 0, count: x.count)
    var dw = [Double](repeating: 0, count: w.count)
    var db = [Double](repeating: 0, count: outputs)
    for sample in 0..<x.count / inputs {
      for output in 0..<outputs {
        let slope = Double(dy[sample * outputs + output])
        db[output] += slope
        for i in 0..<inputs {
          dx[sample * inputs + i] += slope * Double(w[output * inputs + i])
          dw[output * inputs + i] += slope * Double(x[sample * inputs + i])
        }
      }
    }
    return (dx, dw, db)
  }

  /// Batch normalisation of one channel with batch statistics, all samples' pixels in one array.
  package struct Normalized {
    package var z: [Double]
    package var mean: Double
    package var variance: Double
  }

  /// z = γ (y − mean) / √(variance + ε) + β, rectified or not.
  package static func normalize(
    _ y: [Float], gamma: Double, beta: Double, epsilon: Double, rectified: Bool
  ) -> Normalized {
    let n = Double(y.count)
    let mean = y.reduce(0) { $0 + Double($1) } / n
    let variance = y.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / n
    let z = y.map { gamma * (Double($0) - mean) / (variance + epsilon).squareRoot() + beta }
    return Normalized(
      z: rectified ? z.map { max($0, 0) } : z, mean: mean, variance: variance)
  }

  /// The gradients of y, γ and β from that of z, every term of the chain rule written out.
  package static func normalizationGradients(
    _ y: [Float], dz: [Float], gamma: Double, beta: Double, epsilon: Double, rectified: Bool
  ) -> (dy: [Double], dGamma: Double, dBeta: Double) {
    let n = Double(y.count)
    let forward = normalize(y, gamma: gamma, beta: beta, epsilon: epsilon, rectified: rectified)
    let inverse = 1 / (forward.variance + epsilon).squareRoot()
    let normal = y.map { (Double($0) - forward.mean) * inverse }
    let g = dz.indices.map { rectified && forward.z[$0] <= 0 ? 0 : Double(dz[$0]) }
    let dBeta = g.reduce(0, +)
    let dGamma = zip(g, normal).reduce(0) { $0 + $1.0 * $1.1 }
    let dNormal = g.map { $0 * gamma }
    let dVariance =
      zip(dNormal, y).reduce(0) { $0 + $1.0 * (Double($1.1) - forward.mean) } * -0.5 * inverse
      * inverse * inverse
    let dMean = -dNormal.reduce(0, +) * inverse
    let dy = y.indices.map {
      dNormal[$0] * inverse + dVariance * 2 * (Double(y[$0]) - forward.mean) / n + dMean / n
    }
    return (dy, dGamma, dBeta)
  }
}
