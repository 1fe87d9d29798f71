package import Datasets
package import Experiments

extension DatasetCatalogue {
  /// Sentences of the built-in corpus unless a config says otherwise.
  private static let (builtInTraining, builtInTesting) = (64, 12)
  /// The most sentences that are made: they are kept in memory.
  private static let mostBuiltIn = 10_000

  /// The speech and noise of a config.
  /// - Throws: `DatasetError` for files that are missing, unreadable, silent or of different rates,
  ///   `EngineError` for more built-in sentences than memory should hold.
  package static func speech(_ config: DatasetConfig, seed: UInt64) throws -> SpeechCorpus {
    guard config.kind == .speech else {
      let train = config.trainSamples ?? builtInTraining
      let test = config.testSamples ?? builtInTesting
      guard train + test <= mostBuiltIn else {
        throw EngineError.unsupported(
          "dataset.train_samples: found \(train + test) sentences with those for testing, expected "
            + "at most \(mostBuiltIn) built-in ones")
      }
      return try ProceduralSpeech.generate(
        seed: seed, rate: config.sampleRate ?? 8000, trainSentences: train, testSentences: test)
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
