import Foundation
import NeuralNetworks
import Tensors
import Testing

/// Networks against PyTorch in double precision; `networks_fixture.py` describes the files.
@Suite struct NetworkFixtureTests {
  struct File: Decodable {
    struct Counts: Decodable {
      var full: Bool
      var width: Double
      var side, prunable, parameters, multiply_adds: Int
    }
    struct Parameter: Decodable {
      var name: String
      var shape: [Int]
      var prunable: Bool
      var offset: Int
      var base, scale: Float
    }
    struct Tensor: Decodable {
      var name: String
      var stride: Int
      var unit: Double
      var values: [Double]
    }
    var samples, outputs, side: Int
    var inputs: UInt64
    var loss: Double
    var counts: [Counts]?
    var parameters: [Parameter]
    var tensors: [Tensor]

    init(_ name: String) throws {
      let path = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/\(name).json")
      self = try JSONDecoder().decode(File.self, from: Data(contentsOf: path))
    }
  }

  /// What `recipe.py` builds.
  static let recipe: [StackLayer] = [
    .convolution(outputs: 16, kernel: 3, stride: 1), .batchNorm, .rectifier, .maxPool(size: 2),
    .residual(
      body: [
        .depthwise(kernel: 3, stride: 1), .batchNorm, .rectifier,
        .convolution(outputs: 16, kernel: 1, stride: 1), .batchNorm,
      ], shortcut: []),
    .rectifier,
    .residual(
      body: [
        .batchNorm, .rectifier, .convolution(outputs: 24, kernel: 3, stride: 2), .batchNorm,
      ],
      shortcut: [.convolution(outputs: 24, kernel: 1, stride: 2), .batchNorm]),
    .squeezeExcitation(reduction: 4),
    .residual(
      body: [
        .residual(
          body: [.convolution(outputs: 24, kernel: 3, stride: 1), .rectifier], shortcut: []),
        .residual(body: [.depthwise(kernel: 5, stride: 1)], shortcut: []),
      ], shortcut: []),
    .convolution(outputs: 16, kernel: 5, stride: 1), .rectifier, .averagePool(size: 2),
    .residual(
      body: [.globalPool, .linear(outputs: 20), .batchNorm],
      shortcut: [.flatten, .linear(outputs: 20)]),
    .batchNorm, .rectifier, .linear(outputs: 12), .rectifier,
  ]

  @Test("passes of the whole GhostNet at 64 × 64 and of a recipe with every layer")
  func passes() throws {
    for (name, architecture) in [
      ("full_ghostnet", Architecture.fullGhostNet(width: 0.25, side: 64)),
      ("recipe", .stack(Self.recipe, side: 16)),
    ] {
      try check(try File(name), architecture, name)
    }
  }

  @Test("counts of GhostNets of all widths are those of PyTorch's")
  func counts() throws {
    let table = try #require(try File("full_ghostnet").counts)
    #expect(table.count == 24)
    for row in table {
      let network: Architecture =
        row.full
        ? .fullGhostNet(width: row.width, side: row.side)
        : .ghostNet(width: row.width, side: row.side)
      let layout = network.parameterLayout(outputs: 2)
      #expect(layout.prunableCount == row.prunable, "\(network)")
      #expect(layout.count == row.parameters, "\(network)")
      // The last projection comes after the pooling, and so once; PyTorch's, too.
      #expect(network.multiplyAdds(outputs: 2) == row.multiply_adds, "\(network)")
      let layers = network.layers(outputs: 2)
      #expect(layers.reduce(0) { $0 + $1.prunable } == row.prunable)
      #expect(layers.reduce(0) { $0 + $1.prunable + $1.dense } == row.parameters)
      #expect(layers.reduce(0) { $0 + $1.multiplyAdds } == row.multiply_adds)
    }
  }

  private func check(_ file: File, _ architecture: Architecture, _ name: String) throws {
    let network = Network(
      architecture, outputs: file.outputs, capacity: 32, pool: WorkerPool(threads: 2))
    #expect(network.layout.slices.map(\.name) == file.parameters.map(\.name))
    #expect(network.layout.slices.map(\.shape) == file.parameters.map(\.shape))
    #expect(network.layout.slices.map(\.isPrunable) == file.parameters.map(\.prunable))
    #expect(network.layout.slices.map(\.range.lowerBound) == file.parameters.map(\.offset))
    let weights = FloatBuffer(count: network.layout.count)
    for entry in file.parameters {
      for i in entry.offset..<entry.offset + entry.shape.reduce(1, *) {
        weights[i] = entry.base + entry.scale * Fixture.unit(1, i)
      }
    }
    network.input.storage.fill(7)
    network.input.count = file.samples
    let pixels = file.side * file.side
    for index in 0..<file.samples * 3 * pixels {
      let at = network.input.offset(
        sample: index / (3 * pixels), channel: index / pixels % 3, pixel: index % pixels)
      network.input.storage[at] = 2 * Fixture.unit(file.inputs, index)
    }
    let statistics = BatchNormStatistics(layout: network.batchNormLayout)
    let gradients = FloatBuffer(count: network.layout.count)
    gradients.fill(.nan)
    network.forward(weights: weights, statistics: statistics, mode: .training)
    let loss = SoftmaxCrossEntropy.evaluate(
      logits: network.logits,
      labels: (0..<file.samples).map { Int(Fixture.hash(4, $0) % UInt64(file.outputs)) },
      gradient: network.logitGradient)
    #expect(abs(Double(loss) - file.loss) < 1e-5 * file.loss, "\(name)")
    var found = ["train.logits": logits(network)]
    network.backward(weights: weights, gradients: gradients)
    for slice in network.layout.slices {
      found["gradient.\(slice.name)"] = slice.range.map { gradients[$0] }
    }
    for entry in network.batchNormLayout.entries {
      found["\(entry.name).running_mean"] = entry.range.map { statistics.mean[$0] }
      found["\(entry.name).running_var"] = entry.range.map { statistics.variance[$0] }
    }
    network.forward(weights: weights, statistics: statistics, mode: .evaluation)
    found["eval.logits"] = logits(network)
    #expect(found.count == file.tensors.count, "\(name)")
    for tensor in file.tensors {
      let values = try #require(found[tensor.name], "\(name): \(tensor.name)")
      let worst = tensor.values.enumerated().reduce(0) { worst, expected in
        let difference = abs(Double(values[expected.offset * tensor.stride]) - expected.element)
        return difference.isNaN ? .infinity : max(worst, difference)
      }
      #expect(worst < 1e-4 * tensor.unit, "\(name): \(tensor.name): \(worst / tensor.unit)")
    }
  }

  private func logits(_ network: Network) -> [Float] {
    (0..<network.input.count * network.outputs).map { index in
      let (sample, unit) = (index / network.outputs, index % network.outputs)
      return network.logits.storage[
        network.logits.offset(sample: sample, channel: unit, pixel: 0)]
    }
  }
}
