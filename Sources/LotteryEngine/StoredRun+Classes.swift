internal import Datasets
public import Experiments
internal import NeuralNetworks

extension StoredRun {
  /// The prunable layers, shallow to deep.
  public var prunableLayers: [LayerDescription] {
    makeLayout().prunableLayers.map { LayerDescription(name: $0.name, weights: $0.range.count) }
  }

  /// The classes of each subnetwork, by name; a subnetwork that is not made of classes has its own name.
  /// - Throws: `DatasetError` if that is written in the dataset and it cannot be read.
  public func classesOfSubnetworks() throws -> [[String]] {
    let groups: [(name: String, classes: [String])]
    switch config.subsets.by {
    case .groups:
      groups = (config.subsets.groups ?? []).map { ($0.name, $0.classes) }
    case .paperClusters:
      groups = CIFAR100.paperClusters.map { ($0.name, $0.classes) }
    case .superclass:
      groups = try superclasses()
    case .class, .all, .domain, .region, .scene, .kMeans, .agglomerative:
      groups = []
    }
    let classes = Dictionary(groups.map { ($0.name, $0.classes) }) { first, _ in first }
    return subnetworkNames.map { classes[$0] ?? [$0] }
  }

  /// The superclasses of the run's dataset; none for a dataset that has none.
  /// - Throws: `DatasetError` if the dataset cannot be read.
  public func superclasses() throws -> [(name: String, classes: [String])] {
    guard config.dataset.kind == .cifar100 else { return [] }
    return try DatasetCatalogue.load(config.dataset, seed: config.seed).superclasses
      .map { ($0.name, $0.classes) }
  }
}
