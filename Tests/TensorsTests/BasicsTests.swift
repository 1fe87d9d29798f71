import Tensors
import Testing

@Suite struct BasicsTests {
  @Test func maskedCopyZeroesOutsideTheMaskOnly() {
    let source = FloatBuffer(normals(200, "source"))
    let mask = BitVector((0..<131).map { $0 % 3 == 0 })
    let target = FloatBuffer(count: 200)
    target.copy(from: source, keeping: mask)
    for i in 0..<200 {
      #expect(target[i] == (i >= 131 || i % 3 == 0 ? source[i] : 0))
    }
  }

  @Test(arguments: [0, 1, 63, 64, 65, 130])
  func prefixReplacesOnlyItself(length: Int) {
    var bits = BitVector((0..<130).map { $0 % 2 == 0 })
    bits.replacePrefix(with: BitVector((0..<length).map { $0 % 5 == 0 }))
    for i in 0..<130 { #expect(bits[i] == (i < length ? i % 5 == 0 : i % 2 == 0)) }
  }

  @Test func presenceMarksTheSamples() {
    let batch = LaneBatch(channels: 1, pixels: 1, capacity: 40)
    batch.count = 19
    #expect(batch.presence(group: 0) == Lanes(repeating: 1))
    #expect((0..<16).map { batch.presence(group: 1)[$0] } == (0..<16).map { $0 < 3 ? 1 : 0 })
  }

  @Test func hardSigmoidAndItsGradient() {
    let x: [Float] = [-4, -3, -1.5, 0, 2.9, 3, 7]
    let expected: [Float] = [0, 0, 0.25, 0.5, 5.9 / 6, 1, 1]
    for (value, gate) in zip(x, expected) {
      #expect(abs(Elementwise.hardSigmoid(Lanes(repeating: value))[3] - gate) < 1e-6)
      let slope = Elementwise.hardSigmoidGradient(
        Lanes(repeating: 12), at: Lanes(repeating: value))[5]
      #expect(slope == (abs(value) < 3 ? 2 : 0))
    }
  }

  @Test func processorHasWhatItRuns() {
    #expect(Processor.missingFeatures.isEmpty)
    #expect(Set(Processor.compiledFeatures).isSubset(of: Processor.presentFeatures))
  }

  @Test func coreTypeFollowsTheProcessor() {
    let wide = ["AVX-512F", "AVX-512BW", "AVX-512DQ", "AVX-512VL"]
    #expect(BLAS.recommendedCoreType(presentFeatures: ["AVX2", "FMA"] + wide) == "SkylakeX")
    #expect(BLAS.recommendedCoreType(presentFeatures: ["AVX", "AVX2", "FMA"]) == "Haswell")
    #expect(BLAS.recommendedCoreType(presentFeatures: ["AVX2", "FMA", "AVX-512F"]) == "Haswell")
    #expect(BLAS.recommendedCoreType(presentFeatures: ["AVX"]) == nil)
    #expect(!BLAS.coreName.isEmpty)
  }

  @Test func blasMultiplies() {
    BLAS.useOneThread()
    let (a, b) = (FloatBuffer([1, 2, 3, 4, 5, 6]), FloatBuffer([1, 0, 2, 1, 0, 3]))
    let c = FloatBuffer([1, 1, 1, 1])
    BLAS.multiply(
      a.pointer, b.pointer, into: c.pointer, rows: 2, inner: 3, columns: 2, beta: 1)
    #expect(c.values == [6, 12, 15, 24])
  }
}
