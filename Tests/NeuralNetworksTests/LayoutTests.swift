import NeuralNetworks
import Tensors
import Testing

@Suite struct LayoutTests {
  @Test func ghostNetHasThePapersCounts() {
    let layout = Architecture.ghostNet.parameterLayout(outputs: 2)
    #expect(layout.prunableCount == 125_832)
    #expect(layout.count == 141_662)
    #expect(Architecture.ghostNet.multiplyAdds(outputs: 2) == 1_300_432)
  }

  @Test func coordinateMLPHasThePapersCounts() {
    let layout = Architecture.coordinateMLP.parameterLayout(outputs: 3)
    #expect(layout.prunableCount == 53_888)
    #expect(layout.count == 53_888 + 4 * 128 + 3)
    #expect(Architecture.coordinateMLP.multiplyAdds(outputs: 3) == 53_888)
    #expect(
      layout.prunableLayers.map(\.shape) == [
        [128, 34], [128, 128], [128, 128], [128, 128], [3, 128],
      ])
    #expect(layout.slice(named: "layers.4.bias")?.shape == [3])
    var stream = RandomStream(seed: 4, purpose: "initialization")
    let theta = layout.initialParameters(from: &stream)
    for slice in layout.slices {
      let squares = slice.range.reduce(0) { $0 + theta[$1] * theta[$1] }
      let deviation = (squares / Float(slice.range.count)).squareRoot()
      guard slice.isPrunable else {
        #expect(deviation == 0, "\(slice.name)")
        continue
      }
      // The first layer is cut out of the baseline's, which reads 16 values more.
      let inputs = slice.shape[1] == 34 ? 50 : slice.shape[1]
      let expected = (2 / Float(inputs)).squareRoot()
      #expect(abs(deviation / expected - 1) < 0.1, "\(slice.name)")
    }
  }

  @Test(arguments: Architecture.allCases)
  func prunableSlicesComeFirstAndFillTheMask(architecture: Architecture) {
    let layout = architecture.parameterLayout(outputs: 10)
    var start = 0
    for slice in layout.slices {
      #expect(slice.range.lowerBound == start)
      #expect(slice.range.count == slice.shape.reduce(1, *))
      #expect(slice.isPrunable == (slice.range.upperBound <= layout.prunableCount))
      start = slice.range.upperBound
    }
    #expect(start == layout.count)
    #expect(layout.prunableLayers.last?.range.upperBound == layout.prunableCount)
  }

  @Test(arguments: Architecture.allCases)
  func statisticsFillTheirBuffers(architecture: Architecture) {
    let layout = architecture.batchNormLayout()
    var start = 0
    for entry in layout.entries {
      #expect(entry.range.lowerBound == start)
      start = entry.range.upperBound
    }
    #expect(start == layout.channels)
    let statistics = BatchNormStatistics(layout: layout)
    #expect(statistics.mean.values.allSatisfy { $0 == 0 })
    #expect(statistics.variance.values.allSatisfy { $0 == 1 })
  }

  @Test func frozenRangesLeaveOneRow() {
    let layout = Architecture.ghostNet.parameterLayout(outputs: 10)
    for output in [0, 3, 9] {
      var frozen = Set<Int>()
      for range in layout.frozenRanges(keeping: output) { frozen.formUnion(range) }
      #expect(frozen.count == 9 * 129)
      let weight = layout.slice(named: "classifier.weight")?.range.lowerBound ?? 0
      let bias = layout.slice(named: "classifier.bias")?.range.lowerBound ?? 0
      #expect((0..<128).allSatisfy { !frozen.contains(weight + output * 128 + $0) })
      #expect(!frozen.contains(bias + output))
      #expect(frozen.allSatisfy { $0 >= weight })
    }
  }

  @Test func initialParametersFollowTheirRules() throws {
    let layout = Architecture.ghostNet.parameterLayout(outputs: 10)
    var stream = RandomStream(seed: 4, purpose: "initialization")
    let theta = layout.initialParameters(from: &stream)
    var again = RandomStream(seed: 4, purpose: "initialization")
    #expect(layout.initialParameters(from: &again).values == theta.values)

    func values(_ name: String) throws -> [Float] {
      let range = try #require(layout.slice(named: name)).range
      return range.map { theta[$0] }
    }
    #expect(try values("stem.bn.weight").allSatisfy { $0 == 1 })
    #expect(try values("stem.bn.bias").allSatisfy { $0 == 0 })
    let wide = try values("head.project.weight")
    let deviation = (wide.reduce(0) { $0 + $1 * $1 } / Float(wide.count)).squareRoot()
    #expect(abs(deviation / (2 / Float(184)).squareRoot() - 1) < 0.03)
    let linear = try values("classifier.weight")
    #expect(linear.allSatisfy { abs($0) <= 1 / Float(128).squareRoot() })
    #expect(Set(linear).count > 1000)
  }
}
