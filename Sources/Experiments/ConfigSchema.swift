/// Every key of a config in one table: its name, how its value is read, checked and written.
///
/// Decoding, `--set`, the resolved file, and the names offered for a misspelt key all come from
/// here; adding a key is a property of `ExperimentConfig` and a line of this table.
enum ConfigSchema {
  static let keys: [ConfigKey] = [
    .text("name", \.name),
    .unsigned("seed", \.seed),
    .choice("method", \.method),
    .optional(.text("masks_from", \.masksFrom.orEmpty), isUnset: { $0.masksFrom == nil }),
    .integer("batch_size", \.batchSize, 2...4096),

    .choice("dataset.kind", \.dataset.kind),
    .optional(.text("dataset.path", \.dataset.path.orEmpty), isUnset: { $0.dataset.path == nil }),
    .optional(
      .integer("dataset.train_samples", \.dataset.trainSamples.orZero, 1...1_000_000),
      isUnset: { $0.dataset.trainSamples == nil }),
    .optional(
      .integer("dataset.test_samples", \.dataset.testSamples.orZero, 1...1_000_000),
      isUnset: { $0.dataset.testSamples == nil }),
    .number("dataset.test_fraction", \.dataset.testFraction, above: 0, upTo: 0.9),
    .number("dataset.calibration_fraction", \.dataset.calibrationFraction, from: 0, upTo: 0.9),
    .choice("dataset.broken_images", \.dataset.brokenImages),
    .integer("dataset.image_size", \.dataset.imageSize, 8...256),
    .optional(
      .text("dataset.cache", \.dataset.cache.orEmpty), isUnset: { $0.dataset.cache == nil }),
    .choice("dataset.normalization", \.dataset.normalization),
    .choice("dataset.augmentation", \.dataset.augmentation),
    .optional(
      .text("dataset.regions", \.dataset.regions.orEmpty),
      isUnset: { $0.dataset.regions == nil }),
    .numbers("dataset.unlabelled", \.dataset.unlabelled, 0...255),
    .number("dataset.sliver_share", \.dataset.sliverShare, from: 0, below: 0.5),
    .optional(
      .integer("dataset.longest_side", \.dataset.longestSide.orZero, 16...4096),
      isUnset: { $0.dataset.longestSide == nil }),
    .optional(
      .integer("dataset.sample_rate", \.dataset.sampleRate.orZero, 4000...192_000),
      isUnset: { $0.dataset.sampleRate == nil }),
    .number("dataset.seconds", \.dataset.seconds, from: 0.25, upTo: 60),
    .number("dataset.lowest_snr", \.dataset.lowestSNR, from: -40, upTo: 60),
    .number("dataset.highest_snr", \.dataset.highestSNR, from: -40, upTo: 60),
    .integer("dataset.test_mixtures", \.dataset.testMixtures, 1...1_000),

    .choice("subsets.by", \.subsets.by),
    .optional(
      .texts("subsets.classes", \.subsets.classes.orEmpty),
      isUnset: { $0.subsets.classes == nil }),
    .groups("subsets.groups", \.subsets.groups),
    .optional(
      .text("subsets.embedding", \.subsets.embedding.orEmpty),
      isUnset: { $0.subsets.embedding == nil }),
    .optional(
      .integer("subsets.count", \.subsets.count.orZero, 2...1_000),
      isUnset: { $0.subsets.count == nil }),

    .choice("task.kind", \.task.kind),
    .choice("task.outputs", \.task.outputs),
    .choice("task.negatives", \.task.negatives),
    .integer("task.steps_per_epoch", \.task.stepsPerEpoch, 1...1_000_000),

    .choice("model.kind", \.model.kind),
    .choice("model.initialization", \.model.initialization),
    .number("model.width", \.model.width, from: 0.25, upTo: 2),
    .layers("model.layers", \.model.layers),
    .choice("model.mask", \.model.mask),
    .optional(
      .text("model.initial", \.model.initial.orEmpty), isUnset: { $0.model.initial == nil }),
    .optional(
      .text("model.initial_sha256", \.model.initialHash.orEmpty),
      isUnset: { $0.model.initialHash == nil }),

    .number("optimizer.learning_rate", \.optimizer.learningRate, above: 0, upTo: 10),
    .number("optimizer.beta1", \.optimizer.beta1, from: 0, below: 1),
    .number("optimizer.beta2", \.optimizer.beta2, from: 0, below: 1),
    .number("optimizer.epsilon", \.optimizer.epsilon, above: 0, upTo: 1),
    .number("optimizer.weight_decay", \.optimizer.weightDecay, from: 0, below: 1),
    .choice("optimizer.bias_correction", \.optimizer.biasCorrection),

    .integer("extraction.epochs_per_round", \.extraction.epochsPerRound, 1...100_000),
    .integer("extraction.prune_count", \.extraction.pruneCount, 1...1_000_000_000),
    .choice("extraction.criterion", \.extraction.criterion),
    .choice("extraction.schedule", \.extraction.schedule),
    .optional(
      .integer("extraction.rounds", \.extraction.rounds.orZero, 1...10_000),
      isUnset: { $0.extraction.rounds == nil }),
    .number("extraction.largest_share", \.extraction.largestShare, from: 0.01, upTo: 1),
    .choice("extraction.ranking", \.extraction.ranking),
    .targets("extraction.targets", \.extraction.targets),
    .optional(
      .number("extraction.learning_rate", \.extraction.learningRate.orZero, above: 0, upTo: 10),
      isUnset: { $0.extraction.learningRate == nil }),

    .choice("retraining.when", \.retraining.when),
    .integer("retraining.epochs", \.retraining.epochs, 1...100_000),
    .optional(
      .number("retraining.learning_rate", \.retraining.learningRate.orZero, above: 0, upTo: 10),
      isUnset: { $0.retraining.learningRate == nil }),
    .choice("retraining.decay", \.retraining.decay),

    .choice("batch_norm.statistics", \.batchNorm.statistics),
    .number("batch_norm.momentum", \.batchNorm.momentum, above: 0, upTo: 1),

    .integer("evaluation.round_samples", \.evaluation.roundSamples, 0...1_000_000),
    .flag("evaluation.argmax", \.evaluation.argmax),

    .number("watch.overlap_rise_warning", \.watch.overlapRiseWarning, above: 0, upTo: 1),
    .number("watch.overlap_rise_critical", \.watch.overlapRiseCritical, above: 0, upTo: 1),
    .number("watch.quality_fall_warning", \.watch.qualityFallWarning, above: 0, upTo: 1),
    .number("watch.quality_fall_critical", \.watch.qualityFallCritical, above: 0, upTo: 1),
    .number("watch.decibel_fall_warning", \.watch.decibelFallWarning, above: 0, upTo: 100),
    .number("watch.decibel_fall_critical", \.watch.decibelFallCritical, above: 0, upTo: 100),
    .number("watch.hysteresis", \.watch.hysteresis, from: 0, below: 1),
    .flag("watch.pause_on_crit", \.watch.pauseOnCrit),

    .number("checkpoints.every_seconds", \.checkpoints.everySeconds, above: 0, upTo: 86_400),
    .integer("checkpoints.every_steps", \.checkpoints.everySteps, 0...1_000_000_000),
  ]

  /// The names of the sections.
  static let sections: [String] = keys.reduce(into: []) { sections, key in
    if let section = key.section, !sections.contains(section) { sections.append(section) }
  }

  /// The key of a dotted name.
  static func key(_ name: String) -> ConfigKey? { keys.first { $0.name == name } }

  /// The names of a section's keys, without the section; of the top level with its sections.
  static func names(in section: String?) -> [String] {
    keys.filter { $0.section == section }.map(\.ownName) + (section == nil ? sections : [])
  }

  /// What cannot be seen key by key.
  /// - Returns: the key to point at, and the message.
  static func contradictions(_ config: ExperimentConfig) -> [(key: String, message: String)] {
    var found: [(String, String)] = []
    if let reason = RunDirectory.reasonAgainst(name: config.name) {
      found.append(("name", "found '\(config.name)', which cannot name a run: \(reason)"))
    }
    found += contradictions(of: config.method, in: config)
    found += contradictions(config.extraction)
    found += contradictions(config.subsets, of: config.dataset.kind)
    found += contradictions(config.model, side: config.dataset.imageSize)
    if !config.dataset.kind.isBuiltIn, config.dataset.path == nil {
      let kind = config.dataset.kind.rawValue
      let what = config.dataset.kind == .image ? "a picture file" : "the folder of its files"
      found.append(("dataset.path", "missing; dataset.kind '\(kind)' needs \(what)"))
    }
    found += contradictions(ofPicture: config)
    // One word for each key is enough.
    found += contradictions(ofSpeech: config).filter { new in
      !found.contains { $0.0 == new.0 }
    }
    if config.task.kind == .binary, config.subsets.by == .all {
      found.append(
        ("task.kind", "found 'binary', but subsets.by 'all' leaves no negatives; use 'multiclass'"))
    }
    if config.task.kind == .binary, config.subsets.by == .domain {
      found.append(
        ("task.kind", "found 'binary', but a domain holds every class; use 'multiclass'"))
    }
    if config.task.kind == .multiclass, ![.all, .domain].contains(config.subsets.by) {
      found.append(
        (
          "task.kind",
          "found 'multiclass', which needs subsets.by 'all' (one mask for all data) or 'domain'"
        ))
    }
    let watch = config.watch
    for (name, warning, critical) in [
      ("overlap_rise", watch.overlapRiseWarning, watch.overlapRiseCritical),
      ("quality_fall", watch.qualityFallWarning, watch.qualityFallCritical),
      ("decibel_fall", watch.decibelFallWarning, watch.decibelFallCritical),
    ] where critical < warning {
      found.append(
        (
          "watch.\(name)_critical",
          "found \(critical), expected at least watch.\(name)_warning, which is \(warning)"
        ))
    }
    return found
  }
}

extension ConfigSchema {
  /// What a method needs and excludes.
  private static func contradictions(
    of method: Method, in config: ExperimentConfig
  ) -> [(String, String)] {
    var found: [(String, String)] = []
    switch method.masks {
    case .extracted: break
    case .single, .shuffled, .swapped:
      if config.masksFrom == nil {
        let whose = method.masks == .single ? "an imp_single run" : "a run that extracted some"
        found.append(
          ("method", "'\(method.rawValue)' needs masks_from: the folder of \(whose)"))
      }
    case .random, .dense:
      if config.masksFrom != nil {
        found.append(("masks_from", "has no meaning with method '\(method.rawValue)'"))
      }
    }
    if method.isIndependent, config.batchNorm.statistics == .shared {
      found.append(
        (
          "batch_norm.statistics",
          "found 'shared', but with method '\(method.rawValue)' subnetworks share nothing"
        ))
    }
    return found
  }

  /// What cannot be seen key by key in the `subsets` section.
  private static func contradictions(
    _ subsets: SubsetsConfig, of dataset: DatasetKind
  ) -> [(String, String)] {
    var found: [(String, String)] = []
    let rule = subsets.by
    func meaningless(_ key: String, _ isSet: Bool, unless belongs: Bool) {
      guard isSet, !belongs else { return }
      found.append(("subsets.\(key)", "has no meaning with subsets.by '\(rule.rawValue)'"))
    }
    meaningless("classes", subsets.classes != nil, unless: rule == .class)
    meaningless("groups", subsets.groups != nil, unless: rule == .groups)
    meaningless("embedding", subsets.embedding != nil, unless: rule.isClustering)
    meaningless("count", subsets.count != nil, unless: rule.isClustering)
    if rule == .groups, subsets.groups == nil {
      found.append(("subsets.by", "'groups' needs subsets.groups: a name and classes for each"))
    }
    if rule.isClustering, subsets.embedding == nil {
      found.append(
        ("subsets.by", "'\(rule.rawValue)' needs subsets.embedding: an .npy file, a row per class"))
    }
    if rule.isClustering, subsets.count == nil {
      found.append(("subsets.by", "'\(rule.rawValue)' needs subsets.count: how many subsets"))
    }
    if rule == .domain, dataset != .folder {
      found.append(
        ("subsets.by", "'domain' needs dataset.kind 'folder', found '\(dataset.rawValue)'"))
    }
    if rule == .superclass || rule == .paperClusters, dataset != .cifar100 {
      found.append(
        (
          "subsets.by",
          "'\(rule.rawValue)' needs dataset.kind 'cifar100', found '\(dataset.rawValue)'"
        ))
    }
    return found
  }
}

extension Optional<String> {
  fileprivate var orEmpty: String {
    get { self ?? "" }
    set { self = newValue }
  }
}

extension Optional<[String]> {
  fileprivate var orEmpty: [String] {
    get { self ?? [] }
    set { self = newValue }
  }
}

extension Optional<Int> {
  fileprivate var orZero: Int {
    get { self ?? 0 }
    set { self = newValue }
  }
}

extension Optional<Double> {
  fileprivate var orZero: Double {
    get { self ?? 0 }
    set { self = newValue }
  }
}
