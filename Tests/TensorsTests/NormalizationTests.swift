import Tensors
import Testing

@Suite struct NormalizationTests {
  @Test(arguments: [(1, 3, true), (16, 4, false), (21, 9, true), (48, 1, false)])
  func matchesTheReference(samples: Int, pixels: Int, rectified: Bool) {
    let (gamma, beta, epsilon) = (0.8, 0.3, 1e-5)
    let y = normals(samples * pixels, "y").map { 2 * $0 + 1 }
    let dz = normals(samples * pixels, "dz")
    let expected = Reference.normalize(
      y, gamma: gamma, beta: beta, epsilon: epsilon, rectified: rectified)
    let input = batch(y, samples: samples, channels: 1, pixels: pixels)
    let slope = batch(dz, samples: samples, channels: 1, pixels: pixels)
    let n = Double(samples * pixels)

    var (sum, squares) = (0.0, 0.0)
    for group in 0..<input.groups {
      let part = Normalization.sums(
        input.planes.plane(group: group, channel: 0), pixels: pixels)
      sum += Double(part.sum)
      squares += Double(part.squares)
    }
    #expect(abs(sum / n - expected.mean) < 1e-5)
    let variance = squares / n - (sum / n) * (sum / n)
    #expect(abs(variance - expected.variance) < 1e-4 * expected.variance)

    let inverse = 1 / (expected.variance + epsilon).squareRoot()
    let (scale, shift) = (Float(gamma * inverse), Float(beta - expected.mean * gamma * inverse))
    let z = LaneBatch(channels: 1, pixels: pixels, capacity: samples)
    let dy = LaneBatch(channels: 1, pixels: pixels, capacity: samples)
    let shape = Normalization.Rectangle(pixels: pixels)
    var sums = (0.0, 0.0)
    for group in 0..<input.groups {
      let plane = input.planes.plane(group: group, channel: 0)
      Normalization.apply(
        plane, scale: scale, shift: shift, rectified: rectified,
        presence: input.presence(group: group),
        into: z.planes.plane(group: group, channel: 0), shape)
      let part = Normalization.gradientSums(
        dz: slope.planes.plane(group: group, channel: 0), plane, mean: Float(expected.mean),
        scale: scale, shift: shift, rectified: rectified, pixels: pixels)
      sums.0 += Double(part.sum)
      sums.1 += Double(part.products)
    }
    #expect(deviation(values(z), expected.z) < 1e-5)

    let gradients = Reference.normalizationGradients(
      y, dz: dz, gamma: gamma, beta: beta, epsilon: epsilon, rectified: rectified)
    #expect(abs(sums.0 - gradients.dBeta) < 1e-4)
    #expect(abs(sums.1 * inverse - gradients.dGamma) < 1e-4)
    let coefficients = Normalization.Coefficients(
      scale: scale, shift: shift, mean: Float(expected.mean), gain: Float(gamma * inverse),
      offset: Float(sums.0 / n), slope: Float(sums.1 * inverse * inverse / n))
    for group in 0..<input.groups {
      Normalization.backward(
        dz: slope.planes.plane(group: group, channel: 0),
        input.planes.plane(group: group, channel: 0), coefficients, rectified: rectified,
        presence: input.presence(group: group),
        into: dy.planes.plane(group: group, channel: 0), shape)
    }
    #expect(deviation(values(dy), gradients.dy) < 1e-4)
    // Padding stays silent.
    for batch in [z, dy] {
      let padding = batch.groups * 16 - samples
      let last = batch.planes.plane(group: batch.groups - 1, channel: 0)
      for lane in (16 - padding)..<16 {
        for pixel in 0..<pixels { #expect(last[pixel][lane] == 0) }
      }
    }
  }

  @Test(arguments: [1, 4, 9])
  func sumsOfTwoPlanesAreThoseOfTheirParts(pixels: Int) {
    let first = batch(normals(16 * pixels, "first"), samples: 16, channels: 1, pixels: pixels)
    let second = batch(normals(16 * pixels, "second"), samples: 16, channels: 1, pixels: pixels)
    let presence = Lanes(lowHalf: SIMD8(repeating: 1), highHalf: .zero)
    let numbers = Normalization.Coefficients(scale: 2, shift: -0.5)
    let z = FloatBuffer(count: 16 * pixels)
    Normalization.add(
      Normalization.Term(first.storage.lanes, numbers, isRectified: true),
      Normalization.Term(second.storage.lanes, .init(), isRectified: false), presence: presence,
      into: z.lanes, pixels: pixels)
    for pixel in 0..<pixels {
      for lane in 0..<16 {
        let expected =
          max(0, 2 * first.storage.lanes[pixel][lane] - 0.5) + second.storage.lanes[pixel][lane]
        let found = z.lanes[pixel][lane]
        #expect(lane < 8 ? abs(found - expected) < 1e-6 : found == 0)
      }
    }
  }

  /// As in PyTorch: a rectifier must not hide that the training has diverged.
  @Test func whatIsNotANumberPassesTheRectifier() {
    let input = batch([.nan, -1, 1], samples: 1, channels: 1, pixels: 3)
    let z = LaneBatch(channels: 1, pixels: 3, capacity: 1)
    Normalization.apply(
      input.planes.base, scale: 2, shift: 0, rectified: true, presence: nil, into: z.planes.base,
      Normalization.Rectangle(pixels: 3))
    #expect(z.planes.base[0][0].isNaN)
    #expect((z.planes.base[1][0], z.planes.base[2][0]) == (0, 2))
  }

  @Test func rectanglesKeepTheirBorder() {
    let y = batch(normals(16 * 6, "y"), samples: 16, channels: 1, pixels: 6)
    let padded = FloatBuffer(count: 16 * 5 * 4)
    Normalization.apply(
      y.storage.lanes, scale: 2, shift: 100, rectified: false, presence: nil,
      into: padded.lanes + 6, Normalization.Rectangle(rows: 2, columns: 3, rowStride: 5))
    for row in 0..<4 {
      for column in 0..<5 {
        let inside = (1...2).contains(row) && (1...3).contains(column)
        let value = padded.lanes[row * 5 + column]
        if inside {
          #expect(value == 2 * y.storage.lanes[(row - 1) * 3 + column - 1] + 100)
        } else {
          #expect(value == .zero)
        }
      }
    }
  }
}
