import NeuralNetworks
import Tensors
import Testing

/// A network is made anew for every stage; what it holds must go with it.
@Suite struct NetworkMemoryTests {
  @Test(arguments: [Architecture.ghostNet, .smallCNN], [1, 2])
  func goesWithItsLastOwner(architecture: Architecture, threads: Int) {
    weak var network: Network?
    weak var input: LaneBatch?
    do {
      let made = Network(
        architecture, outputs: 2, capacity: 4, pool: WorkerPool(threads: threads))
      let weights = FloatBuffer(count: made.layout.count)
      let gradients = FloatBuffer(count: made.layout.count)
      let statistics = BatchNormStatistics(layout: made.batchNormLayout)
      made.input.count = 3
      made.forward(weights: weights, statistics: statistics, mode: .training)
      made.backward(weights: weights, gradients: gradients)
      (network, input) = (made, made.input)
    }
    #expect(network == nil)
    #expect(input == nil)
  }
}
