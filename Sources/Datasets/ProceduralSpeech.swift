internal import Foundation
internal import Tensors

/// A built-in, seeded corpus of what is like speech in three kinds of noise; needs no file.
///
/// A sentence is a row of voiced syllables: harmonics of a gliding pitch under gliding formants, some with a
/// hiss before them, and pauses between. What tells it from the noise is its structure in time and
/// frequency, and the scenes differ in where their noise lies (`ProceduralNoise`), so each rewards another
/// mask.
public enum ProceduralSpeech {
  /// The scenes, in the order of their subsets.
  public static let sceneNames = ProceduralNoise.Kind.allCases.map(\.rawValue)

  /// Generates a corpus.
  /// - Parameters:
  ///   - seed: equal seeds give equal samples; sounds for training and testing come from different
  ///     streams.
  ///   - rate: samples per second.
  ///   - trainSentences: sentences for training; as many seconds of noise per scene.
  ///   - testSentences: sentences for testing.
  /// - Throws: `DatasetError.impossible` without sentences for both.
  public static func generate(
    seed: UInt64, rate: Int = 8000, trainSentences: Int, testSentences: Int
  ) throws -> SpeechCorpus {
    try SpeechCorpus(
      name: "procedural speech", rate: rate,
      sentences: SpeechCorpus.Split(
        training: sentences(trainSentences, seed, rate, "procedural training speech"),
        testing: sentences(testSentences, seed, rate, "procedural test speech")),
      scenes: ProceduralNoise.Kind.allCases.enumerated().map { index, kind in
        func recordings(_ sentences: Int, _ purpose: String) -> [Waveform] {
          (0..<(sentences + 3) / 4).map { recording in
            var random = RandomStream(seed: seed, purpose: purpose, index, recording)
            return ProceduralNoise.recording(kind, rate: rate, seconds: 4, random: &random)
          }
        }
        return SpeechCorpus.Scene(
          name: kind.rawValue,
          noise: SpeechCorpus.Split(
            training: recordings(trainSentences, "procedural training noise"),
            testing: recordings(testSentences, "procedural test noise")))
      })
  }

  private static func sentences(
    _ count: Int, _ seed: UInt64, _ rate: Int, _ purpose: String
  ) -> [Waveform] {
    (0..<count).map { index in
      var random = RandomStream(seed: seed, purpose: purpose, index)
      return sentence(rate: rate, random: &random)
    }
  }

  /// Four to seven syllables of one voice, a peak of 0.5.
  static func sentence(rate: Int, random: inout RandomStream) -> Waveform {
    let voice = random.between(95, 230)
    var samples: [Float] = []
    for _ in 0..<4 + random.index(below: 4) {
      if random.index(below: 3) == 0 { samples += hiss(rate: rate, random: &random) }
      samples += syllable(voice: voice, rate: rate, random: &random)
      samples += [Float](repeating: 0, count: Int(random.between(0.02, 0.14) * Double(rate)))
    }
    let peak = samples.reduce(0) { max($0, abs($1)) }
    return Waveform(rate: rate, samples: samples.map { $0 * 0.5 / max(peak, 1e-6) })
  }

  /// Harmonics of a pitch that glides, with weights from three formants that glide too.
  private static func syllable(
    voice: Double, rate: Int, random: inout RandomStream
  ) -> [Float] {
    let count = Int(random.between(0.16, 0.38) * Double(rate))
    func glide(_ low: Double, _ high: Double) -> (from: Double, to: Double) {
      (random.between(low, high), random.between(low, high))
    }
    let pitch = glide(voice * 0.8, voice * 1.25)
    let formants = [
      (glide(280, 800), 90.0, 1.0), (glide(900, 2200), 140.0, 0.6), (glide(2400, 3300), 220.0, 0.3),
    ]
    let loudness = random.between(0.5, 1)
    var phase = random.between(0, 2 * .pi)
    var weights: [Double] = []
    return (0..<count).map { n in
      let place = Double(n) / Double(count)
      let frequency = pitch.from + (pitch.to - pitch.from) * place
      if n % 64 == 0 {
        let highest = min(4000, 0.48 * Double(rate))
        weights = (1...max(1, Int(highest / frequency))).map { harmonic in
          formants.reduce(0.02) { sum, formant in
            let (center, width, strength) = formant
            let middle = center.from + (center.to - center.from) * place
            let away = (Double(harmonic) * frequency - middle) / width
            return sum + strength / (1 + away * away)
          }
        }
      }
      phase += 2 * .pi * frequency / Double(rate)
      // sin((k + 1) φ) = 2 cos φ · sin(k φ) − sin((k − 1) φ).
      let double = 2 * cos(phase)
      var (previous, sine) = (0.0, sin(phase))
      var sum = 0.0
      for weight in weights {
        sum += weight * sine
        (previous, sine) = (sine, double * sine - previous)
      }
      let attack = min(1, Double(n) / (0.03 * Double(rate)))
      let release = min(1, Double(count - n) / (0.06 * Double(rate)))
      return Float(sum * loudness * attack * release)
    }
  }

  /// A short unvoiced sound: noise without its low frequencies.
  private static func hiss(rate: Int, random: inout RandomStream) -> [Float] {
    let count = Int(random.between(0.04, 0.1) * Double(rate))
    let loudness = Float(random.between(0.1, 0.3))
    var previous: Float = 0
    return (0..<count).map { n in
      let value = random.normal()
      defer { previous = value }
      let shape = Float(sin(.pi * Double(n) / Double(count)))
      return loudness * shape * (value - previous)
    }
  }
}

extension RandomStream {
  /// Uniform between two values.
  mutating func between(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * Double(uniform())
  }
}
