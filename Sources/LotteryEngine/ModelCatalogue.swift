package import Experiments
package import NeuralNetworks

/// The networks a config can name; adding one is a line here and a case of `ModelKind`.
package enum ModelCatalogue {
  /// The network of a config.
  package static func architecture(_ config: ExperimentConfig) -> Architecture {
    architecture(config.model, side: config.dataset.imageSize)
  }

  /// A network for images of `side` × `side` pixels.
  package static func architecture(_ model: ModelConfig, side: Int) -> Architecture {
    switch model.kind {
    case .ghostnet: .ghostNet(width: model.width, side: side)
    case .ghostnetFull: .fullGhostNet(width: model.width, side: side)
    case .smallCNN: .smallCNN(side: side)
    case .recipe: .stack((model.layers ?? []).map(StackLayer.init), side: side)
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
