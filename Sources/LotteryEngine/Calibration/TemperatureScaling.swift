internal import Foundation

/// The temperature by which logits are divided so that what they claim comes true as often as they say.
///
/// It is 1 / β for the β at which the mean negative log likelihood of the calibration images is least.
/// The likelihood is convex in β, so the least is where its slope passes zero.
package enum TemperatureScaling {
  /// The values of β that are looked through: temperatures from 0.01 to 100.
  package static let inverseTemperatures = 0.01...100.0

  /// The temperature of binary logits z with score σ(β z + shift).
  package static func fit(logits: [Double], isMember: [Bool], shift: Double) -> Double {
    1
      / minimum(in: inverseTemperatures) { beta in
        var (slope, curvature) = (0.0, 0.0)
        for (z, isMember) in zip(logits, isMember) {
          let p = sigmoid(beta * z + shift)
          slope += (p - (isMember ? 1 : 0)) * z
          curvature += p * (1 - p) * z * z
        }
        return (slope, curvature)
      }
  }

  /// The temperature of logits of several classes with scores softmax(β z).
  /// - Parameters:
  ///   - logits: `[sample][class]`, flat.
  ///   - labels: the class of each sample.
  package static func fit(logits: [Double], labels: [Int], classes: Int) -> Double {
    1
      / minimum(in: inverseTemperatures) { beta in
        var (slope, curvature) = (0.0, 0.0)
        for (sample, label) in labels.enumerated() {
          let row = logits[sample * classes..<(sample + 1) * classes]
          let p = softmax(row, beta: beta)
          let mean = zip(p, row).reduce(0) { $0 + $1.0 * $1.1 }
          slope += mean - row[row.startIndex + label]
          curvature += zip(p, row).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) }
        }
        return (slope, curvature)
      }
  }

  /// Where a convex function of one variable is least in a range: Newton's steps, halved intervals where
  /// such a step would leave the part that still can hold it.
  /// - Parameter slope: first and second derivative at a place.
  package static func minimum(
    in range: ClosedRange<Double>, slope: (Double) -> (first: Double, second: Double)
  ) -> Double {
    var (low, high) = (range.lowerBound, range.upperBound)
    if slope(low).first >= 0 { return low }
    if slope(high).first <= 0 { return high }
    var place = min(max(1, low), high)
    for _ in 0..<200 {
      let (first, second) = slope(place)
      if first == 0 { return place }
      if first < 0 { low = place } else { high = place }
      let newton = place - first / second
      // In a range over four powers of ten the middle is that of the logarithms.
      let middle = low > 0 ? (low * high).squareRoot() : (low + high) / 2
      let next = newton > low && newton < high ? newton : middle
      if abs(next - place) <= 1e-12 * abs(place) { return next }
      place = next
    }
    return place
  }

  /// 1 / (1 + e⁻ˣ) without overflow.
  package static func sigmoid(_ x: Double) -> Double {
    let e = exp(-abs(x))
    return x >= 0 ? 1 / (1 + e) : e / (1 + e)
  }

  /// e^(β z) over its sum, without overflow.
  package static func softmax(_ logits: ArraySlice<Double>, beta: Double) -> [Double] {
    let highest = logits.max() ?? 0
    let powers = logits.map { exp(beta * ($0 - highest)) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}
