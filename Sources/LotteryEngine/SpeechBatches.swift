internal import Datasets
internal import NeuralNetworks
internal import Tensors

/// Takes mixtures to a network as spectra, and its masks to the loss of the enhanced sounds.
final class SpeechBatches: BatchFeeder {
  private let task: SpeechTask
  private let loss: EnhancementLoss
  /// The speech in the mixtures last loaded.
  private var clean: [[Float]] = []

  init(_ task: SpeechTask, _ loss: EnhancementLoss) { (self.task, self.loss) = (task, loss) }

  func load(
    _ batch: Minibatch, into input: LaneBatch, random: inout RandomStream, pool: WorkerPool
  ) {
    let mixtures = batch.samples.map(task.mixture)
    clean = mixtures.map(\.clean)
    loss.prepare(noisy: mixtures.map(\.noisy), into: input)
  }

  func loss(_ batch: Minibatch, subnetwork k: Int, network: Network) -> Double {
    loss.evaluate(outputs: network.logits, clean: clean, gradient: network.logitGradient)
  }
}
