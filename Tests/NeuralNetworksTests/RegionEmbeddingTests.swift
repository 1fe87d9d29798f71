import Foundation
import NeuralNetworks
import Tensors
import Testing

/// The perceptron with a region embedding against PyTorch in double precision, and its gradient against
/// differences; `region_embedding_fixture.py` describes the file.
@Suite struct RegionEmbeddingTests {
  struct File: Decodable {
    struct Streams: Decodable {
      var parameters, inputs, targets: UInt64
    }
    struct Parameter: Decodable {
      var name: String
      var shape: [Int]
      var offset: Int
      var scale: Float
    }
    struct Tensor: Decodable {
      var name: String
      var stride: Int
      var max: Double
      var values: [Double]
    }
    var samples: Int
    var outputs: Int
    var regions: [Int]
    var loss: Double
    var input_scale: Float
    var streams: Streams
    var parameters: [Parameter]
    var tensors: [Tensor]
  }

  let file: File
  let network: Network
  let parameters: FloatBuffer
  let targets: LaneBatch
  let statistics: BatchNormStatistics

  init() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/region_embedding.json")
    file = try JSONDecoder().decode(File.self, from: Data(contentsOf: path))
    network = Network(
      .embeddedCoordinateMLP, outputs: file.outputs, capacity: 64, pool: WorkerPool(threads: 2))
    parameters = FloatBuffer(count: network.layout.count)
    for entry in file.parameters {
      let slice = try #require(network.layout.slice(named: entry.name))
      #expect(slice.shape == entry.shape)
      for (i, place) in slice.range.enumerated() {
        parameters[place] = entry.scale * Fixture.unit(file.streams.parameters, entry.offset + i)
      }
    }
    targets = LaneBatch(channels: file.outputs, pixels: 1, capacity: 64)
    targets.count = file.samples
    network.input.count = file.samples
    statistics = BatchNormStatistics(layout: network.batchNormLayout)
    let features = network.input.channels - 1
    for (sample, region) in file.regions.enumerated() {
      for channel in 0..<features {
        network.input.storage[network.input.offset(sample: sample, channel: channel, pixel: 0)] =
          file.input_scale * Fixture.unit(file.streams.inputs, sample * features + channel)
      }
      network.input.storage[network.input.offset(sample: sample, channel: features, pixel: 0)] =
        Float(region)
      for channel in 0..<file.outputs {
        targets.storage[targets.offset(sample: sample, channel: channel, pixel: 0)] =
          Fixture.unit(file.streams.targets, sample * file.outputs + channel)
      }
    }
  }

  private func loss(_ parameters: FloatBuffer) -> Double {
    network.forward(weights: parameters, statistics: statistics, mode: .training)
    return Double(
      MeanSquaredError.evaluate(
        outputs: network.logits, targets: targets, gradient: network.logitGradient))
  }

  @Test func outputsAndGradientsArePyTorchs() throws {
    #expect(network.layout.prunableCount == 53_888 + 16 * 128)
    #expect(network.layout.count == network.layout.prunableCount + 64 * 16 + 4 * 128 + 3)
    #expect(abs(loss(parameters) - file.loss) < 1e-5 * file.loss)
    let gradients = FloatBuffer(count: network.layout.count)
    gradients.fill(.nan)
    network.backward(weights: parameters, gradients: gradients)
    #expect(file.tensors.count == 4)
    for tensor in file.tensors {
      let slice = network.layout.slice(named: tensor.name)
      for (index, expected) in tensor.values.enumerated() {
        let place = index * tensor.stride
        let value =
          slice.map { gradients[$0.range.lowerBound + place] }
          ?? network.logits.storage[
            network.logits.offset(
              sample: place / file.outputs, channel: place % file.outputs, pixel: 0)]
        #expect(abs(Double(value) - expected) < 1e-4 * tensor.max, "\(tensor.name) \(place)")
      }
    }
  }

  @Test func embeddingGradientEqualsDifferences() throws {
    let slice = try #require(network.layout.slice(named: "embedding.weight"))
    _ = loss(parameters)
    let gradients = FloatBuffer(count: network.layout.count)
    network.backward(weights: parameters, gradients: gradients)
    var stream = RandomStream(seed: 3, purpose: "gradients")
    for region in [0, 2, 63] {
      let row = slice.range.lowerBound + region * 16..<slice.range.lowerBound + region * 16 + 16
      let direction = row.map { _ in Double(stream.normal()) }
      let predicted = zip(row, direction).reduce(0) { $0 + Double(gradients[$1.0]) * $1.1 }
      let step = 1e-3
      let ends = [1.0, -1.0].map { sign in
        let moved = FloatBuffer(parameters.values)
        for (i, slope) in zip(row, direction) { moved[i] += Float(sign * step * slope) }
        return loss(moved)
      }
      let norm = row.reduce(0.0) { $0 + Double(gradients[$1] * gradients[$1]) }.squareRoot()
      #expect(norm > 1e-4)
      #expect(abs((ends[0] - ends[1]) / (2 * step) - predicted) < 0.05 * norm * 4)
    }
    // A region without samples has no gradient.
    let empty = slice.range.lowerBound + 9 * 16..<slice.range.lowerBound + 10 * 16
    #expect(empty.allSatisfy { gradients[$0] == 0 })
  }

  @Test func bothNetworksDrawTheSameFirstLayer() throws {
    let narrow = Architecture.coordinateMLP.parameterLayout(outputs: 3)
    #expect(narrow.prunableCount == 53_888)
    let first = try #require(narrow.slices.first)
    let wide = try #require(network.layout.slices.first)
    #expect(first.initialization == wide.initialization)
  }
}
