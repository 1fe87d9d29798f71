import Tensors
import Testing

/// Choosing the smallest magnitudes, compared with sorting.
@Suite struct SelectionTests {
  /// What is left after sorting by magnitude, then index, and taking the first.
  private func sorted(
    _ bits: BitVector, _ weights: [Float], _ count: Int, in range: Range<Int>
  ) -> BitVector {
    func key(_ index: Int) -> (UInt32, Int) { (weights[index].bitPattern & 0x7fff_ffff, index) }
    var left = bits
    let order = range.filter { bits[$0] }.sorted { key($0) < key($1) }
    for index in order.prefix(count) { left[index] = false }
    return left
  }

  private func selected(
    _ bits: BitVector, _ weights: [Float], _ count: Int, in range: Range<Int>
  ) -> BitVector {
    var left = bits
    weights.withUnsafeBufferPointer { left.clearSmallest(count, in: range, weights: $0) }
    return left
  }

  private func check(
    _ weights: [Float], density: Float, counts: [Int], _ name: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var random = RandomStream(seed: 4, purpose: name)
    let bits = BitVector(weights.map { _ in random.uniform() < density })
    let cut = random.index(below: weights.count + 1)
    for range in [0..<weights.count, 0..<cut, cut..<weights.count] {
      for count in counts {
        #expect(
          selected(bits, weights, count, in: range) == sorted(bits, weights, count, in: range),
          "\(name): \(count) in \(range)", sourceLocation: sourceLocation)
      }
    }
  }

  @Test(arguments: [1, 63, 64, 65, 200, 1001, 50_001])
  func randomWeights(length: Int) {
    let weights = normals(length, "selection", length)
    check(
      weights, density: 0.7, counts: [0, 1, length / 3, length - 1, length, length + 9],
      "normal \(length)")
  }

  @Test func manyTies() {
    var random = RandomStream(seed: 4, purpose: "ties")
    let weights = (0..<60_000).map { _ in
      Float(random.index(below: 5)) * (random.index(below: 2) == 0 ? 0.5 : -0.5)
    }
    check(weights, density: 0.9, counts: [1, 5000, 20_000, 40_000], "ties")
    check([Float](repeating: 1, count: 50_000), density: 1, counts: [1, 100, 49_999], "all equal")
  }

  /// Falling magnitudes make a candidate of every weight; few wanted ones narrow them many times.
  @Test func fallingWeights() {
    let weights = (0..<100_000).map { Float(100_000 - $0) * ($0 % 2 == 0 ? 1e-3 : -1e-3) }
    check(weights, density: 0.8, counts: [1, 300, 30_000], "falling")
  }

  /// −0 is 0; numbers below the normal ones differ; infinities, then NaNs by their bits, go last.
  @Test func oddValues() {
    let odd: [Float] = [
      -0.0, 0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude,
      -.leastNormalMagnitude, .infinity, -.infinity, .nan, -Float.nan, .signalingNaN,
      .greatestFiniteMagnitude, 1, -1, Float(bitPattern: 0xffff_ffff),
    ]
    var random = RandomStream(seed: 4, purpose: "odd")
    let weights = (0..<40_000).map { _ in odd[random.index(below: odd.count)] }
    check(weights, density: 1, counts: [1, 2, 7000, 25_000, 39_999, 40_000], "odd")
    let left = selected(BitVector(repeating: true, count: 4), [.nan, -0.0, 0, 1], 2, in: 0..<4)
    #expect((0..<4).map { left[$0] } == [true, false, false, true])
  }

  @Test func nothingToChooseFrom() {
    let empty = BitVector(repeating: false, count: 100)
    let weights = normals(100, "empty")
    #expect(selected(empty, weights, 10, in: 0..<100) == empty)
    #expect(selected(BitVector(repeating: true, count: 0), [], 3, in: 0..<0).count == 0)
    let full = BitVector(repeating: true, count: 100)
    #expect(selected(full, weights, .max, in: 0..<100) == empty)
  }
}
