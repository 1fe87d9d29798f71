package import Datasets
package import Experiments

/// The datasets a config can name; adding one is a line here and a case of `DatasetKind`.
package enum DatasetCatalogue {
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
    }
  }

  /// The number of classes of a dataset.
  package static func classCount(_ kind: DatasetKind) -> Int {
    switch kind {
    case .procedural: ProceduralImages.classNames.count
    case .cifar10: CIFAR10.classCount
    case .cifar100: CIFAR100.classCount
    }
  }

  private static func folder(_ config: DatasetConfig) throws -> String {
    guard let path = config.path else {
      throw EngineError.unsupported(
        "dataset.path: missing; \(config.kind.rawValue) reads a folder of files")
    }
    return path
  }
}
