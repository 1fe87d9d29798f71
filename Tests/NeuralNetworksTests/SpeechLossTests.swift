import NeuralNetworks
import Tensors
import Testing

@Suite struct SpeechLossTests {
  func random(_ count: Int, _ purpose: String) -> [Float] {
    var stream = RandomStream(seed: 31, purpose: purpose)
    return (0..<count).map { _ in stream.normal() }
  }

  func wsdr(_ x: [Float], _ y: [Float], _ e: [Float]) -> (loss: Double, gradient: [Float]) {
    var gradient = [Float](repeating: .nan, count: e.count)
    let loss = x.withUnsafeBufferPointer { x in
      y.withUnsafeBufferPointer { y in
        e.withUnsafeBufferPointer { e in
          gradient.withUnsafeMutableBufferPointer {
            WeightedSDR.evaluate(noisy: x, clean: y, estimate: e, gradient: $0)
          }
        }
      }
    }
    return (loss, gradient)
  }

  @Test func weightedSDRHasItsEndsAndDifferences() {
    let (y, z) = (random(40, "clean"), random(40, "noise"))
    let x = zip(y, z).map { $0 + $1 }
    #expect(abs(wsdr(x, y, y).loss + 1) < 1e-6)
    // The opposite of the speech, and noise that is estimated as it is: −(−α) − (1 − α) · …
    #expect(wsdr(x, y, y.map { -$0 }).loss > 0)
    let e = random(40, "estimate")
    let gradient = wsdr(x, y, e).gradient
    for place in e.indices {
      var (up, down) = (e, e)
      up[place] += 0x1p-7
      down[place] -= 0x1p-7
      let slope = (wsdr(x, y, up).loss - wsdr(x, y, down).loss) / 0x1p-6
      #expect(abs(slope - Double(gradient[place])) < 2e-5)
    }
  }

  @Test func silenceHasNoGradientAndIsNoTrap() {
    let (y, zero) = (random(8, "clean"), [Float](repeating: 0, count: 8))
    for (x, clean, estimate) in [(y, y, zero), (zero, zero, y), (y, zero, y), (zero, zero, zero)] {
      let (loss, gradient) = wsdr(x, clean, estimate)
      #expect(loss.isFinite && gradient.allSatisfy(\.isFinite))
    }
    #expect(wsdr(y, y, zero).loss == 0)
    #expect(wsdr(y, y, zero).gradient == zero)
    #expect(ScaleInvariantSNR.decibels(of: zero, to: y) == -100)
    #expect(ScaleInvariantSNR.decibels(of: y, to: y.map { 2 * $0 + 1 }) >= 99)
  }

  @Test func scaleInvariantSNRIgnoresScaleAndMean() {
    let (y, z) = (random(500, "clean"), random(500, "noise"))
    let noisy = zip(y, z).map { $0 + 0.5 * $1 }
    let plain = ScaleInvariantSNR.decibels(of: noisy, to: y)
    let other = ScaleInvariantSNR.decibels(of: noisy.map { 3 * $0 - 2 }, to: y.map { 0.1 * $0 + 5 })
    #expect(abs(plain - other) < 1e-3)
    // Independent noise of a quarter of the power: about 6 dB.
    #expect(abs(plain - 6) < 1)
    let better = zip(y, z).map { $0 + 0.05 * $1 }
    let gain = ScaleInvariantSNR.improvement(of: better, over: noisy, to: y)
    #expect(abs(gain - 20) < 0.5)
  }

  @Test func aMaskOfOneGivesTheNoisySoundBack() {
    let framing = Framing(window: 32, hop: 8)
    let pool = WorkerPool(threads: 2)
    let loss = EnhancementLoss(framing: framing, samples: 333, capacity: 2, pool: pool)
    let noisy = [random(333, "one"), random(333, "two")]
    let (input, outputs) = (loss.shape.batch(samples: 2), loss.shape.batch(samples: 2))
    loss.prepare(noisy: noisy, into: input)
    for sample in 0..<2 {
      for frame in 0..<loss.shape.frames {
        for bin in 0..<loss.shape.bins {
          outputs.storage[
            loss.shape.offset(in: outputs, sample: sample, channel: 0, frame: frame, bin: bin)] = 1
        }
      }
    }
    for (sound, expected) in zip(loss.enhanced(outputs: outputs), noisy) {
      #expect(zip(sound, expected).allSatisfy { abs($0 - $1) < 1e-5 })
    }
    #expect(abs(loss.evaluate(outputs: outputs, clean: noisy) + 1) < 1e-5)
  }
}
