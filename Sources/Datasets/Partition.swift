/// The disjoint subsets 𝒟₁…𝒟_K of a training set (paper §1).
public struct Partition: Sendable, Equatable {
  /// One subset.
  public struct Subset: Sendable, Equatable {
    /// Its name, which is its subnetwork's.
    public let name: String
    /// Its training samples, ascending.
    public let samples: [Int]
    /// The labels that belong to it.
    public let labels: [UInt8]
    /// The domain that it is, for a partition by domain.
    public var domain: UInt8?
  }

  /// The subsets, in the order of the subnetworks.
  public let subsets: [Subset]
  /// Number of training samples, inside or outside of the subsets.
  public let sampleCount: Int

  /// One subset per class.
  /// - Parameter keeping: the classes that get one, by name, in this order; `nil` is all. The others
  ///   still serve as negatives.
  /// - Throws: `DatasetError.noSuchClass`, `.impossible` for a class without samples.
  public static func byClass(
    _ dataset: ImageDataset, keeping: [String]? = nil
  ) throws -> Partition {
    let names = keeping ?? dataset.classNames
    let subsets = try names.map { name in
      guard let label = dataset.classNames.firstIndex(of: name) else {
        throw DatasetError.noSuchClass(name, nearest: nearest(name, dataset.classNames))
      }
      let samples = dataset.train.labels.indices.filter { Int(dataset.train.labels[$0]) == label }
      guard !samples.isEmpty else {
        throw DatasetError.impossible(
          "class '\(name)' has no training sample; use more of them (dataset.train_samples)")
      }
      return Subset(name: name, samples: samples, labels: [UInt8(label)])
    }
    return Partition(subsets: subsets, sampleCount: dataset.train.count)
  }

  /// One subset that holds everything (K = 1).
  public static func all(_ dataset: ImageDataset) -> Partition {
    Partition(
      subsets: [
        Subset(
          name: "all", samples: Array(0..<dataset.train.count),
          labels: dataset.classNames.indices.map { UInt8($0) })
      ], sampleCount: dataset.train.count)
  }

  /// One subset per domain.
  /// - Throws: `DatasetError.impossible` for a dataset without domains, or a domain with fewer than two
  ///   classes to tell apart or without a held-out image.
  public static func byDomain(_ dataset: ImageDataset) throws -> Partition {
    guard !dataset.domainNames.isEmpty else {
      throw DatasetError.impossible("\(dataset.name) has no domains to split it by (subsets.by)")
    }
    let subsets = try dataset.domainNames.enumerated().map { index, name in
      let samples = dataset.train.domains.indices.filter {
        Int(dataset.train.domains[$0]) == index
      }
      let labels = Set(samples.map { dataset.train.labels[$0] }).sorted()
      guard labels.count >= 2 else {
        throw DatasetError.impossible(
          "domain '\(name)' has training images of \(labels.count) class(es), expected at least two"
        )
      }
      guard dataset.test.domains.contains(UInt8(index)) else {
        throw DatasetError.impossible(
          "domain '\(name)' has no held-out image to judge it by; give it more images, or use more of "
            + "them (dataset.test_samples)")
      }
      return Subset(name: name, samples: samples, labels: labels, domain: UInt8(index))
    }
    return Partition(subsets: subsets, sampleCount: dataset.train.count)
  }

  /// The samples outside of subset k, ascending.
  public func negatives(of k: Int) -> [Int] {
    var isInside = [Bool](repeating: false, count: sampleCount)
    for sample in subsets[k].samples { isInside[sample] = true }
    return (0..<sampleCount).filter { !isInside[$0] }
  }

  /// The name with the smallest edit distance.
  static func nearest(_ name: String, _ names: [String]) -> String {
    func distance(_ other: String) -> Int {
      let (a, b) = (Array(name.lowercased()), Array(other.lowercased()))
      var row = Array(0...b.count)
      for i in a.indices {
        var diagonal = row[0]
        row[0] = i + 1
        for j in b.indices {
          let substitution = diagonal + (a[i] == b[j] ? 0 : 1)
          diagonal = row[j + 1]
          row[j + 1] = min(substitution, row[j] + 1, row[j + 1] + 1)
        }
      }
      return row[b.count]
    }
    return names.min { distance($0) < distance($1) } ?? ""
  }
}
