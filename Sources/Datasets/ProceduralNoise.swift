internal import Foundation
internal import Tensors

/// Built-in noise of three scenes that lie in different places of time and frequency.
enum ProceduralNoise {
  /// The kinds of scene of paper §4.
  enum Kind: String, CaseIterable {
    /// Hum of the mains, murmur in the band of voices, clinks.
    case indoor
    /// Gusts of wind far below, leaves far above, chirps.
    case outdoor
    /// A drifting engine with its harmonics, the road, clicks of rails.
    case transportation
  }

  /// A recording of a scene, its root mean square 0.1.
  static func recording(
    _ kind: Kind, rate: Int, seconds: Double, random: inout RandomStream
  ) -> Waveform {
    let count = Int(seconds * Double(rate))
    var samples = [Double](repeating: 0, count: count)
    switch kind {
    case .indoor:
      addHarmonics(&samples, rate, base: 50, drift: 0, harmonics: 6, level: 0.5, &random)
      addNoise(&samples, rate, band: 250...900, level: 1, swing: 0.6, &random)
      addNoise(&samples, rate, band: 20...1500, level: 0.3, swing: 0, &random)
      addEvents(&samples, rate, perSecond: 1.5, &random) { random in
        .ringing(frequency: random.between(1800, 3600), decay: 0.02)
      }
    case .outdoor:
      addNoise(&samples, rate, band: 5...120, level: 1.2, swing: 0.9, &random)
      addNoise(&samples, rate, band: 2200...3900, level: 1.1, swing: 0.5, &random)
      addEvents(&samples, rate, perSecond: 2, &random) { random in
        .chirp(from: random.between(2000, 3600), to: random.between(2000, 3600), seconds: 0.09)
      }
    case .transportation:
      let engine = random.between(38, 85)
      addHarmonics(&samples, rate, base: engine, drift: 0.08, harmonics: 14, level: 1, &random)
      addNoise(&samples, rate, band: 60...500, level: 0.8, swing: 0.2, &random)
      addNoise(&samples, rate, band: 500...1600, level: 0.35, swing: 0.2, &random)
      let beat = random.between(1.2, 1.9)
      addClicks(&samples, rate, every: [1 / beat, 0.12 / beat], &random)
    }
    let power = samples.reduce(0) { $0 + $1 * $1 } / Double(count)
    let gain = 0.1 / power.squareRoot()
    return Waveform(rate: rate, samples: samples.map { Float($0 * gain) })
  }

  /// What is heard now and then.
  private enum Sound {
    case ringing(frequency: Double, decay: Double)
    case chirp(from: Double, to: Double, seconds: Double)
  }

  /// A tone with harmonics whose pitch wanders within ± drift of itself.
  private static func addHarmonics(
    _ samples: inout [Double], _ rate: Int, base: Double, drift: Double, harmonics: Int,
    level: Double, _ random: inout RandomStream
  ) {
    let weights = (1...harmonics).map { level * random.between(0.3, 1) / Double($0) }
    let turns = random.between(0.1, 0.3)
    var phase = random.between(0, 2 * .pi)
    for n in samples.indices {
      let time = Double(n) / Double(rate)
      phase += 2 * .pi * base * (1 + drift * sin(2 * .pi * turns * time)) / Double(rate)
      for (index, weight) in weights.enumerated() {
        samples[n] += weight * sin(phase * Double(index + 1))
      }
    }
  }

  /// Noise of a band, its loudness swinging slowly.
  private static func addNoise(
    _ samples: inout [Double], _ rate: Int, band: ClosedRange<Double>, level: Double,
    swing: Double, _ random: inout RandomStream
  ) {
    func share(_ frequency: Double) -> Double {
      1 - exp(-2 * .pi * min(frequency, 0.45 * Double(rate)) / Double(rate))
    }
    let (low, high) = (share(band.lowerBound), share(band.upperBound))
    var (fast, faster, slow) = (0.0, 0.0, 0.0)
    let filtered = samples.map { _ in
      fast += high * (Double(random.normal()) - fast)
      faster += high * (fast - faster)
      slow += low * (faster - slow)
      return faster - slow
    }
    let power = filtered.reduce(0) { $0 + $1 * $1 } / Double(filtered.count)
    let gain = level / max(power.squareRoot(), 1e-12)
    let waves = (0..<3).map { _ in (random.between(0.2, 2.5), random.between(0, 2 * .pi)) }
    for n in samples.indices {
      let time = Double(n) / Double(rate)
      let wave = waves.reduce(0) { $0 + sin(2 * .pi * $1.0 * time + $1.1) } / 3
      samples[n] += gain * filtered[n] * (1 + swing * wave)
    }
  }

  /// Sounds at drawn moments.
  private static func addEvents(
    _ samples: inout [Double], _ rate: Int, perSecond: Double, _ random: inout RandomStream,
    _ draw: (inout RandomStream) -> Sound
  ) {
    let count = Int((Double(samples.count) / Double(rate) * perSecond).rounded())
    for _ in 0..<count {
      let start = random.index(below: samples.count)
      let loudness = random.between(0.8, 2.5)
      let sound = draw(&random)
      for n in 0..<min(rate / 4, samples.count - start) {
        let time = Double(n) / Double(rate)
        switch sound {
        case .ringing(let frequency, let decay):
          samples[start + n] += loudness * exp(-time / decay) * sin(2 * .pi * frequency * time)
        case .chirp(let from, let to, let seconds):
          guard time < seconds else { break }
          let angle = 2 * .pi * (from * time + (to - from) * time * time / (2 * seconds))
          samples[start + n] += loudness * sin(.pi * time / seconds) * sin(angle)
        }
      }
    }
  }

  /// Pairs of clicks, as of wheels over a joint of the rails.
  private static func addClicks(
    _ samples: inout [Double], _ rate: Int, every gaps: [Double], _ random: inout RandomStream
  ) {
    var time = random.between(0, gaps[0])
    var click = 0
    while Int(time * Double(rate)) < samples.count {
      let start = Int(time * Double(rate))
      let loudness = random.between(2, 4)
      for n in 0..<min(rate / 20, samples.count - start) {
        let fade = exp(-Double(n) / (0.008 * Double(rate)))
        samples[start + n] += loudness * fade * Double(random.normal())
      }
      time += click % 2 == 0 ? gaps[1] : gaps[0] - gaps[1]
      click += 1
    }
  }
}
