internal import CProcessor

/// A fixed-length vector of bits, packed into 64-bit words; the carrier of masks.
///
/// Bits beyond `count` in the last word are always zero, so whole-word population counts are exact.
public struct BitVector: Sendable, Hashable {
  /// Number of bits.
  public let count: Int
  /// The packed bits; bit i is bit `i % 64` of word `i / 64`.
  public private(set) var words: [UInt64]

  /// `count` equal bits.
  public init(repeating bit: Bool, count: Int) {
    self.count = count
    words = Array(repeating: bit ? ~0 : 0, count: (count + 63) / 64)
    clearTail()
  }

  /// The bits of a Boolean sequence.
  public init(_ bits: some Collection<Bool>) {
    self.init(repeating: false, count: bits.count)
    for (index, bit) in bits.enumerated() where bit { words[index / 64] |= 1 << (index % 64) }
  }

  /// Bits given a word at a time, in their order; what a word holds beyond the end is dropped.
  package init(count: Int, words word: (_ index: Int) -> UInt64) {
    self.count = count
    words = (0..<(count + 63) / 64).map(word)
    clearTail()
  }

  /// A bit.
  public subscript(index: Int) -> Bool {
    get {
      precondition(index >= 0 && index < count, "bit index out of range")
      return words[index >> 6] >> (UInt64(index) & 63) & 1 == 1
    }
    set {
      precondition(index >= 0 && index < count, "bit index out of range")
      let bit: UInt64 = 1 << (UInt64(index) & 63)
      if newValue { words[index >> 6] |= bit } else { words[index >> 6] &= ~bit }
    }
  }

  /// Number of ones.
  public var populationCount: Int {
    words.withUnsafeBufferPointer { words in
      words.baseAddress.map { Int(bit_words_ones($0, words.count)) } ?? 0
    }
  }

  /// Number of ones in a range of bits.
  public func populationCount(in range: Range<Int>) -> Int {
    var total = 0
    forEachWord(in: range) { word, keep in total += (words[word] & keep).nonzeroBitCount }
    return total
  }

  /// Adds the ones of another vector of the same length.
  public mutating func formUnion(_ other: BitVector) {
    precondition(count == other.count, "bit vectors of different lengths")
    words.withUnsafeMutableBufferPointer { words in
      for word in words.indices { words[word] |= other.words[word] }
    }
  }

  /// Whether every one here is a one there.
  public func isSubset(of other: BitVector) -> Bool {
    precondition(count == other.count, "bit vectors of different lengths")
    return words.indices.allSatisfy { words[$0] & ~other.words[$0] == 0 }
  }

  /// Calls with each word that a range touches and the mask of the range's bits in it.
  @inline(__always)
  private func forEachWord(in range: Range<Int>, _ body: (Int, UInt64) -> Void) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "bit range out of range")
    guard !range.isEmpty else { return }
    let first = range.lowerBound >> 6
    let last = (range.upperBound - 1) >> 6
    for word in first...last {
      var keep = ~UInt64(0)
      if word == first { keep &= ~0 << UInt64(range.lowerBound & 63) }
      if word == last { keep &= ~0 >> UInt64(63 - ((range.upperBound - 1) & 63)) }
      body(word, keep)
    }
  }

  /// Sets a word's bits except those to keep.
  mutating func setWord(_ word: Int, to bits: UInt64, keeping keep: UInt64) {
    words[word] = (words[word] & keep) | (bits & ~keep)
  }

  private mutating func clearTail() {
    let used = count & 63
    if used != 0 { words[words.count - 1] &= (1 << UInt64(used)) - 1 }
  }
}
