public import Datasets
internal import Experiments
internal import NeuralNetworks
internal import Tensors

extension StoredRun {
  /// The mean features of each class in a subnetwork: what its last layer reads, averaged over the
  /// class's training images.
  /// - Parameters:
  ///   - subnetwork: by name; `nil` for the only one.
  ///   - round: the round whose retrained weights to use; `nil` is the last retrained.
  ///   - threads: how many threads compute.
  /// - Throws: `EngineError` for no such round or subnetwork, `DatasetError` for a class without images,
  ///   or what is wrong with data or files.
  public func classFeatures(
    of subnetwork: String?, round: Int?, threads: Int
  ) throws -> ClassEmbedding {
    let k = try index(of: subnetwork)
    let ticket = try readTicket(round: round)
    let task = try ClassificationTask(config)
    let trainer = SubnetworkTrainer(task: task, pool: WorkerPool(threads: threads))
    guard let features = trainer.network.features else {
      throw EngineError.unsupported("model.kind: a network without a classifier has no features")
    }
    trainer.useWeights(ticket.parameters[k], mask: ticket.masks[k].bits)
    let labels = task.dataset.train.labels
    var sums = task.dataset.classNames.map { _ in [Double](repeating: 0, count: features.channels) }
    var counts = [Int](repeating: 0, count: sums.count)
    let samples = Array(labels.indices)
    for start in stride(from: 0, to: samples.count, by: trainer.network.capacity) {
      let chunk = samples[start..<min(start + trainer.network.capacity, samples.count)]
      try task.load(unchanged: chunk, into: trainer.network.input, pool: trainer.pool)
      trainer.evaluate(statistics: ticket.statistics[k])
      for (place, sample) in chunk.enumerated() {
        let label = Int(labels[sample])
        counts[label] += 1
        for channel in 0..<features.channels {
          sums[label][channel] += Double(
            features.storage[features.offset(sample: place, channel: channel, pixel: 0)])
        }
      }
    }
    if let empty = counts.firstIndex(of: 0) {
      throw DatasetError.impossible(
        "class '\(task.dataset.classNames[empty])' has no training sample, and so no mean")
    }
    return ClassEmbedding(
      vectors: zip(sums, counts).map { sum, count in
        sum.map { $0 / Double(count) }
      })
  }

  /// The subnetwork of a name; the only one without a name.
  /// - Throws: `EngineError.noSuchSubnetwork`.
  func index(of subnetwork: String?) throws -> Int {
    let names = subnetworkNames
    guard let subnetwork else {
      guard names.count == 1 else {
        throw EngineError.noSuchSubnetwork(nil, names: names)
      }
      return 0
    }
    guard let index = names.firstIndex(of: subnetwork) else {
      throw EngineError.noSuchSubnetwork(subnetwork, names: names)
    }
    return index
  }
}
