internal import Foundation
internal import Tensors

/// Mixes clean sentences with the noise of a scene at drawn ratios of their powers.
///
/// Everything that is drawn comes from a stream of its own example, so an example depends on seed, scene,
/// epoch and index alone.
public struct SpeechMixer: Sendable {
  /// What is mixed.
  public let corpus: SpeechCorpus
  /// The signal-to-noise ratios that are drawn, uniformly, in decibels.
  public let decibels: ClosedRange<Float>
  /// The run's seed.
  public let seed: UInt64

  /// One mixture and what it was mixed from.
  public struct Example: Sendable, Equatable {
    /// Speech alone.
    public let clean: [Float]
    /// Speech and noise.
    public let noisy: [Float]
    /// The ratio of their powers in decibels.
    public let decibels: Float
    /// Which of the sentences.
    public let sentence: Int
    /// Which of the scene's recordings.
    public let noise: Int
  }

  /// A mixer of a corpus.
  public init(_ corpus: SpeechCorpus, decibels: ClosedRange<Float>, seed: UInt64) {
    (self.corpus, self.decibels, self.seed) = (corpus, decibels, seed)
  }

  /// A training example: a stretch of a sentence and of a recording, either looped where it is too short.
  ///
  /// An epoch goes through the sentences in an order of its own; an index beyond them begins anew with
  /// other stretches.
  /// - Parameters:
  ///   - scene: index of the scene.
  ///   - samples: length of the stretch.
  public func training(scene: Int, epoch: Int, index: Int, samples: Int) -> Example {
    let sentences = corpus.sentences.training
    let noises = corpus.scenes[scene].noise.training
    var order = Array(sentences.indices)
    var shuffling = RandomStream(seed: seed, purpose: "order of sentences", scene, epoch)
    shuffling.shuffle(&order)
    var random = RandomStream(seed: seed, purpose: "speech mixture", scene, epoch, index)
    let sentence = order[index % order.count]
    let noise = random.index(below: noises.count)
    return mixed(
      Self.stretch(of: sentences[sentence], samples: samples, &random),
      Self.stretch(of: noises[noise], samples: samples, &random), &random,
      sentence: sentence, noise: noise)
  }

  /// A test example: a whole sentence that training never hears in noise that it never hears.
  /// - Parameters:
  ///   - scene: index of the scene.
  ///   - take: each is another mixture of the sentence.
  public func testing(scene: Int, sentence: Int, take: Int = 0) -> Example {
    let clean = corpus.sentences.testing[sentence]
    let noises = corpus.scenes[scene].noise.testing
    var random = RandomStream(seed: seed, purpose: "speech test mixture", scene, sentence, take)
    let noise = random.index(below: noises.count)
    return mixed(
      clean.samples, Self.stretch(of: noises[noise], samples: clean.samples.count, &random),
      &random, sentence: sentence, noise: noise)
  }

  /// Speech with the noise at a drawn ratio.
  private func mixed(
    _ clean: [Float], _ noise: [Float], _ random: inout RandomStream, sentence: Int,
    noise recording: Int
  ) -> Example {
    let ratio =
      decibels.lowerBound + (decibels.upperBound - decibels.lowerBound) * random.uniform()
    let powers = (Waveform.power(clean[...]), Waveform.power(noise[...]))
    let gain = Float((powers.0 / powers.1 / pow(10, Double(ratio) / 10)).squareRoot())
    return Example(
      clean: clean, noisy: zip(clean, noise).map { $0 + gain * $1 }, decibels: ratio,
      sentence: sentence, noise: recording)
  }

  /// Tries to find a stretch that can be heard; then the one around the loudest sample is taken.
  private static let patience = 8

  /// A stretch of a sound from a drawn place on, looped where the sound is too short; one in which there
  /// is next to nothing to hear, as in a pause between two words, is drawn anew.
  static func stretch(
    of sound: Waveform, samples: Int, _ random: inout RandomStream
  ) -> [Float] {
    let count = sound.samples.count
    func from(_ start: Int) -> [Float] {
      (0..<samples).map { sound.samples[(start + $0) % count] }
    }
    guard count > samples else { return from(random.index(below: count)) }
    let audible = 1e-4 * sound.power
    for _ in 0..<patience {
      let start = random.index(below: count - samples + 1)
      if Waveform.power(sound.samples[start..<start + samples]) > audible { return from(start) }
    }
    let loudest = sound.samples.indices.max { abs(sound.samples[$0]) < abs(sound.samples[$1]) } ?? 0
    return from(max(0, min(loudest - samples / 2, count - samples)))
  }
}
