internal import Datasets
internal import Experiments
internal import NeuralNetworks
internal import Tensors

/// A small network that predicts the subset of an image from the image alone.
///
/// It is the small plain network of this program (three convolutions of stride 2), trained with a softmax
/// cross entropy over the subsets on the images that the run trained on. It shares nothing with the
/// subnetworks: their early features differ by their masks, and reading them for all would cost as much as
/// the passes that the gate is to spare.
struct RoutingGate {
  /// Steps as large as quick runs of this network take.
  private static let learningRate = 1e-3

  let network: Network
  let epochs: Int
  let trainingSamples: Int
  private let parameters: FloatBuffer
  private let statistics: BatchNormStatistics
  private let task: ClassificationTask
  private let pool: WorkerPool

  /// Trains a gate; the same seed gives the same one, whatever the number of threads.
  /// - Parameter progress: told how many of how many epochs are done.
  /// - Throws: `DatasetError` if an image can no longer be read.
  init(
    task: ClassificationTask, epochs: Int, pool: WorkerPool,
    progress: (_ done: Int, _ all: Int) -> Void
  ) throws {
    let side = task.config.dataset.imageSize
    let batchSize = task.config.batchSize
    (self.task, self.pool, self.epochs) = (task, pool, epochs)
    network = Network(
      .smallCNN(side: side), outputs: task.subnetworkNames.count, capacity: batchSize, pool: pool)
    let seed = task.config.seed
    var draw = RandomStream(seed: seed, purpose: "gate initialization")
    parameters = network.layout.initialParameters(from: &draw)
    statistics = BatchNormStatistics(layout: network.batchNormLayout)
    let optimizer = Adam(layout: network.layout, subnetworks: 1, pool: pool)
    let gradients = FloatBuffer(count: network.layout.count)
    let images = task.dataset.train
    let members = (0..<images.count).compactMap { sample in
      task.subset(of: sample, in: images).map { (sample: sample, subset: $0) }
    }
    trainingSamples = members.count
    for epoch in 1...epochs {
      progress(epoch - 1, epochs)
      var order = members
      var random = RandomStream(seed: seed, purpose: "gate batches", epoch)
      random.shuffle(&order)
      for start in stride(from: 0, to: order.count, by: batchSize) {
        let batch = order[start..<min(start + batchSize, order.count)]
        // Batch statistics of one sample say nothing.
        guard batch.count > 1 else { continue }
        try task.load(
          unchanged: ArraySlice(batch.map(\.sample)), of: images, into: network.input, pool: pool)
        network.forward(weights: parameters, statistics: statistics, mode: .training)
        _ = SoftmaxCrossEntropy.evaluate(
          logits: network.logits, labels: batch.map(\.subset), gradient: network.logitGradient)
        network.backward(weights: parameters, gradients: gradients)
        optimizer.step(
          parameters: parameters, gradients: gradients, mask: nil, subnetwork: 0,
          learningRate: Self.learningRate)
      }
    }
    progress(epochs, epochs)
  }

  /// The subsets of some held-out images, the likeliest first; equally likely ones in their order.
  /// - Parameter samples: at most a batch of them.
  /// - Throws: `DatasetError` if an image can no longer be read.
  func ranking(_ samples: ArraySlice<Int>) throws -> [[Int]] {
    try task.load(
      unchanged: samples, of: task.dataset.test, into: network.input, pool: pool)
    network.forward(weights: parameters, statistics: statistics, mode: .evaluation)
    return samples.indices.map { index in
      let place = index - samples.startIndex
      let logits = (0..<network.outputs).map { unit in
        network.logits.storage[network.logits.offset(sample: place, channel: unit, pixel: 0)]
      }
      return logits.indices.sorted {
        logits[$0] > logits[$1] || (logits[$0] == logits[$1] && $0 < $1)
      }
    }
  }
}
