package import Datasets
package import Experiments

extension DatasetCatalogue {
  /// Sentences of the built-in corpus unless a config says otherwise.
  private static let (builtInTraining, builtInTesting) = (64, 12)
  /// The most sentences that are made at 8 kHz, fewer at higher rates: they are kept in memory.
  private static let mostBuiltIn = 10_000

  /// The speech and noise of a config.
  /// - Throws: `DatasetError` for files that are missing, unreadable, silent or of different rates,
  ///   `EngineError` for more built-in sentences than memory should hold.
  package static func speech(_ config: DatasetConfig, seed: UInt64) throws -> SpeechCorpus {
    guard config.kind == .speech else {
      let train = config.trainSamples ?? builtInTraining
      let test = config.testSamples ?? builtInTesting
      let rate = config.sampleRate ?? 8000
      let most = rate > 8000 ? mostBuiltIn * 8000 / rate : mostBuiltIn
      guard train + test <= most else {
        throw EngineError.unsupported(
          "dataset.train_samples: found \(train + test) sentences with those for testing, expected "
            + "at most \(most) built-in ones of \(rate) Hz")
      }
      return try ProceduralSpeech.generate(
        seed: seed, rate: rate, trainSentences: train, testSentences: test)
    }
    let corpus = try SpeechFolder.load(try folder(config), rate: config.sampleRate)
    return try SpeechCorpus(
      name: corpus.name, rate: corpus.rate,
      sentences: SpeechCorpus.Split(
        training: Array(corpus.sentences.training.prefix(config.trainSamples ?? .max)),
        testing: Array(corpus.sentences.testing.prefix(config.testSamples ?? .max))),
      scenes: corpus.scenes)
  }
}
