import Datasets
import Foundation
import Tensors
import Testing

struct SpeechCorpusTests {
  private func corpus(seed: UInt64 = 3, sentences: Int = 6) throws -> SpeechCorpus {
    try ProceduralSpeech.generate(seed: seed, trainSentences: sentences, testSentences: 4)
  }

  private func tone(_ frequency: Double, _ count: Int, rate: Int = 8000) -> Waveform {
    Waveform(
      rate: rate,
      samples: (0..<count).map {
        Float(0.5 * sin(2 * .pi * frequency * Double($0) / Double(rate)))
      })
  }

  private func power(_ samples: [Float]) -> Double { Waveform(rate: 1, samples: samples).power }

  // MARK: Built-in corpus

  @Test(
    "the built-in corpus has the paper's scenes, other sounds for testing, and the same each time")
  func procedural() throws {
    let corpus = try corpus()
    #expect(corpus.scenes.map(\.name) == ["indoor", "outdoor", "transportation"])
    #expect(corpus.sentences.training.count == 6 && corpus.sentences.testing.count == 4)
    let again = try self.corpus()
    #expect(again.sentences.training == corpus.sentences.training)
    #expect(again.scenes.map(\.noise.testing) == corpus.scenes.map(\.noise.testing))
    #expect(try self.corpus(seed: 4).sentences.training != corpus.sentences.training)
    // Fewer sentences are the first of more.
    #expect(
      try self.corpus(sentences: 2).sentences.training
        == Array(corpus.sentences.training.prefix(2)))
    for sound in corpus.sentences.training {
      #expect(!corpus.sentences.testing.contains(sound))
      #expect((0.7...5).contains(sound.seconds))
      #expect(sound.samples.allSatisfy { $0.isFinite && abs($0) <= 0.5001 })
    }
    for scene in corpus.scenes {
      for sound in scene.noise.training + scene.noise.testing {
        #expect(abs(sound.power - 0.01) < 1e-4)
        #expect(!scene.noise.training.contains(sound) || !scene.noise.testing.contains(sound))
      }
    }
  }

  /// The shares of power below 500 Hz, up to 2 kHz and above.
  private func bands(_ sound: Waveform) -> [Double] {
    let framing = Framing(rate: sound.rate)
    let frames = framing.frames(samples: sound.samples.count)
    let spectra = FloatBuffer(count: 2 * frames * framing.bins)
    sound.samples.withUnsafeBufferPointer {
      ShortTimeFourier(framing).transform($0, into: spectra.pointer)
    }
    var sums = [0.0, 0.0, 0.0]
    for place in 0..<frames * framing.bins {
      let frequency = Double(place % framing.bins) * Double(sound.rate) / Double(framing.window)
      let (real, imaginary) = (spectra[place], spectra[frames * framing.bins + place])
      sums[frequency < 500 ? 0 : frequency < 2000 ? 1 : 2] +=
        Double(real * real + imaginary * imaginary)
    }
    let total = sums.reduce(0, +)
    return sums.map { $0 / total }
  }

  @Test("the scenes' noise lies in different places, and speech in all of them")
  func sceneSpectra() throws {
    let corpus = try corpus()
    let shares = corpus.scenes.map { scene in
      let all = scene.noise.training.map(bands)
      return (0..<3).map { band in all.reduce(0) { $0 + $1[band] } / Double(all.count) }
    }
    let (indoor, outdoor, transportation) = (shares[0], shares[1], shares[2])
    #expect(indoor[1] > outdoor[1] && indoor[1] > transportation[1])
    #expect(outdoor[2] > 2 * indoor[2] && outdoor[2] > 2 * transportation[2])
    #expect(transportation[0] > 0.6)
    let speech = corpus.sentences.training.map(bands)
    #expect(speech.contains { $0[0] > 0.2 } && speech.contains { $0[1] > 0.2 })
  }

  @Test("a corpus without something is refused with what is missing")
  func incomplete() throws {
    #expect(throws: DatasetError.self) {
      try ProceduralSpeech.generate(seed: 1, trainSentences: 0, testSentences: 1)
    }
    let split = SpeechCorpus.Split(training: [tone(440, 80)], testing: [tone(300, 80)])
    func error(_ sentences: SpeechCorpus.Split, _ scenes: [SpeechCorpus.Scene]) -> String {
      do {
        _ = try SpeechCorpus(name: "c", rate: 8000, sentences: sentences, scenes: scenes)
        return "none"
      } catch { return "\(error)" }
    }
    let scene = SpeechCorpus.Scene(name: "street", noise: split)
    #expect(error(split, [scene]) == "none")
    #expect(error(split, []) == "c: found no scene with noise, expected at least one")
    let half = SpeechCorpus.Split(training: [tone(440, 80)], testing: [])
    #expect(
      error(split, [SpeechCorpus.Scene(name: "car", noise: half)])
        == "c: scene 'car': found no sound for testing, expected at least one")
    let other = SpeechCorpus.Split(
      training: [tone(440, 80, rate: 16_000)], testing: [tone(300, 80)])
    #expect(
      error(other, [scene]) == "c: sentences: found 16000 samples per second, expected 8000")
    let silent = SpeechCorpus.Split(
      training: [Waveform(rate: 8000, samples: [0, 0])], testing: [tone(300, 80)])
    #expect(error(silent, [scene]) == "c: sentences: found a silent sound for training")
  }

  // MARK: Mixtures

  @Test("a mixture is speech and noise at the drawn ratio, and the same each time")
  func mixtures() throws {
    let mixer = SpeechMixer(try corpus(), decibels: -5...10, seed: 9)
    var drawn: [Float] = []
    for scene in 0..<3 {
      for index in 0..<12 {
        let example = mixer.training(scene: scene, epoch: 2, index: index, samples: 8000)
        #expect(example.clean.count == 8000 && example.noisy.count == 8000)
        let noise = zip(example.noisy, example.clean).map { $0 - $1 }
        let ratio = 10 * log10(power(example.clean) / power(noise))
        #expect(abs(ratio - Double(example.decibels)) < 0.01)
        #expect((-5...10).contains(example.decibels))
        #expect(example == mixer.training(scene: scene, epoch: 2, index: index, samples: 8000))
        drawn.append(example.decibels)
      }
    }
    #expect((drawn.max() ?? 0) - (drawn.min() ?? 0) > 8)
    let first = mixer.training(scene: 0, epoch: 0, index: 0, samples: 8000)
    #expect(first != mixer.training(scene: 0, epoch: 1, index: 0, samples: 8000))
    #expect(first != mixer.training(scene: 1, epoch: 0, index: 0, samples: 8000))
    let other = SpeechMixer(try corpus(), decibels: -5...10, seed: 10)
    #expect(first != other.training(scene: 0, epoch: 0, index: 0, samples: 8000))
  }

  @Test("an epoch hears every sentence once, in an order of its own")
  func epochs() throws {
    let mixer = SpeechMixer(try corpus(), decibels: 0...0, seed: 9)
    func order(_ epoch: Int) -> [Int] {
      (0..<12).map { mixer.training(scene: 1, epoch: epoch, index: $0, samples: 100).sentence }
    }
    #expect(Set(order(0).prefix(6)) == Set(0..<6) && Set(order(0).suffix(6)) == Set(0..<6))
    #expect(order(0) != order(1))
  }

  @Test("testing takes whole sentences that training never hears")
  func testing() throws {
    let corpus = try corpus()
    let mixer = SpeechMixer(corpus, decibels: 0...5, seed: 9)
    for sentence in corpus.sentences.testing.indices {
      let example = mixer.testing(scene: 2, sentence: sentence)
      #expect(example.clean == corpus.sentences.testing[sentence].samples)
      #expect(!corpus.sentences.training.contains { $0.samples == example.clean })
      #expect(example == mixer.testing(scene: 2, sentence: sentence))
    }
  }

  @Test("short sounds are looped, and a stretch is never a pause")
  func stretches() throws {
    // A tenth of a second of tone in ten seconds of silence.
    var samples = [Float](repeating: 0, count: 80_000)
    samples.replaceSubrange(50_000..<50_800, with: tone(400, 800).samples)
    let word = Waveform(rate: 8000, samples: samples)
    let short = tone(1000, 300)
    let corpus = try SpeechCorpus(
      name: "c", rate: 8000, sentences: .init(training: [word], testing: [word]),
      scenes: [.init(name: "s", noise: .init(training: [short], testing: [short]))])
    let mixer = SpeechMixer(corpus, decibels: 0...0, seed: 1)
    for index in 0..<20 {
      let example = mixer.training(scene: 0, epoch: 0, index: index, samples: 4000)
      #expect(power(example.clean) > 1e-3)
      #expect(example.noisy.allSatisfy { $0.isFinite })
      let noise = zip(example.noisy, example.clean).map { $0 - $1 }
      let differences = zip(noise, noise.dropFirst(300)).map { abs($0 - $1) }
      #expect((differences.max() ?? 1) < 1e-5)
    }
  }

  // MARK: Folders and pictures

  private func write(_ sound: Waveform, _ path: String) throws {
    let url = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try AudioFile.wav(sound).write(to: url)
  }

  private func error(_ path: String, rate: Int? = nil) -> String {
    do {
      _ = try SpeechFolder.load(path, rate: rate)
      return "none"
    } catch { return "\(error)".replacingOccurrences(of: path, with: "F") }
  }

  @Test("a folder keeps every fourth sentence and recording for testing, and says what is wrong")
  func folder() throws {
    let path = FileManager.default.temporaryDirectory.path + "/rtl-speech-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(error(path) == "F: not found; expected a folder with clean/ and noise/SCENE/")
    for index in 0..<8 {
      try write(tone(200 + 50 * Double(index), 4000 + index), "\(path)/clean/sp\(index).wav")
    }
    #expect(error(path) == "F/noise: not found; expected a folder for each scene")
    for index in 0..<4 {
      try write(tone(1000, 5000 + index), "\(path)/noise/street/n\(index).wav")
    }
    try write(tone(1500, 8000), "\(path)/noise/car/long.wav")
    let corpus = try SpeechFolder.load(path)
    #expect(corpus.rate == 8000 && corpus.scenes.map(\.name) == ["car", "street"])
    #expect(corpus.sentences.testing.map(\.samples.count) == [4003, 4007])
    #expect(corpus.sentences.training.count == 6)
    #expect(corpus.scenes[1].noise.testing.map(\.samples.count) == [5003])
    #expect(corpus.scenes[0].noise.training.map(\.samples.count) == [6000])
    #expect(corpus.scenes[0].noise.testing.map(\.samples.count) == [2000])
    #expect(try SpeechFolder.load(path, rate: 16_000).sentences.testing[0].samples.count == 8006)

    try write(tone(1000, 5000, rate: 16_000), "\(path)/noise/street/n9.wav")
    #expect(error(path).hasPrefix("F/noise/street/n9.wav: cannot be read: found 16000 samples"))
    #expect(error(path, rate: 8000) == "none")
    try FileManager.default.removeItem(atPath: "\(path)/noise/street/n9.wav")
    try FileManager.default.createDirectory(
      atPath: "\(path)/noise/empty", withIntermediateDirectories: false)
    #expect(error(path) == "F/noise/empty/*.wav: not found; expected WAV or FLAC files")
    try FileManager.default.removeItem(atPath: "\(path)/noise/empty")
    for index in 3..<8 {
      try FileManager.default.removeItem(atPath: "\(path)/clean/sp\(index).wav")
    }
    #expect(error(path).hasPrefix("F/clean: found 3 sentences, expected at least 4"))
  }

  @Test("a tone is one bright line at its height, and sounds share a scale")
  func pictures() throws {
    let framing = Framing(rate: 8000)
    let (loud, soft) = (tone(1000, 4000), tone(1000, 4000).samples.map { $0 * 0.01 })
    let picture = SpectrogramPicture.draw([loud.samples, soft], framing: framing)
    let (width, bins) = (framing.frames(samples: 4000), framing.bins)
    #expect(picture.width == width && picture.height == 2 * bins + 4 && picture.channels == 3)
    func brightness(_ row: Int) -> Int {
      (0..<3).reduce(0) { $0 + Int(picture.bytes[3 * (row * width + width / 2) + $1]) }
    }
    // 1,000 Hz of 4,000 are a quarter of the way up.
    let line = bins - 1 - (bins - 1) / 4
    #expect(brightness(line) > 600 && brightness(line) > 3 * brightness(line - 40))
    // 40 dB less are half of the scale.
    #expect(brightness(bins + 4 + line) < brightness(line))
    #expect(brightness(bins + 4 + line) > 200)
    #expect(try PictureFile.decode(PictureFile.png(picture), path: "p.png") == picture)
  }
}
