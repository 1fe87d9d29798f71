internal import CProcessor

/// Counts over several vectors at once: what masks have in common, and who owns a bit.
///
/// All go through the vectors in blocks that stay in the first-level cache, so each word of each
/// vector is read from memory once, whatever the number of pairs.
extension BitVector {
  /// Words of a block of so many vectors: together half of a first-level cache, and whole sixty-fours.
  private static func block(_ vectors: Int) -> Int { max(1, 32 / max(1, vectors)) * 64 }
  /// Words of a shard, a whole number of blocks.
  private static let shard = 1 << 14

  /// Numbers of ones that each pair of vectors has in common within a range of bits: `[i][j]`,
  /// symmetric, with each vector's own ones on the diagonal.
  ///
  /// |a ∪ b| = |a| + |b| − |a ∩ b|, so unions need no counting of their own.
  /// - Parameters:
  ///   - vectors: K vectors of the same length.
  ///   - pool: whose threads share the words; the counts do not depend on it.
  public static func shared(
    _ vectors: [BitVector], in range: Range<Int>, pool: WorkerPool = WorkerPool(threads: 1)
  ) -> [[Int]] {
    let span = WordSpan(range, of: vectors)
    let count = vectors.count
    let tiles = Tile.all(count)
    var totals = [UInt64](repeating: 0, count: tiles.count * Tile.pairs)
    withWords(of: vectors) { words in
      let padded = words + Array(repeating: words.last, count: Tile.side).compactMap(\.self)
      let block = Self.block(count)
      let shards = (span.whole.count + shard - 1) / shard
      // Each worker adds up what it counts; whole numbers do not mind the order.
      let threads = pool.threads
      var sums = [UInt64](repeating: 0, count: threads * totals.count)
      sums.withUnsafeMutableBufferPointer { sums in
        padded.withUnsafeBufferPointer { padded in
          guard let sums = sums.baseAddress, let padded = padded.baseAddress else { return }
          pool.parallel(shards: shards) { part, worker in
            let first = span.whole.lowerBound + part * shard
            let last = min(span.whole.upperBound, first + shard)
            for start in stride(from: first, to: last, by: block) {
              let end = min(last, start + block)
              var sum = sums + worker * totals.count
              for tile in tiles {
                bit_words_shared(padded + tile.row, padded + tile.column, start, end, sum)
                sum += Tile.pairs
              }
            }
          }
        }
      }
      for (index, sum) in sums.enumerated() { totals[index % totals.count] += sum }
      for (place, tile) in tiles.enumerated() {
        for pair in 0..<Tile.pairs {
          let (a, b) = (padded[tile.row + pair / Tile.side], padded[tile.column + pair % Tile.side])
          for edge in span.edges {
            let bits = (a?[edge.word] ?? 0) & (b?[edge.word] ?? 0) & edge.keep
            totals[place * Tile.pairs + pair] += UInt64(bits.nonzeroBitCount)
          }
        }
      }
    }
    var shared = vectors.map { _ in [Int](repeating: 0, count: count) }
    for (place, tile) in tiles.enumerated() {
      for pair in 0..<Tile.pairs {
        let (i, j) = (tile.row + pair / Tile.side, tile.column + pair % Tile.side)
        guard i < count, j < count else { continue }
        shared[i][j] = Int(totals[place * Tile.pairs + pair])
        shared[j][i] = shared[i][j]
      }
    }
    return shared
  }

  /// How many bits are one in exactly n of the vectors, n = 0…K.
  /// - Parameter vectors: K vectors of the same length, at most 255.
  public static func owners(_ vectors: [BitVector]) -> [Int] {
    var histogram = [UInt64](repeating: 0, count: vectors.count + 1)
    guard let count = vectors.first?.count else { return [0] }
    precondition(vectors.count <= 255, "more owners than can be counted")
    precondition(vectors.allSatisfy { $0.count == count }, "bit vectors of different lengths")
    let length = (count + 63) / 64
    withWords(of: vectors) { words in
      let block = Self.block(vectors.count)
      for first in stride(from: 0, to: length, by: block) {
        bit_words_owners(words, words.count, first, min(length, first + block), &histogram)
      }
    }
    // The last word's bits beyond the end have no owner and are not there.
    histogram[0] -= UInt64(length * 64 - count)
    return histogram.map { Int($0) }
  }

  /// Reads every word once and makes one of them: the speed of memory, to compare with.
  package var parity: UInt64 {
    words.withUnsafeBufferPointer { words in
      words.baseAddress.map { bit_words_parity($0, words.count) } ?? 0
    }
  }

  /// A square of pairs that is counted in registers.
  private struct Tile {
    static let side = BIT_TILE
    static let pairs = side * side
    var row: Int
    var column: Int

    /// The squares that cover every pair of `count` vectors once, in either order.
    static func all(_ count: Int) -> [Tile] {
      let starts = Array(stride(from: 0, to: count, by: side))
      return starts.flatMap { row in
        starts.filter { $0 >= row }.map { Tile(row: row, column: $0) }
      }
    }
  }

  /// The words that a range of bits covers whole, and those it shares with others.
  private struct WordSpan {
    var whole: Range<Int>
    var edges: [(word: Int, keep: UInt64)] = []

    init(_ range: Range<Int>, of vectors: [BitVector]) {
      let count = vectors.first?.count ?? 0
      precondition(vectors.allSatisfy { $0.count == count }, "bit vectors of different lengths")
      precondition(range.lowerBound >= 0 && range.upperBound <= count, "bit range out of range")
      guard !range.isEmpty else {
        whole = 0..<0
        return
      }
      let head = ~UInt64(0) << UInt64(range.lowerBound & 63)
      let tail = ~UInt64(0) >> UInt64(63 - (range.upperBound - 1) & 63)
      let (first, last) = (range.lowerBound >> 6, (range.upperBound - 1) >> 6)
      guard first < last else {
        whole = first..<first
        edges = [(first, head & tail)]
        return
      }
      whole = first + 1..<last
      edges = [(first, head), (last, tail)]
    }
  }

  /// Calls with the addresses of the words of all vectors.
  private static func withWords(
    of vectors: [BitVector], _ body: ([UnsafePointer<UInt64>?]) -> Void
  ) {
    func open(_ next: Int, _ words: [UnsafePointer<UInt64>?]) {
      guard next < vectors.count else { return body(words) }
      vectors[next].words.withUnsafeBufferPointer { open(next + 1, words + [$0.baseAddress]) }
    }
    open(0, [])
  }
}
