package import Datasets
public import Experiments
internal import Foundation
internal import Tensors

/// The datasets a config can name; adding one is a case here and one of `DatasetKind`.
public enum DatasetCatalogue {
  /// Loads or makes the dataset of a config.
  /// - Throws: `DatasetError` for missing or corrupt files.
  package static func load(_ config: DatasetConfig, seed: UInt64) throws -> ImageDataset {
    switch config.kind {
    case .procedural:
      return ProceduralImages.generate(
        seed: seed, trainSamples: config.trainSamples ?? 10_000,
        testSamples: config.testSamples ?? 2_000)
    case .cifar10:
      return try CIFAR10.load(
        folder: try folder(config), trainSamples: config.trainSamples,
        testSamples: config.testSamples)
    case .cifar100:
      return try CIFAR100.load(
        folder: try folder(config), trainSamples: config.trainSamples,
        testSamples: config.testSamples)
    case .mnist:
      return try IDXImages.load(
        folder: try folder(config), cache: cache(config), trainSamples: config.trainSamples,
        testSamples: config.testSamples)
    case .folder:
      let loaded = try images(config).dataset
      return loaded.limited(train: config.trainSamples, test: config.testSamples)
    case .image, .landscape:
      throw EngineError.unsupported(
        "dataset.kind: '\(config.kind.rawValue)' is one picture, not a set of images with classes")
    }
  }

  /// Decodes the images of a config that are not kept yet, so that its run starts at once.
  /// - Parameter progress: told how many of how many images are done.
  /// - Returns: the images that were left out because they are broken, with the reasons.
  /// - Throws: `DatasetError`.
  public static func prepare(
    _ config: DatasetConfig, progress: (_ done: Int, _ all: Int) -> Void
  ) throws -> [String] {
    guard config.kind == .folder else { return [] }
    return try images(config, progress: progress).skipped
  }

  /// The images of a folder, decoded or as they were kept.
  private static func images(
    _ config: DatasetConfig, progress: (_ done: Int, _ all: Int) -> Void = { _, _ in }
  ) throws -> (dataset: ImageDataset, skipped: [String]) {
    try ImageFolder(try folder(config)).load(
      testFraction: config.testFraction,
      broken: config.brokenImages == .skip ? .skipped : .refused, cache: cache(config),
      pool: WorkerPool(threads: ProcessInfo.processInfo.activeProcessorCount), progress: progress)
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

  private static func folder(_ config: DatasetConfig) throws -> String {
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
