extension Partition {
  /// One subset per group of classes; the samples of classes in no group serve as negatives only.
  /// - Throws: `DatasetError.noSuchClass` for a class that the dataset does not have, `.impossible` for
  ///   a class in two groups, an empty group, a group without samples.
  public static func byGroups(
    _ dataset: ImageDataset, _ groups: [ClassGroup]
  ) throws -> Partition {
    var owner: [String: String] = [:]
    let subsets = try groups.map { group in
      let labels = try group.classes.map { name in
        guard let label = dataset.classNames.firstIndex(of: name) else {
          throw DatasetError.noSuchClass(name, nearest: nearest(name, dataset.classNames))
        }
        if let other = owner.updateValue(group.name, forKey: name) {
          throw DatasetError.impossible(
            "class '\(name)' is in the subsets '\(other)' and '\(group.name)'; subsets are disjoint"
          )
        }
        return UInt8(label)
      }
      guard !labels.isEmpty else {
        throw DatasetError.impossible("subset '\(group.name)' has no class")
      }
      let members = Set(labels)
      let samples = dataset.train.labels.indices.filter {
        members.contains(dataset.train.labels[$0])
      }
      guard !samples.isEmpty else {
        throw DatasetError.impossible(
          "subset '\(group.name)' has no training sample; use more of them (dataset.train_samples)")
      }
      return Subset(name: group.name, samples: samples, labels: labels.sorted())
    }
    return Partition(subsets: subsets, sampleCount: dataset.train.count)
  }

  /// Groups of class indices under names: that of the class in the middle, and how many others there are.
  public static func named(
    _ groups: [[Int]], embedding: ClassEmbedding, classNames: [String]
  ) -> [ClassGroup] {
    groups.map { group in
      let center = classNames[Clustering.center(of: group, in: embedding)]
      return ClassGroup(
        name: group.count == 1 ? center : "\(center)+\(group.count - 1)",
        classes: group.map { classNames[$0] })
    }
  }
}
