internal import Experiments

/// The images that a run sets aside, and whether no training has touched them.
enum CalibrationSplit {
  /// What a person should know where a run takes its masks from another one: those were extracted from
  /// images, too.
  static func warnings(_ config: ExperimentConfig, masksOf other: ExperimentConfig) -> [String] {
    let fraction = config.dataset.calibrationFraction
    guard fraction > 0 else { return [] }
    guard other.dataset.calibrationFraction == fraction, other.seed == config.seed,
      other.dataset.trainSamples == config.dataset.trainSamples
    else {
      return [
        "the run of the masks has seen images that this one sets aside for calibration; with the same "
          + "dataset.calibration_fraction, dataset.train_samples and seed it would not have"
      ]
    }
    return []
  }
}
