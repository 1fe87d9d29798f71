import Foundation
import NeuralNetworks
import Tensors
import Testing

@Suite struct AdamTests {
  let layout = Architecture.smallCNN.parameterLayout(outputs: 3)
  let pool = WorkerPool(threads: 2)

  func gradients(_ step: Int) -> FloatBuffer {
    var stream = RandomStream(seed: 2, purpose: "gradients", step)
    return FloatBuffer((0..<layout.count).map { _ in stream.normal() })
  }

  func randomMask(_ index: Int) -> BitVector {
    var stream = RandomStream(seed: 2, purpose: "mask", index)
    return BitVector((0..<layout.prunableCount).map { _ in stream.uniform() < 0.4 })
  }

  /// One parameter after updates with some gradients, in double precision.
  func reference(
    _ start: Float, _ gradients: [Float], steps: [Int], rate: Double, decay: Double = 0
  ) -> Double {
    var (x, m, v) = (Double(start), 0.0, 0.0)
    for (g, t) in zip(gradients, steps) {
      m = 0.9 * m + 0.1 * Double(g)
      v = 0.999 * v + 0.001 * Double(g) * Double(g)
      x *= 1 - rate * decay
      let root = (v / (1 - pow(0.999, Double(t)))).squareRoot()
      x -= rate / (1 - pow(0.9, Double(t))) * m / (root + 1e-8)
    }
    return x
  }

  @Test func unmaskedStepsAreAdam() {
    var stream = RandomStream(seed: 1, purpose: "theta")
    let theta = layout.initialParameters(from: &stream)
    let start = theta.values
    let adam = Adam(layout: layout, subnetworks: 1, pool: pool)
    let all = (1...4).map { gradients($0) }
    for g in all {
      adam.step(
        parameters: theta, gradients: g, mask: nil, subnetwork: 0, learningRate: 0.01)
    }
    for i in stride(from: 0, to: layout.count, by: 7) {
      let expected = reference(start[i], all.map { $0[i] }, steps: [1, 2, 3, 4], rate: 0.01)
      #expect(abs(Double(theta[i]) - expected) < 1e-6)
    }
  }

  @Test(arguments: [Adam.BiasCorrection.perSubnetwork, .perWeight])
  func nothingMovesOutsideTheMask(correction: Adam.BiasCorrection) {
    var stream = RandomStream(seed: 1, purpose: "theta")
    let theta = layout.initialParameters(from: &stream)
    var settings = Adam.Settings()
    settings.biasCorrection = correction
    settings.weightDecay = 0.1
    let adam = Adam(layout: layout, subnetworks: 3, settings: settings, pool: pool)
    // Momentum everywhere first.
    adam.step(
      parameters: theta, gradients: gradients(0), mask: nil, subnetwork: 0, learningRate: 0.01)
    for k in 0..<3 {
      let mask = randomMask(k)
      let frozen = layout.frozenRanges(keeping: k)
      let before = (theta.values, adam.firstMoments.values, adam.secondMoments.values)
      let counts = adam.weightCounts
      adam.step(
        parameters: theta, gradients: gradients(k + 1), mask: mask, subnetwork: k,
        learningRate: 0.01, frozen: frozen)
      var (still, moved) = (0, 0)
      for i in 0..<layout.count {
        let isActive =
          i < layout.prunableCount ? mask[i] : !frozen.contains { $0.contains(i) }
        let same =
          before.0[i].bitPattern == theta[i].bitPattern
          && before.1[i].bitPattern == adam.firstMoments[i].bitPattern
          && before.2[i].bitPattern == adam.secondMoments[i].bitPattern
          && (counts.isEmpty || counts[i] == adam.weightCounts[i])
        if same { still += 1 } else { moved += 1 }
        #expect(same == !isActive, "parameter \(i)")
      }
      #expect(still > 0 && moved > 0)
    }
    #expect(adam.stepCounts == [2, 1, 1])
  }

  @Test func biasCorrectionCountsWhatItSays() {
    let mask = BitVector((0..<layout.prunableCount).map { $0 == 5 })
    // Subnetwork 0 moves everything twice, then subnetwork 1 moves weight 5 alone.
    func run(_ correction: Adam.BiasCorrection) -> (Float, Float) {
      var settings = Adam.Settings()
      settings.biasCorrection = correction
      let theta = FloatBuffer(count: layout.count)
      let adam = Adam(layout: layout, subnetworks: 2, settings: settings, pool: pool)
      for step in 1...2 {
        adam.step(
          parameters: theta, gradients: gradients(step), mask: nil, subnetwork: 0,
          learningRate: 0.01)
      }
      adam.step(
        parameters: theta, gradients: gradients(3), mask: mask, subnetwork: 1,
        learningRate: 0.01)
      return (theta[5], theta[6])
    }
    let g5 = (1...3).map { gradients($0)[5] }
    let g6 = (1...2).map { gradients($0)[6] }
    let (own, other) = run(.perSubnetwork)
    #expect(abs(Double(own) - reference(0, g5, steps: [1, 2, 1], rate: 0.01)) < 1e-6)
    let (weight, untouched) = run(.perWeight)
    #expect(abs(Double(weight) - reference(0, g5, steps: [1, 2, 3], rate: 0.01)) < 1e-6)
    #expect(abs(own - weight) > 1e-4)
    for value in [other, untouched] {
      #expect(abs(Double(value) - reference(0, g6, steps: [1, 2], rate: 0.01)) < 1e-6)
    }
  }

  @Test func decayTouchesActivePrunableWeightsOnly() {
    var settings = Adam.Settings()
    settings.weightDecay = 0.5
    let theta = FloatBuffer(count: layout.count)
    theta.fill(1)
    let adam = Adam(layout: layout, subnetworks: 1, settings: settings, pool: pool)
    let mask = randomMask(9)
    let zero = FloatBuffer(count: layout.count)
    adam.step(
      parameters: theta, gradients: zero, mask: mask, subnetwork: 0, learningRate: 0.1)
    for i in 0..<layout.count {
      let decays = i < layout.prunableCount && mask[i]
      #expect(abs(theta[i] - (decays ? 0.95 : 1)) < 1e-6)
    }
  }
}
