import Experiments

extension ExperimentConfig {
  /// A tiny experiment on three of the ten classes.
  static func tiny(_ change: (inout ExperimentConfig) -> Void) -> ExperimentConfig {
    var config = ExperimentConfig()
    config.dataset.trainSamples = 160
    config.dataset.testSamples = 40
    config.subsets.classes = ["disc", "stripes", "cross"]
    config.batchSize = 16
    config.optimizer.learningRate = 1e-3
    config.extraction.epochsPerRound = 1
    config.extraction.pruneCount = 2000
    config.retraining.epochs = 1
    config.evaluation.roundSamples = 20
    change(&config)
    return config
  }
}
