/// Clean speech and the noise of acoustic scenes, each split into what is trained on and what is only
/// tested on (paper §4, §7).
public struct SpeechCorpus: Sendable {
  /// What tells it in reports.
  public let name: String
  /// Samples per second of all its sounds.
  public let rate: Int
  /// Clean sentences.
  public let sentences: Split
  /// Scenes, in the order of their subsets.
  public let scenes: [Scene]

  /// Sounds for training and others for testing.
  public struct Split: Sendable {
    /// Sounds that training may hear.
    public let training: [Waveform]
    /// Sounds that training never hears.
    public let testing: [Waveform]

    /// Sounds that are kept apart.
    public init(training: [Waveform], testing: [Waveform]) {
      (self.training, self.testing) = (training, testing)
    }
  }

  /// An acoustic scene: a subset of the noise.
  public struct Scene: Sendable {
    /// What it is called.
    public let name: String
    /// Its recordings.
    public let noise: Split

    /// A scene of some recordings.
    public init(name: String, noise: Split) { (self.name, self.noise) = (name, noise) }
  }

  /// A corpus of sounds at one rate.
  /// - Throws: `DatasetError.impossible` if there is no scene, or where sentences or a scene's noise are
  ///   missing.
  public init(name: String, rate: Int, sentences: Split, scenes: [Scene]) throws {
    (self.name, self.rate) = (name, rate)
    (self.sentences, self.scenes) = (sentences, scenes)
    guard !scenes.isEmpty else {
      throw DatasetError.impossible("\(name): found no scene with noise, expected at least one")
    }
    try Self.check(sentences, "\(name): sentences", rate)
    for scene in scenes { try Self.check(scene.noise, "\(name): scene '\(scene.name)'", rate) }
  }

  private static func check(_ split: Split, _ what: String, _ rate: Int) throws {
    for (sounds, use) in [(split.training, "training"), (split.testing, "testing")] {
      guard !sounds.isEmpty else {
        throw DatasetError.impossible("\(what): found no sound for \(use), expected at least one")
      }
      if let other = sounds.first(where: { $0.rate != rate }) {
        throw DatasetError.impossible(
          "\(what): found \(other.rate) samples per second, expected \(rate)")
      }
      guard sounds.allSatisfy({ $0.power > 0 }) else {
        throw DatasetError.impossible("\(what): found a silent sound for \(use)")
      }
    }
  }
}
