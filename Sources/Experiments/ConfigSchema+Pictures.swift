extension ConfigSchema {
  /// What belongs together where a picture is learned, and nowhere else.
  static func contradictions(ofPicture config: ExperimentConfig) -> [(String, String)] {
    let (dataset, task) = (config.dataset.kind, config.task.kind)
    // What follows from this one is no news.
    guard (task == .inr) == dataset.isPicture else {
      return [
        task == .inr
          ? (
            "task.kind",
            "'inr' needs dataset.kind 'image' or 'landscape', found '\(dataset.rawValue)'"
          )
          : (
            "dataset.kind",
            "'\(dataset.rawValue)' is one picture, which needs task.kind 'inr', found "
              + "'\(task.rawValue)'"
          )
      ]
    }
    var found: [(String, String)] = []
    if (task == .inr) != (config.model.kind == .coordinateMLP) {
      found.append(
        (
          "model.kind",
          task == .inr
            ? "found '\(config.model.kind.rawValue)', expected 'coordinate_mlp' with task.kind 'inr'"
            : "'coordinate_mlp' reads points of a picture and needs task.kind 'inr'"
        ))
    }
    let rule = config.subsets.by
    if task == .inr, ![.region, .all].contains(rule) {
      found.append(
        (
          "subsets.by",
          "found '\(rule.rawValue)', expected 'region' or 'all' with task.kind 'inr'"
        ))
    } else if task != .inr, rule == .region {
      found.append(("subsets.by", "'region' needs task.kind 'inr', found '\(task.rawValue)'"))
    }
    if dataset.isPicture || dataset.isSpeech, config.dataset.calibrationFraction > 0 {
      found.append(
        (
          "dataset.calibration_fraction",
          "has no meaning with dataset.kind '\(dataset.rawValue)', which has no classes"
        ))
    }
    if dataset == .image, config.dataset.regions == nil {
      found.append(
        ("dataset.regions", "missing; dataset.kind 'image' needs a map of the picture's regions"))
    } else if dataset != .image, config.dataset.regions != nil {
      found.append(
        ("dataset.regions", "has no meaning with dataset.kind '\(dataset.rawValue)'"))
    }
    return found
  }
}
