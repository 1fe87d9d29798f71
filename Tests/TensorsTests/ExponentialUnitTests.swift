import Foundation
import Tensors
import Testing

@Suite struct ExponentialUnitTests {
  /// Vectors from values, sixteen at a time.
  func buffer(_ values: [Float]) -> FloatBuffer { FloatBuffer(values) }

  @Test("the exponential to a few units in the last place, also near zero and far below")
  func accuracy() {
    let values: [Float] = (0..<4096).map { -pow(10, Float($0) / 4095 * 12 - 10) } + [0, -0.0]
    let padded = values + [Float](repeating: 0, count: (16 - values.count % 16) % 16)
    let (x, z) = (buffer(padded), FloatBuffer(count: padded.count))
    ExponentialUnit.apply(
      x.lanes, Normalization.Coefficients(), presence: Lanes(repeating: 1), into: z.lanes,
      count: padded.count / 16)
    for (index, value) in values.enumerated() {
      let expected = expm1(Double(value))
      #expect(abs(Double(z[index]) - expected) <= 4e-7 * abs(expected), "\(value)")
    }
  }

  @Test("normalisation and unit against the plain form, forward and by differences backward")
  func normalizedUnit() {
    let count = 16 * 5
    let y = normals(count, "unit")
    let dz = normals(count, "unit slopes")
    let (gamma, beta, epsilon) = (1.3, -0.2, 1e-5)
    let expected = Reference.exponentialUnit(y, gamma: gamma, beta: beta, epsilon: epsilon)
    let forward = Reference.normalize(
      y, gamma: gamma, beta: beta, epsilon: epsilon, rectified: false)
    let inverse = 1 / (forward.variance + epsilon).squareRoot()
    var numbers = Normalization.Coefficients(
      scale: Float(gamma * inverse), shift: Float(beta - forward.mean * gamma * inverse),
      mean: Float(forward.mean))
    let (source, slope) = (buffer(y), buffer(dz))
    let (z, dy) = (FloatBuffer(count: count), FloatBuffer(count: count))
    let ones = Lanes(repeating: 1)
    ExponentialUnit.apply(
      source.lanes, numbers, presence: ones, into: z.lanes, count: count / 16)
    #expect(deviation(z.values, expected) < 1e-6)

    let sums = ExponentialUnit.gradientSums(
      dz: slope.lanes, source.lanes, numbers, count: count / 16)
    numbers.gain = Float(gamma * inverse)
    numbers.offset = sums.sum / Float(count)
    numbers.slope = Float(Double(sums.products) * inverse * inverse / Double(count))
    ExponentialUnit.backward(
      dz: slope.lanes, source.lanes, numbers, presence: ones, into: dy.lanes, count: count / 16)
    func loss(_ y: [Float]) -> Double {
      zip(Reference.exponentialUnit(y, gamma: gamma, beta: beta, epsilon: epsilon), dz)
        .reduce(0) { $0 + $1.0 * Double($1.1) }
    }
    let differences = y.indices.map { place in
      var (up, down) = (y, y)
      up[place] += 0x1p-10
      down[place] -= 0x1p-10
      return (loss(up) - loss(down)) / 0x1p-9
    }
    #expect(deviation(dy.values, differences) < 1e-3)
  }

  @Test("padding lanes hold zeros")
  func presence() {
    var presence = Lanes(repeating: 1)
    presence[15] = 0
    let (y, z) = (buffer(normals(32, "padding")), FloatBuffer(count: 32))
    let numbers = Normalization.Coefficients(scale: 1, shift: 0.5, gain: 2, offset: 1, slope: 1)
    ExponentialUnit.apply(y.lanes, numbers, presence: presence, into: z.lanes, count: 2)
    #expect(z[15] == 0 && z[31] == 0 && z[14] != 0)
    ExponentialUnit.backward(
      dz: y.lanes, y.lanes, numbers, presence: presence, into: z.lanes, count: 2)
    #expect(z[15] == 0 && z[31] == 0 && z[30] != 0)
  }
}
