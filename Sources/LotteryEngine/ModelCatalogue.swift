package import Experiments
package import NeuralNetworks

/// The networks a config can name; adding one is a line here and a case of `ModelKind`.
package enum ModelCatalogue {
  /// The architecture of a named model.
  package static func architecture(_ kind: ModelKind) -> Architecture {
    switch kind {
    case .ghostnet: .ghostNet
    case .smallCNN: .smallCNN
    case .coordinateMLP: .coordinateMLP
    }
  }

  /// The architecture of a config's network: the model, told the region of a point where one network is
  /// to show all of a picture.
  package static func architecture(of config: ExperimentConfig) -> Architecture {
    config.task.kind == .inr && config.subsets.by == .all
      ? .embeddedCoordinateMLP : architecture(config.model.kind)
  }

  /// How a config draws the weights of θ₀.
  package static func kaimingRule(_ config: ModelConfig) -> ParameterLayout.KaimingRule {
    switch config.initialization {
    case .kaimingNormal: .normal
    case .kaimingUniform: .uniform
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
