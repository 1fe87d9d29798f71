public import Tensors

/// Draws the mini-batches of an epoch (paper §3, §4).
public struct EpochSampler: Sendable {
  /// How the samples of an epoch are chosen and labelled.
  public enum Rule: Sendable, Equatable {
    /// Positives of subset k and as many negatives in each mini-batch, drawn uniformly from the
    /// samples outside the subset, redrawn every epoch.
    case balanced
    /// All samples in their natural proportion, labelled 1 inside subset k and 0 outside.
    case natural
    /// All samples of the subset, labelled with their class.
    case multiclass
  }

  private let rule: Rule
  private let batchSize: Int
  private let positives: [Int]
  private let negatives: [Int]
  private let labels: [UInt8]

  /// The sampler of subset k.
  /// - Parameters:
  ///   - labels: the class of every training sample.
  ///   - batchSize: samples in a mini-batch, positives and negatives together; at least 2.
  public init(
    _ rule: Rule, partition: Partition, subset: Int, labels: [UInt8], batchSize: Int
  ) {
    precondition(batchSize >= 2, "a balanced mini-batch needs room for two")
    self.rule = rule
    self.batchSize = batchSize
    self.labels = labels
    positives = partition.subsets[subset].samples
    negatives = rule == .multiclass ? [] : partition.negatives(of: subset)
  }

  /// Positives in a full mini-batch.
  private var positivesPerBatch: Int { batchSize / 2 }

  /// Mini-batches in an epoch: M_k.
  public var batchesPerEpoch: Int {
    switch rule {
    case .balanced: (positives.count + positivesPerBatch - 1) / positivesPerBatch
    case .natural: (positives.count + negatives.count + batchSize - 1) / batchSize
    case .multiclass: (positives.count + batchSize - 1) / batchSize
    }
  }

  /// The mini-batches of one epoch: every positive once, in an order drawn from the stream; the last
  /// may be smaller.
  public func epoch(random: inout RandomStream) -> [Minibatch] {
    switch rule {
    case .balanced:
      var order = positives
      random.shuffle(&order)
      return stride(from: 0, to: order.count, by: positivesPerBatch).map { start in
        let chosen = order[start..<min(start + positivesPerBatch, order.count)]
        let drawn = drawNegatives(chosen.count, random: &random)
        return Minibatch(
          samples: chosen + drawn,
          labels: chosen.map { _ in 1 } + drawn.map { _ in 0 })
      }
    case .natural:
      var order = positives.map { ($0, UInt8(1)) } + negatives.map { ($0, UInt8(0)) }
      random.shuffle(&order)
      return chunks(order)
    case .multiclass:
      var order = positives.map { ($0, labels[$0]) }
      random.shuffle(&order)
      return chunks(order)
    }
  }

  /// Different negatives while there are enough, uniformly.
  private func drawNegatives(_ count: Int, random: inout RandomStream) -> [Int] {
    guard !negatives.isEmpty else { return [] }
    guard count <= negatives.count else {
      return (0..<count).map { _ in negatives[random.index(below: negatives.count)] }
    }
    // Floyd's method: `count` different places out of n, each subset equally likely.
    var taken = Set<Int>()
    var drawn: [Int] = []
    for last in negatives.count - count..<negatives.count {
      let place = random.index(below: last + 1)
      let chosen = taken.insert(place).inserted ? place : last
      if chosen == last { taken.insert(last) }
      drawn.append(negatives[chosen])
    }
    return drawn
  }

  private func chunks(_ order: [(Int, UInt8)]) -> [Minibatch] {
    stride(from: 0, to: order.count, by: batchSize).map { start in
      let part = order[start..<min(start + batchSize, order.count)]
      return Minibatch(samples: part.map(\.0), labels: part.map(\.1))
    }
  }
}
