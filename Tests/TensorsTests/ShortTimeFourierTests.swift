import Foundation
import Tensors
import Testing

@Suite struct ShortTimeFourierTests {
  /// A framing, the lengths of sounds and what they come to.
  static let framings = [
    Framing(window: 16, hop: 4), Framing(window: 64, hop: 16), Framing(window: 10, hop: 5),
  ]

  func spectra(_ fourier: ShortTimeFourier, _ x: [Float]) -> [Float] {
    let framing = fourier.framing
    var result = [Float](
      repeating: .nan, count: 2 * framing.frames(samples: x.count) * framing.bins)
    x.withUnsafeBufferPointer { x in
      result.withUnsafeMutableBufferPointer { spectra in
        spectra.baseAddress.map { fourier.transform(x, into: $0) }
      }
    }
    return result
  }

  func sound(
    _ spectra: [Float], count: Int,
    _ body: (UnsafePointer<Float>, UnsafeMutableBufferPointer<Float>)
      -> Void
  ) -> [Float] {
    var result = [Float](repeating: .nan, count: count)
    spectra.withUnsafeBufferPointer { spectra in
      result.withUnsafeMutableBufferPointer { result in
        if let base = spectra.baseAddress { body(base, result) }
      }
    }
    return result
  }

  func dot(_ a: [Float], _ b: [Float]) -> Double {
    zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }

  @Test("ten seconds at 16 kHz are [2, 626, 513], and the window follows the rate")
  func shapes() {
    let paper = Framing(rate: 16_000)
    #expect(paper == Framing(window: 1024, hop: 256))
    #expect(paper.frames(samples: 160_000) == 626 && paper.bins == 513)
    #expect(Framing(rate: 8000) == Framing(window: 512, hop: 128))
    #expect(Framing(rate: 32_000) == Framing(window: 2048, hop: 512))
    #expect(Framing(rate: 11_025) == Framing(window: 512, hop: 128))
    #expect(Framing(rate: 44_100) == Framing(window: 2048, hop: 512))
  }

  @Test("the definition", arguments: framings)
  func definition(framing: Framing) {
    let x = normals(53, "definition")
    let fourier = ShortTimeFourier(framing)
    let (n, bins) = (framing.window, framing.bins)
    let frames = framing.frames(samples: x.count)
    var expected = [Double](repeating: 0, count: 2 * frames * bins)
    for frame in 0..<frames {
      for bin in 0..<bins {
        for i in 0..<n {
          let place = frame * framing.hop + i - n / 2
          guard x.indices.contains(place) else { continue }
          let weight = 0.5 - 0.5 * cos(2 * .pi * Double(i) / Double(n))
          let angle = -2 * .pi * Double(bin * i) / Double(n)
          expected[frame * bins + bin] += weight * Double(x[place]) * cos(angle)
          expected[(frames + frame) * bins + bin] += weight * Double(x[place]) * sin(angle)
        }
      }
    }
    #expect(deviation(spectra(fourier, x), expected) < 1e-5)
  }

  @Test("the inverse gives the sound back", arguments: framings, [1, 7, 200, 1001])
  func reconstruction(framing: Framing, count: Int) {
    let x = normals(count, "reconstruction", count)
    let fourier = ShortTimeFourier(framing)
    let again = sound(spectra(fourier, x), count: count) { fourier.invert($0, into: $1) }
    #expect(zip(again, x).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test("ten seconds come back")
  func paperReconstruction() {
    let x = normals(160_000, "ten seconds")
    let fourier = ShortTimeFourier(Framing(rate: 16_000))
    let again = sound(spectra(fourier, x), count: x.count) { fourier.invert($0, into: $1) }
    let worst = zip(again, x).map { abs($0 - $1) }.max() ?? 1
    #expect(worst < 1e-5)
  }

  @Test("both backward passes are transposes: <A x, g> = <x, Aᵀ g>", arguments: framings)
  func transposes(framing: Framing) {
    let count = 91
    let fourier = ShortTimeFourier(framing)
    let x = normals(count, "sound")
    let spectraCount = 2 * framing.frames(samples: count) * framing.bins
    let g = normals(spectraCount, "spectra")
    // Transposed, what an inverse does not read gets no gradient.
    let forward = dot(spectra(fourier, x), g)
    let back = sound(g, count: count) { fourier.transformBackward($0, into: $1) }
    #expect(abs(forward - dot(x, back)) < 1e-4 * abs(forward) + 1e-3)
    let inverse = sound(g, count: count) { fourier.invert($0, into: $1) }
    var gradient = [Float](repeating: .nan, count: spectraCount)
    x.withUnsafeBufferPointer { x in
      gradient.withUnsafeMutableBufferPointer { gradient in
        gradient.baseAddress.map { fourier.invertBackward(x, into: $0) }
      }
    }
    #expect(abs(dot(inverse, x) - dot(g, gradient)) < 1e-4)
  }

  @Test("backward passes against finite differences, value by value")
  func differences() {
    let framing = Framing(window: 8, hop: 2)
    let fourier = ShortTimeFourier(framing)
    let count = 13
    let g = normals(2 * framing.frames(samples: count) * framing.bins, "slopes")
    let x = normals(count, "place")
    let gradient = sound(g, count: count) { fourier.transformBackward($0, into: $1) }
    for place in 0..<count {
      var (up, down) = (x, x)
      up[place] += 0.5
      down[place] -= 0.5
      let slope = dot(spectra(fourier, up), g) - dot(spectra(fourier, down), g)
      #expect(abs(slope - Double(gradient[place])) < 1e-4)
    }
    var back = [Float](repeating: .nan, count: g.count)
    x.withUnsafeBufferPointer { x in
      back.withUnsafeMutableBufferPointer { back in
        back.baseAddress.map { fourier.invertBackward(x, into: $0) }
      }
    }
    for place in g.indices {
      var (up, down) = (g, g)
      up[place] += 0.5
      down[place] -= 0.5
      let slope =
        dot(sound(up, count: count) { fourier.invert($0, into: $1) }, x)
        - dot(sound(down, count: count) { fourier.invert($0, into: $1) }, x)
      #expect(abs(slope - Double(back[place])) < 1e-5)
    }
  }
}
