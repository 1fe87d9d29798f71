internal import Datasets
internal import Experiments

/// The rules that split a training set into subsets; adding one is a case here and one of
/// `SubsetsConfig.Rule`.
enum SubsetCatalogue {
  /// Splits the training set as a config says.
  /// - Throws: `DatasetError` for classes that do not exist, embeddings that do not fit.
  static func partition(
    _ dataset: ImageDataset, _ config: SubsetsConfig
  ) throws -> Partition {
    switch config.by {
    case .class: try .byClass(dataset, keeping: config.classes)
    case .all: .all(dataset)
    case .domain: try .byDomain(dataset)
    case .groups:
      try .byGroups(
        dataset,
        (config.groups ?? []).map { ClassGroup(name: $0.name, classes: $0.classes) })
    case .superclass: try .byGroups(dataset, dataset.superclasses)
    case .paperClusters: try .byGroups(dataset, CIFAR100.paperClusters)
    case .region, .scene:
      throw EngineError.unsupported(
        "subsets.by: '\(config.by.rawValue)' splits "
          + (config.by == .region ? "a picture" : "speech in noise") + ", not a set of images")
    case .kMeans, .agglomerative:
      throw EngineError.unsupported(
        "subsets.by: '\(config.by.rawValue)' has to be resolved into groups first")
    }
  }

  /// The config with the clusters of its embedding written out as groups, so that a run never depends
  /// on a file that may change; any other rule stays as it is.
  /// - Throws: `DatasetError` for an embedding that cannot be read or does not fit the dataset.
  static func resolved(
    _ config: SubsetsConfig, of dataset: ImageDataset, seed: UInt64
  ) throws -> SubsetsConfig {
    guard config.by.isClustering, let path = config.embedding, let count = config.count else {
      return config
    }
    let classes = dataset.classNames.count
    guard count <= classes else {
      throw DatasetError.impossible(
        "subsets.count: found \(count), expected at most the \(classes) classes of \(dataset.name)")
    }
    let embedding = try ClassEmbedding.read(path, classes: classes)
    let members =
      config.by == .kMeans
      ? Clustering.kMeans(embedding, count: count, seed: seed)
      : Clustering.agglomerative(embedding, count: count)
    var resolved = SubsetsConfig()
    resolved.by = .groups
    resolved.groups = Partition.named(
      members, embedding: embedding, classNames: dataset.classNames
    ).map { SubsetsConfig.Group(name: $0.name, classes: $0.classes) }
    return resolved
  }
}
