package import Experiments
package import NeuralNetworks
internal import Tensors

/// The networks a config can name; adding one is a line here and a case of `ModelKind`.
package enum ModelCatalogue {
  /// The architecture of a config's network: the model, told the region of a point where one network is
  /// to show all of a picture, or for the spectra of a corpus.
  package static func architecture(of config: ExperimentConfig) -> Architecture {
    switch config.task.kind {
    case .speech: .spectralUNet(spectra(of: config.dataset))
    case .inr where config.subsets.by == .all: .embeddedCoordinateMLP
    default: architecture(config.model, side: config.dataset.imageSize)
    }
  }

  /// The spectra of the sounds that training sees; those of the paper's rate while the files' is not known.
  private static func spectra(of dataset: DatasetConfig) -> SpectralShape {
    let rate = dataset.sampleRate ?? (dataset.kind == .proceduralSpeech ? 8000 : 16_000)
    return SpectralShape(Framing(rate: rate), samples: Int(dataset.seconds * Double(rate)))
  }

  /// A config with the hash of the file that θ₀ comes from.
  /// - Throws: `ExperimentError.file` if it cannot be read.
  static func withInitialHash(_ config: ExperimentConfig) throws -> ExperimentConfig {
    guard let initial = config.model.initial, config.model.initialHash == nil else { return config }
    var config = config
    config.model.initialHash = try ContentHash.of(file: initial)
    return config
  }

  /// How a config draws the weights of θ₀.
  package static func kaimingRule(_ config: ModelConfig) -> ParameterLayout.KaimingRule {
    switch config.initialization {
    case .kaimingNormal: .normal
    case .kaimingUniform: .uniform
    }
  }

  /// A network for images of `side` × `side` pixels.
  package static func architecture(_ model: ModelConfig, side: Int) -> Architecture {
    switch model.kind {
    case .ghostnet: .ghostNet(width: model.width, side: side)
    case .ghostnetFull: .fullGhostNet(width: model.width, side: side)
    case .smallCNN: .smallCNN(side: side)
    case .coordinateMLP: .coordinateMLP
    case .recipe: .stack((model.layers ?? []).map(StackLayer.init), side: side)
    case .spectralUNet: .spectralUNet(spectra(of: DatasetConfig()))
    }
  }

  /// What the outputs of a spectral U-Net mean.
  static func complexMask(_ model: ModelConfig) -> ComplexMask {
    switch model.mask {
    case .unbounded: .unbounded
    case .bounded: .bounded
    }
  }

  /// Adam as a config describes it.
  package static func adamSettings(_ config: OptimizerConfig) -> Adam.Settings {
    var settings = Adam.Settings()
    settings.beta1 = config.beta1
    settings.beta2 = config.beta2
    settings.epsilon = config.epsilon
    settings.weightDecay = config.weightDecay
    settings.biasCorrection = config.biasCorrection == .perWeight ? .perWeight : .perSubnetwork
    return settings
  }
}
