import Tensors
import Testing

/// Counting over masks, compared with counting bit by bit.
@Suite struct MaskCountingTests {
  private func vectors(_ count: Int, bits: Int, _ index: Int = 0) -> [BitVector] {
    var random = RandomStream(seed: 9, purpose: "mask counting", index)
    return (0..<count).map { k in
      BitVector((0..<bits).map { _ in random.index(below: 4) <= k % 4 })
    }
  }

  /// Lengths around the sizes of words, vectors, blocks and shards.
  static let lengths = [
    0, 1, 63, 64, 65, 127, 128, 511, 513, 576, 4095, 4096, 4097, 4160, 70_001,
  ]

  @Test(arguments: lengths)
  func sharedCountsAgreeWithCounting(bits: Int) {
    for count in [1, 2, 3, 4, 5, 8, 9] {
      let vectors = vectors(count, bits: bits, count)
      var random = RandomStream(seed: 9, purpose: "range", bits, count)
      let ends = [random.index(below: bits + 1), random.index(below: bits + 1)].sorted()
      for range in [0..<bits, ends[0]..<ends[1], ends[0]..<ends[0]] {
        let shared = BitVector.shared(vectors, in: range)
        for i in 0..<count {
          for j in i..<count {
            let expected = range.reduce(0) { $0 + (vectors[i][$1] && vectors[j][$1] ? 1 : 0) }
            #expect(shared[i][j] == expected, "\(i), \(j) of \(count) in \(range)")
            #expect(shared[j][i] == expected)
          }
          #expect(shared[i][i] == vectors[i].populationCount(in: range))
        }
      }
    }
  }

  @Test func threadsShareTheWords() {
    // Several shards of words, and a last one that is not full.
    let vectors = vectors(5, bits: 3_500_003)
    let alone = BitVector.shared(vectors, in: 7..<3_499_900)
    for threads in [2, 3] {
      let pool = WorkerPool(threads: threads)
      #expect(BitVector.shared(vectors, in: 7..<3_499_900, pool: pool) == alone)
    }
    let pair = (0..<3_500_003).reduce(0) {
      $0 + ((7..<3_499_900).contains($1) && vectors[1][$1] && vectors[3][$1] ? 1 : 0)
    }
    #expect(alone[1][3] == pair)
  }

  @Test(arguments: lengths)
  func ownersAgreeWithCounting(bits: Int) {
    for count in [1, 2, 3, 7, 8, 17] {
      let vectors = vectors(count, bits: bits, count)
      var expected = [Int](repeating: 0, count: count + 1)
      for bit in 0..<bits { expected[vectors.filter { $0[bit] }.count] += 1 }
      #expect(BitVector.owners(vectors) == expected, "\(count) vectors")
    }
  }

  @Test func nothingAndMany() {
    #expect(BitVector.shared([], in: 0..<0) == [])
    #expect(BitVector.owners([]) == [0])
    let many = (0..<255).map { k in BitVector((0..<70).map { $0 <= k }) }
    let owners = BitVector.owners(many)
    // Bit b is in the vectors b … 254.
    #expect((0...255).allSatisfy { owners[$0] == ((186...255).contains($0) ? 1 : 0) })
  }

  @Test(arguments: [0, 1, 64, 100, 1000])
  func wholeWordsAndOnes(bits: Int) {
    let pattern: UInt64 = 0x9a3c_55aa_0ff0_1234
    let vector = BitVector(count: bits) { pattern &* UInt64(2 * $0 + 1) }
    var ones = 0
    for bit in 0..<bits {
      let word = pattern &* UInt64(2 * (bit / 64) + 1)
      let expected = word >> UInt64(bit % 64) & 1 == 1
      #expect(vector[bit] == expected)
      if expected { ones += 1 }
    }
    #expect(vector.populationCount == ones)
    #expect(vector.parity == vector.words.reduce(0, ^))
  }
}
