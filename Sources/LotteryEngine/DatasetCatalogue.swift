package import Datasets
public import Experiments
internal import Foundation
internal import Tensors

/// The datasets a config can name; adding one is a case here and one of `DatasetKind`.
public enum DatasetCatalogue {
  /// The most bytes that images in memory may take.
  private static let memoryLimit = 1 << 30

  /// Loads or makes the dataset of a config, and sets the images for calibration aside.
  /// - Parameter progress: told how many of how many images are resized, if some have to be.
  /// - Throws: `DatasetError` for missing or corrupt files, `EngineError` for images that take too much
  ///   memory.
  package static func load(
    _ config: DatasetConfig, seed: UInt64,
    progress: (_ done: Int, _ all: Int) -> Void = { _, _ in }
  ) throws -> ImageDataset {
    try whole(config, seed: seed, progress: progress)
      .holdingOut(config.calibrationFraction, seed: seed)
  }

  private static func whole(
    _ config: DatasetConfig, seed: UInt64, progress: (_ done: Int, _ all: Int) -> Void
  ) throws -> ImageDataset {
    func sized(_ dataset: ImageDataset) throws -> ImageDataset {
      try dataset.resized(
        side: config.imageSize, cache: cache(config), pool: pool(), progress: progress)
    }
    switch config.kind {
    case .procedural:
      let (train, test) = (config.trainSamples ?? 10_000, config.testSamples ?? 2_000)
      let bytes = (train + test) * LabeledImages.channels * config.imageSize * config.imageSize
      guard bytes <= memoryLimit else {
        throw EngineError.unsupported(
          "dataset.image_size: found \(config.imageSize), at which \(train + test) procedural images "
            + "take \(bytes >> 20) MiB, expected at most \(memoryLimit >> 20); lower it or "
            + "dataset.train_samples")
      }
      return ProceduralImages.generate(
        seed: seed, trainSamples: train, testSamples: test, side: config.imageSize)
    case .cifar10:
      return try sized(
        CIFAR10.load(
          folder: try folder(config), trainSamples: config.trainSamples,
          testSamples: config.testSamples))
    case .cifar100:
      return try sized(
        CIFAR100.load(
          folder: try folder(config), trainSamples: config.trainSamples,
          testSamples: config.testSamples))
    case .mnist:
      return try IDXImages.load(
        folder: try folder(config), side: config.imageSize, cache: cache(config),
        trainSamples: config.trainSamples,
        testSamples: config.testSamples)
    case .folder:
      let loaded = try images(config).dataset
      return loaded.limited(train: config.trainSamples, test: config.testSamples)
    case .image, .landscape:
      throw EngineError.unsupported(
        "dataset.kind: '\(config.kind.rawValue)' is one picture, not a set of images with classes")
    case .speech, .proceduralSpeech:
      throw EngineError.unsupported(
        "dataset.kind: '\(config.kind.rawValue)' is speech in noise, not a set of images with classes"
      )
    }
  }

  /// Decodes or resizes the images of a config that are not kept yet, so that its run starts at once.
  /// - Parameter progress: told how many of how many images are done.
  /// - Returns: what was left out, with the reasons: broken images, batches that are not there.
  /// - Throws: `DatasetError`.
  public static func prepare(
    _ config: DatasetConfig, progress: (_ done: Int, _ all: Int) -> Void
  ) throws -> [String] {
    switch config.kind {
    case .folder: return try images(config, progress: progress).skipped
    case .cifar10, .cifar100:
      if config.imageSize != LabeledImages.usualSide {
        _ = try whole(config, seed: 0, progress: progress)
      }
      return config.kind == .cifar10 ? CIFAR10.missingBatches(in: try folder(config)) : []
    case .procedural, .mnist, .image, .landscape, .speech, .proceduralSpeech: return []
    }
  }

  /// The images of a folder, decoded or as they were kept.
  private static func images(
    _ config: DatasetConfig, progress: (_ done: Int, _ all: Int) -> Void = { _, _ in }
  ) throws -> (dataset: ImageDataset, skipped: [String]) {
    try ImageFolder(try folder(config)).load(
      side: config.imageSize, testFraction: config.testFraction,
      broken: config.brokenImages == .skip ? .skipped : .refused, cache: cache(config),
      pool: pool(), progress: progress)
  }

  private static func pool() -> WorkerPool {
    WorkerPool(threads: ProcessInfo.processInfo.activeProcessorCount)
  }

  /// The picture of a config with its regions.
  /// - Throws: `DatasetError` for files that are missing, corrupt, or do not fit each other.
  package static func picture(_ config: DatasetConfig) throws -> RegionImage {
    guard let path = config.path, let map = config.regions else {
      return ProceduralLandscape.image(longestSide: config.longestSide ?? 96)
    }
    return try RegionImage.read(
      path, map: map,
      rules: RegionMap.Rules(
        unlabelled: Set(config.unlabelled.compactMap(UInt8.init(exactly:))),
        sliverShare: config.sliverShare),
      longestSide: config.longestSide)
  }

  static func folder(_ config: DatasetConfig) throws -> String {
    guard let path = config.path else {
      throw EngineError.unsupported(
        "dataset.path: missing; \(config.kind.rawValue) reads a folder of files")
    }
    return path
  }

  private static func cache(_ config: DatasetConfig) -> String {
    if let cache = config.cache { return cache }
    let environment = ProcessInfo.processInfo.environment
    let base =
      environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
      ?? (environment["HOME"] ?? NSTemporaryDirectory()) + "/.cache"
    return (base as NSString).appendingPathComponent("rtl")
  }
}
