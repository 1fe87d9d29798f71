import Foundation
import NeuralNetworks
import Tensors
import Testing

/// The coordinate MLP against PyTorch in double precision, to 1e-4 of each tensor's largest value;
/// `coordinate_mlp_fixture.py` describes the file.
@Suite struct CoordinateMLPFixtureTests {
  struct File: Decodable {
    struct Streams: Decodable {
      var parameters, mask, inputs, targets: UInt64
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
      var values: [Double?]
    }
    var samples: Int
    var outputs: Int
    var learning_rate: Double
    var streams: Streams
    var input_scale: Float
    var prunable: Int
    var mask_ones: Int
    var loss: Double
    var losses: [Double]
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
      .appending(path: "Fixtures/coordinate_mlp.json")
    let file = try JSONDecoder().decode(File.self, from: Data(contentsOf: path))
    self.file = file
    network = Network(
      .coordinateMLP, outputs: file.outputs, capacity: 64, pool: WorkerPool(threads: 2))
    parameters = FloatBuffer(count: network.layout.count)
    for entry in file.parameters {
      for i in 0..<entry.shape.reduce(1, *) {
        parameters[entry.offset + i] =
          entry.scale * Fixture.unit(file.streams.parameters, entry.offset + i)
      }
    }
    targets = LaneBatch(channels: file.outputs, pixels: 1, capacity: 64)
    statistics = BatchNormStatistics(layout: network.batchNormLayout)
    fill(network.input, file.streams.inputs, file.input_scale)
    fill(targets, file.streams.targets, 1)
  }

  func fill(_ batch: LaneBatch, _ stream: UInt64, _ scale: Float) {
    batch.count = file.samples
    for sample in 0..<file.samples {
      for channel in 0..<batch.channels {
        batch.storage[batch.offset(sample: sample, channel: channel, pixel: 0)] =
          scale * Fixture.unit(stream, sample * batch.channels + channel)
      }
    }
  }

  func deviation(_ name: String, _ value: (Int) -> Float) throws -> Double {
    let tensor = try #require(file.tensors.first { $0.name == name })
    var worst = 0.0
    for (index, expected) in tensor.values.enumerated() {
      guard let expected else { continue }
      let difference = abs(Double(value(index * tensor.stride)) - expected)
      worst = difference.isNaN ? .infinity : max(worst, difference)
    }
    return worst / tensor.max
  }

  func forward(_ weights: FloatBuffer) -> Double {
    network.forward(weights: weights, statistics: statistics, mode: .training)
    return Double(
      MeanSquaredError.evaluate(
        outputs: network.logits, targets: targets, gradient: network.logitGradient))
  }

  @Test func namesShapesAndOrderArePyTorchs() {
    #expect(network.layout.slices.map(\.name) == file.parameters.map(\.name))
    #expect(network.layout.slices.map(\.shape) == file.parameters.map(\.shape))
    #expect(network.layout.slices.map(\.range.lowerBound) == file.parameters.map(\.offset))
    #expect(network.layout.prunableCount == file.prunable)
  }

  @Test func outputsAndGradients() throws {
    #expect(abs(forward(parameters) - file.loss) < 1e-5 * file.loss)
    let outputs = try deviation("outputs") { index in
      network.logits.storage[
        network.logits.offset(
          sample: index / file.outputs, channel: index % file.outputs, pixel: 0)]
    }
    #expect(outputs < 1e-4)
    let gradients = FloatBuffer(count: network.layout.count)
    gradients.fill(.nan)
    network.backward(weights: parameters, gradients: gradients)
    for slice in network.layout.slices {
      let worst = try deviation("gradient.\(slice.name)") { gradients[slice.range.lowerBound + $0] }
      #expect(worst < 1e-4, "\(slice.name): \(worst)")
    }
  }

  @Test func maskedAdamSteps() throws {
    let mask = BitVector(
      (0..<file.prunable).map { Fixture.hash(file.streams.mask, $0) >> 63 == 1 })
    #expect(mask.populationCount == file.mask_ones)
    network.use(mask: mask)
    let adam = Adam(layout: network.layout, subnetworks: 1, pool: WorkerPool(threads: 1))
    let weights = FloatBuffer(count: network.layout.count)
    let gradients = FloatBuffer(count: network.layout.count)
    let initial = parameters.values
    for expected in file.losses {
      weights.copy(from: parameters, keeping: mask)
      #expect(abs(forward(weights) - expected) < 1e-4 * expected)
      network.backward(weights: weights, gradients: gradients)
      adam.step(
        parameters: parameters, gradients: gradients, mask: mask, subnetwork: 0,
        learningRate: file.learning_rate)
    }
    for slice in network.layout.slices {
      let worst = try deviation("adam.\(slice.name)") { parameters[slice.range.lowerBound + $0] }
      #expect(worst < 1e-4, "\(slice.name): \(worst)")
    }
    for i in 0..<mask.count where !mask[i] {
      #expect(parameters[i].bitPattern == initial[i].bitPattern)
    }
  }
}
