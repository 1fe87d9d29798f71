package import Datasets
package import Experiments
package import NeuralNetworks
package import Tensors

/// Speech enhancement (paper §7): from speech in the noise of a scene to the speech, by a complex mask of
/// its spectra.
///
/// Subnetwork k works in scene k. The baseline is one subnetwork for all scenes, which sees the mixtures of
/// all of them.
package struct SpeechTask: LotteryTask {
  /// The config, with the rate of the files written out.
  package let config: ExperimentConfig
  package let subnetworkNames: [String]
  package let architecture: Architecture
  package let outputs = SpectralUNet.planes
  /// Speech and noise.
  package let corpus: SpeechCorpus
  /// What mixes them for training.
  let mixer: SpeechMixer
  /// How sounds are cut.
  let framing: Framing

  /// Reads or makes the corpus.
  /// - Throws: `DatasetError` for files that are missing, unreadable, silent or of different rates.
  package init(_ config: ExperimentConfig) throws {
    corpus = try DatasetCatalogue.speech(config.dataset, seed: config.seed)
    var config = try ModelCatalogue.withInitialHash(config)
    config.dataset.sampleRate = corpus.rate
    self.config = config
    mixer = SpeechMixer(corpus, decibels: Self.decibels(config.dataset), seed: config.seed)
    framing = Framing(rate: corpus.rate)
    architecture = ModelCatalogue.architecture(of: config)
    subnetworkNames = config.subsets.by == .all ? ["all"] : corpus.scenes.map(\.name)
  }

  /// The signal-to-noise ratios of a config.
  static func decibels(_ dataset: DatasetConfig) -> ClosedRange<Float> {
    Float(dataset.lowestSNR)...Float(max(dataset.lowestSNR, dataset.highestSNR))
  }

  package func drawnParameters(layout: ParameterLayout) -> FloatBuffer {
    var random = RandomStream(seed: config.seed, purpose: "initialization")
    return layout.initialParameters(from: &random, rule: ModelCatalogue.kaimingRule(config.model))
  }

  /// The scenes of subnetwork k.
  func scenes(of k: Int) -> [Int] {
    config.subsets.by == .all ? Array(corpus.scenes.indices) : [k]
  }

  // MARK: - Training

  /// As many for every scene; one network for all takes as many as all scenes together, so that θ is moved
  /// as often and as much is heard.
  package func stepsPerEpoch(subnetwork k: Int) -> Int {
    config.task.stepsPerEpoch * scenes(of: k).count
  }

  /// Mixtures of a scene in an epoch.
  private var mixturesPerEpoch: Int { config.task.stepsPerEpoch * config.batchSize }

  /// The mixtures of subset and epoch, the same in every round and for every method: those of one network for
  /// all scenes are those of the scenes' own, in an order drawn from the seed.
  package func epoch(
    stage: Stage, round: Int, subnetwork k: Int, epoch: Int
  ) -> [Minibatch] {
    let scenes = scenes(of: k)
    var mixtures = scenes.flatMap { scene in
      (0..<mixturesPerEpoch).map {
        (epoch * corpus.scenes.count + scene) * mixturesPerEpoch + $0
      }
    }
    if scenes.count > 1 {
      var random = RandomStream(seed: config.seed, purpose: "order of scenes", epoch)
      random.shuffle(&mixtures)
    }
    return stride(from: 0, to: mixtures.count, by: config.batchSize).map {
      Minibatch(samples: Array(mixtures[$0..<$0 + config.batchSize]), labels: [])
    }
  }

  /// The mixture of a number that `epoch` gives.
  func mixture(_ number: Int) -> SpeechMixer.Example {
    let (place, index) = number.quotientAndRemainder(dividingBy: mixturesPerEpoch)
    let (epoch, scene) = place.quotientAndRemainder(dividingBy: corpus.scenes.count)
    return mixer.training(scene: scene, epoch: epoch, index: index, samples: clipSamples)
  }

  /// Samples of a sound that training sees.
  var clipSamples: Int { Int(config.dataset.seconds * Double(corpus.rate)) }

  package func makeFeeder(pool: WorkerPool) -> any BatchFeeder {
    SpeechBatches(
      self,
      EnhancementLoss(
        framing: framing, samples: clipSamples, capacity: config.batchSize,
        mask: ModelCatalogue.complexMask(config.model), pool: pool))
  }
}
