import NeuralNetworks
import Tensors
import Testing

/// The network against PyTorch in double precision, to 1e-4 of each tensor's largest value.
@Suite struct GhostNetFixtureTests {
  let fixture: Fixture
  let reference: [Float]
  let network: Network
  let parameters: FloatBuffer

  init() throws {
    (fixture, reference) = try Fixture.load()
    network = Network(
      .ghostNet, outputs: fixture.classes, capacity: 32, pool: WorkerPool(threads: 2))
    parameters = fixture.initialParameters()
    fixture.fill(network.input)
  }

  /// The largest deviation from a stored tensor, relative to the tensor's largest value; NaN in
  /// the file means that float32 cannot have the value.
  func deviation(_ name: String, _ values: (Int) -> Float) throws -> Double {
    let tensor = try #require(fixture.tensors.first { $0.name == name })
    var worst = 0.0
    for i in 0..<tensor.count {
      let expected = reference[tensor.offset + i]
      if expected.isNaN { continue }
      let difference = abs(Double(values(i * tensor.stride)) - Double(expected))
      worst = difference.isNaN ? .infinity : max(worst, difference)
    }
    return worst / max(tensor.max, 1e-30)
  }

  func logit(_ index: Int) -> Float {
    let (sample, unit) = (index / fixture.classes, index % fixture.classes)
    return network.logits.storage[
      network.logits.offset(sample: sample, channel: unit, pixel: 0)]
  }

  func evaluateLoss() -> Float {
    BinaryCrossEntropy.evaluate(
      logits: network.logits, output: fixture.unit, labels: fixture.labels,
      gradient: network.logitGradient)
  }

  func checkStatistics(_ prefix: String, _ statistics: BatchNormStatistics) throws {
    for entry in network.batchNormLayout.entries {
      for (kind, buffer) in [
        ("running_mean", statistics.mean), ("running_var", statistics.variance),
      ] {
        let name = "\(prefix).\(kind).\(entry.name)"
        guard fixture.tensors.contains(where: { $0.name == name }) else { continue }
        let worst = try deviation(name) { buffer[entry.range.lowerBound + $0] }
        #expect(worst < 1e-4, "\(name): \(worst)")
      }
    }
  }

  @Test func namesShapesAndOrderArePyTorchs() {
    let slices = network.layout.slices
    #expect(slices.map(\.name) == fixture.parameters.map(\.name))
    #expect(slices.map(\.shape) == fixture.parameters.map(\.shape))
    #expect(slices.map(\.range.lowerBound) == fixture.parameters.map(\.offset))
    #expect(slices.map(\.isPrunable) == fixture.parameters.map(\.prunable))
    #expect(network.layout.prunableCount == fixture.prunable)
    #expect(Array(fixture.first_inputs) == (0..<4).map { network.input.storage[$0 * 16] })
  }

  @Test func trainingPassThenGradientsThenEvaluation() throws {
    let statistics = BatchNormStatistics(layout: network.batchNormLayout)
    network.forward(weights: parameters, statistics: statistics, mode: .training)
    #expect(try deviation("train.logits", logit) < 1e-4)
    #expect(abs(Double(evaluateLoss()) - fixture.loss) < 1e-5 * fixture.loss)
    try checkStatistics("train", statistics)

    let gradients = FloatBuffer(count: network.layout.count)
    gradients.fill(.nan)
    network.backward(weights: parameters, gradients: gradients)
    for slice in network.layout.slices {
      if fixture.vanishing.contains(slice.name) {
        for i in slice.range { #expect(abs(gradients[i]) < 1e-5, "\(slice.name)") }
        continue
      }
      let worst = try deviation("gradient.\(slice.name)") { gradients[slice.range.lowerBound + $0] }
      #expect(worst < 1e-4, "\(slice.name): \(worst)")
    }

    network.forward(weights: parameters, statistics: statistics, mode: .evaluation)
    #expect(try deviation("eval.logits", logit) < 1e-4)
  }

  @Test func threeMaskedAdamSteps() throws {
    let mask = fixture.mask()
    #expect(mask.populationCount == fixture.mask_ones)
    let adam = Adam(
      layout: network.layout, subnetworks: 10, pool: WorkerPool(threads: 1))
    let statistics = BatchNormStatistics(layout: network.batchNormLayout)
    let weights = FloatBuffer(count: network.layout.count)
    let gradients = FloatBuffer(count: network.layout.count)
    let initial = parameters.values
    for step in 1...fixture.adam.steps {
      weights.copy(from: parameters, keeping: mask)
      network.forward(weights: weights, statistics: statistics, mode: .training)
      let worst = try deviation("adam.logits.\(step)", logit)
      #expect(worst < 1e-4, "logits of step \(step): \(worst)")
      let expected = fixture.adam.losses[step - 1]
      #expect(abs(Double(evaluateLoss()) - expected) < 1e-4 * expected)
      network.backward(weights: weights, gradients: gradients)
      adam.step(
        parameters: parameters, gradients: gradients, mask: mask, subnetwork: 3,
        learningRate: fixture.adam.learning_rate,
        frozen: network.layout.frozenRanges(keeping: fixture.unit))
    }
    for slice in network.layout.slices where !fixture.vanishing.contains(slice.name) {
      for (kind, buffer) in [
        ("parameter", parameters), ("first_moment", adam.firstMoments),
        ("second_moment", adam.secondMoments),
      ] {
        let worst = try deviation("adam.\(kind).\(slice.name)") {
          buffer[slice.range.lowerBound + $0]
        }
        #expect(worst < 1e-4, "\(kind) of \(slice.name): \(worst)")
      }
    }
    for i in 0..<mask.count where !mask[i] {
      #expect(parameters[i].bitPattern == initial[i].bitPattern)
    }
    try checkStatistics("adam", statistics)
  }
}
