/// A mini-batch: which training samples, and what the network should say of each.
public struct Minibatch: Sendable, Equatable {
  /// Indices into the training images.
  public var samples: [Int]
  /// 0 or 1 for a binary task, the class for a multi-class one.
  public var labels: [UInt8]

  /// A mini-batch.
  public init(samples: [Int], labels: [UInt8]) {
    self.samples = samples
    self.labels = labels
  }

  /// Number of samples.
  public var count: Int { samples.count }
}
