package import Datasets
package import Experiments
package import NeuralNetworks
package import Tensors

/// An implicit representation of a picture (paper §6): from the features of a point to its colour,
/// colours being in 0…1.
///
/// Subnetwork k shows region k. The baseline is one subnetwork for the whole picture, which is told the
/// region of a point.
package struct PictureTask: LotteryTask, BatchFeeder {
  package let config: ExperimentConfig
  package let subnetworkNames: [String]
  package let architecture: Architecture
  /// The values of a colour.
  package static let channels = 3
  package let outputs = PictureTask.channels
  /// The picture with its regions.
  package let image: RegionImage
  /// The features of its points.
  let features: FourierFeatures
  /// The points of each subnetwork, ascending.
  let points: [[Int]]
  /// The picture as screens get it.
  let preview: PicturePreview

  /// Reads the picture and its map.
  /// - Throws: `DatasetError` for files that are missing, corrupt, or do not fit each other.
  package init(_ config: ExperimentConfig) throws {
    self.config = try ModelCatalogue.withInitialHash(config)
    image = try DatasetCatalogue.picture(config.dataset)
    features = FourierFeatures(width: image.picture.width, height: image.picture.height)
    preview = PicturePreview(of: image)
    architecture = ModelCatalogue.architecture(of: config)
    if config.subsets.by == .all {
      subnetworkNames = ["all"]
      points = [Array(0..<image.count)]
    } else {
      subnetworkNames = image.regionNames
      points = image.regionNames.indices.map(image.map.pixels(of:))
    }
  }

  /// Drawn for the baseline's network; where no region is told, the inputs that would tell it are left
  /// out of the first layer, and all else is the same.
  package func drawnParameters(layout: ParameterLayout) -> FloatBuffer {
    var random = RandomStream(seed: config.seed, purpose: "initialization")
    let whole = Architecture.embeddedCoordinateMLP.parameterLayout(outputs: outputs)
    let drawn = whole.initialParameters(
      from: &random, rule: ModelCatalogue.kaimingRule(config.model))
    let parameters = FloatBuffer(count: layout.count)
    for slice in layout.slices {
      guard let source = whole.slice(named: slice.name), let rows = slice.shape.first else {
        continue
      }
      let (kept, width) = (slice.range.count / rows, source.range.count / rows)
      for (index, place) in slice.range.enumerated() {
        let (row, column) = index.quotientAndRemainder(dividingBy: kept)
        parameters[place] = drawn[source.range.lowerBound + row * width + column]
      }
    }
    return parameters
  }

  // MARK: - Training

  /// As many for every region; one network for the whole picture takes as many as all regions together,
  /// so that θ is moved as often and as many points are seen.
  package func stepsPerEpoch(subnetwork k: Int) -> Int {
    config.task.stepsPerEpoch * (config.subsets.by == .all ? image.map.count : 1)
  }

  /// The points in an order drawn from the seed, again and again; a region that fits into a mini-batch is
  /// seen as a whole each time.
  package func epoch(
    stage: Stage, round: Int, subnetwork k: Int, epoch: Int
  ) -> [Minibatch] {
    let steps = stepsPerEpoch(subnetwork: k)
    var order = points[k]
    guard order.count > config.batchSize else {
      return Array(repeating: Minibatch(samples: order, labels: []), count: steps)
    }
    var random = RandomStream(
      seed: config.seed, purpose: "\(stage.rawValue) batches", round, k, epoch)
    var next = 0
    return (0..<steps).map { _ in
      if next + config.batchSize > order.count { next = 0 }
      for place in next..<next + config.batchSize {
        order.swapAt(place, place + random.index(below: order.count - place))
      }
      next += config.batchSize
      return Minibatch(samples: Array(order[next - config.batchSize..<next]), labels: [])
    }
  }

  package func load(
    _ batch: Minibatch, into input: LaneBatch, random: inout RandomStream, pool: WorkerPool
  ) {
    load(batch.samples, of: features, regions: image.map, into: input)
  }

  package func loss(_ batch: Minibatch, subnetwork k: Int, network: Network) -> Double {
    let targets = LaneBatch(channels: outputs, pixels: 1, capacity: batch.count)
    for (sample, point) in batch.samples.enumerated() {
      for channel in 0..<outputs {
        targets.storage[targets.offset(sample: sample, channel: channel, pixel: 0)] =
          color(of: point, channel)
      }
    }
    return Double(
      MeanSquaredError.evaluate(
        outputs: network.logits, targets: targets, gradient: network.logitGradient))
  }

  /// Fills the network's input with points of a grid over the picture.
  func load(
    _ points: some Collection<Int>, of grid: FourierFeatures, regions: RegionMap,
    into input: LaneBatch
  ) {
    grid.fill(input, with: points)
    guard input.channels > FourierFeatures.count else { return }
    for (sample, point) in points.enumerated() {
      input.storage[input.offset(sample: sample, channel: FourierFeatures.count, pixel: 0)] =
        Float(regions.regions[point])
    }
  }

  /// A value of the picture.
  func color(of point: Int, _ channel: Int) -> Float {
    Float(image.picture.bytes[point * outputs + channel]) / 255
  }
}
