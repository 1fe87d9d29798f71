package import Experiments
package import NeuralNetworks
package import Tensors

/// The networks a config can name; adding one is a line here and a case of `ModelKind`.
package enum ModelCatalogue {
  /// The architecture of a named model.
  package static func architecture(_ kind: ModelKind) -> Architecture {
    switch kind {
    case .ghostnet: .ghostNet
    case .smallCNN: .smallCNN
    }
  }

  /// Adam as a config describes it.
  package static func adamSettings(_ config: OptimizerConfig) -> Adam.Settings {
    Adam.Settings(
      beta1: Float(config.beta1), beta2: Float(config.beta2), epsilon: Float(config.epsilon),
      weightDecay: Float(config.weightDecay),
      biasCorrection: config.biasCorrection == .perWeight ? .perWeight : .perSubnetwork)
  }
}
