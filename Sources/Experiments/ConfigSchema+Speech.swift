extension ConfigSchema {
  /// What belongs together where speech is enhanced, and nowhere else.
  static func contradictions(ofSpeech config: ExperimentConfig) -> [(String, String)] {
    let (dataset, task) = (config.dataset, config.task.kind)
    let (isSpeech, kind) = (task == .speech, dataset.kind.rawValue)
    // What follows from this one is no news.
    guard isSpeech == dataset.kind.isSpeech else {
      return [
        isSpeech
          ? (
            "task.kind",
            "'speech' needs dataset.kind 'speech' or 'procedural_speech', found '\(kind)'"
          )
          : (
            "dataset.kind",
            "'\(kind)' is speech in noise, which needs task.kind 'speech', found '\(task.rawValue)'"
          )
      ]
    }
    var found: [(String, String)] = []
    if isSpeech != (config.model.kind == .spectralUNet) {
      found.append(
        (
          "model.kind",
          isSpeech
            ? "found '\(config.model.kind.rawValue)', expected 'spectral_unet' with task.kind 'speech'"
            : "'spectral_unet' reads the spectra of sounds and needs task.kind 'speech'"
        ))
    }
    let rule = config.subsets.by
    if isSpeech, ![.scene, .all].contains(rule) {
      found.append(
        (
          "subsets.by",
          "found '\(rule.rawValue)', expected 'scene' or 'all' with task.kind 'speech'"
        ))
    } else if !isSpeech, rule == .scene {
      found.append(("subsets.by", "'scene' needs task.kind 'speech', found '\(task.rawValue)'"))
    }
    if !isSpeech, dataset.sampleRate != nil {
      found.append(("dataset.sample_rate", "has no meaning with dataset.kind '\(kind)'"))
    }
    if dataset.highestSNR < dataset.lowestSNR {
      found.append(
        (
          "dataset.highest_snr",
          "found \(dataset.highestSNR), expected at least dataset.lowest_snr, which is "
            + "\(dataset.lowestSNR)"
        ))
    }
    return found
  }
}
