package import Datasets
package import Experiments
package import NeuralNetworks
package import Tensors

/// Classification as the engine sees it: which model, which subsets, which loss, which metric.
package struct ClassificationTask: LotteryTask, BatchFeeder {
  /// The config, with the subsets written out where the program found them, and the hash of a file that
  /// θ₀ comes from.
  package let config: ExperimentConfig
  package let dataset: ImageDataset
  /// The names of the K subnetworks, in order.
  package let subnetworkNames: [String]
  private let partition: Partition
  private let samplers: [EpochSampler]
  private let loader: BatchLoader

  /// Loads the data and splits it.
  /// - Throws: `DatasetError` for missing or corrupt files, `EngineError` for what does not fit.
  package init(_ config: ExperimentConfig) throws {
    guard ModelCatalogue.architecture(of: config).inputShape.channels == LabeledImages.channels
    else {
      throw EngineError.unsupported(
        "model.kind: '\(config.model.kind.rawValue)' reads no images; a classifier needs one that does"
      )
    }
    dataset = try DatasetCatalogue.load(config.dataset, seed: config.seed)
    var config = try ModelCatalogue.withInitialHash(config)
    config.subsets = try SubsetCatalogue.resolved(config.subsets, of: dataset, seed: config.seed)
    self.config = config
    partition = try SubsetCatalogue.partition(dataset, config.subsets)
    let isBinary = config.task.kind == .binary
    guard !isBinary || config.subsets.by != .all else {
      throw EngineError.unsupported(
        "task.kind: a binary task has no negatives when subsets.by is 'all'; use 'multiclass'")
    }
    let rule: EpochSampler.Rule =
      !isBinary ? .multiclass : config.task.negatives == .balanced ? .balanced : .natural
    subnetworkNames = partition.subsets.map(\.name)
    samplers = partition.subsets.indices.map { [partition, dataset] in
      EpochSampler(
        rule, partition: partition, subset: $0, labels: dataset.train.labels,
        batchSize: config.batchSize)
    }
    loader = BatchLoader(dataset, normalize: config.dataset.normalization == .perChannel)
  }

  // MARK: - The network

  /// Output units of the network (paper §10).
  package var outputs: Int {
    guard config.task.kind == .binary else { return dataset.classNames.count }
    return config.task.outputs == .single ? 1 : subnetworkNames.count
  }

  /// The unit subnetwork k is trained and read on.
  private func unit(of k: Int) -> Int { config.task.outputs == .single ? 0 : k }

  package var architecture: Architecture { ModelCatalogue.architecture(of: config) }

  package func drawnParameters(layout: ParameterLayout) -> FloatBuffer {
    var random = RandomStream(seed: config.seed, purpose: "initialization")
    return layout.initialParameters(from: &random, rule: ModelCatalogue.kaimingRule(config.model))
  }

  /// Dense parameters that a step of subnetwork k must not touch: the output units of the others.
  package func frozenRanges(subnetwork k: Int, layout: ParameterLayout) -> [Range<Int>] {
    guard config.task.kind == .binary, config.task.outputs == .perSubset else { return [] }
    return layout.frozenRanges(keeping: unit(of: k))
  }

  // MARK: - Training

  /// Mini-batches of subnetwork k in an epoch.
  package func stepsPerEpoch(subnetwork k: Int) -> Int { samplers[k].batchesPerEpoch }

  /// The mini-batches of an epoch; the same for the same seed and place.
  package func epoch(stage: Stage, round: Int, subnetwork k: Int, epoch: Int) -> [Minibatch] {
    var random = RandomStream(
      seed: config.seed, purpose: "\(stage.rawValue) batches", round, k, epoch)
    return samplers[k].epoch(random: &random)
  }

  /// Fills the network's input with training images.
  /// - Throws: `DatasetError` if an image can no longer be read.
  package func load(
    _ batch: Minibatch, into input: LaneBatch, random: inout RandomStream, pool: WorkerPool
  ) throws {
    try loader.fill(
      input, with: batch.samples, of: dataset.train,
      augmentation: config.dataset.augmentation == .none ? .none : .shiftAndFlip,
      random: &random, pool: pool)
  }

  /// The mean loss of the network's logits; leaves its gradient in the network.
  package func loss(_ batch: Minibatch, subnetwork k: Int, network: Network) -> Double {
    guard config.task.kind == .binary else {
      return Double(
        SoftmaxCrossEntropy.evaluate(
          logits: network.logits, labels: batch.labels.map { Int($0) },
          gradient: network.logitGradient))
    }
    return Double(
      BinaryCrossEntropy.evaluate(
        logits: network.logits, output: unit(of: k), labels: batch.labels.map { Float($0) },
        gradient: network.logitGradient))
  }

  /// Fills a network's input with images as they are: training images, held-out ones or others of
  /// their size.
  /// - Throws: as above.
  package func load(
    unchanged samples: ArraySlice<Int>, of images: LabeledImages, into input: LaneBatch,
    pool: WorkerPool
  ) throws {
    var unused = RandomStream(seed: 0, purpose: "no augmentation")
    try loader.fill(input, with: samples, of: images, random: &unused, pool: pool)
  }

  // MARK: - Held-out data

  package var calibrationSamples: Int { dataset.calibration.count }

  /// The classes that belong to subset k.
  package func subsetLabels(_ k: Int) -> [UInt8] { partition.subsets[k].labels }

  /// Whether a sample is one that subnetwork k is judged on: of its domain, where subsets are domains.
  /// - Parameter images: what the sample is of; `nil` is the held-out ones.
  func isJudged(_ sample: Int, of images: LabeledImages? = nil, subnetwork k: Int) -> Bool {
    partition.subsets[k].domain.map { (images ?? dataset.test).domains[sample] == $0 } ?? true
  }

  /// The subset that a sample belongs to; `nil` for one of a class that is in none.
  func subset(of sample: Int, in images: LabeledImages) -> Int? {
    partition.subsets.firstIndex { subset in
      subset.domain.map { images.domains[sample] == $0 }
        ?? subset.labels.contains(images.labels[sample])
    }
  }

  /// All held-out samples.
  package var heldOutSamples: [Int] { Array(0..<dataset.test.count) }

  /// The held-out samples that judge the extraction of a round, spread evenly over the classes.
  package var roundSamples: [Int] {
    dataset.test.indicesSpread(
      config.evaluation.roundSamples, classes: dataset.classNames.count)
  }

  /// Scores a subnetwork gives each sample: its own logit, or one per class.
  package var scoresPerSample: Int {
    config.task.kind == .binary ? 1 : dataset.classNames.count
  }

  /// Column names of the scores of all subnetworks.
  package var scoreNames: [String] {
    config.task.kind == .binary ? subnetworkNames : dataset.classNames
  }

  /// Adds the scores of a sample of the network's present batch.
  package func appendScores(
    of sample: Int, subnetwork k: Int, network: Network, to scores: inout [Float]
  ) {
    let units = config.task.kind == .binary ? unit(of: k)..<unit(of: k) + 1 : 0..<outputs
    for unit in units {
      scores.append(
        network.logits.storage[network.logits.offset(sample: sample, channel: unit, pixel: 0)])
    }
  }
}
