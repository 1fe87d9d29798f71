internal import CProcessor

extension BitVector {
  /// Clears the ones with the smallest magnitudes: exactly `count` of them, or all there are.
  ///
  /// Ties are broken by index, lowest first. Magnitudes are compared as bit patterns without the
  /// sign: non-negative floats order as their patterns do, −0 is 0, and a NaN is above every number.
  ///
  /// Nothing is sorted. One pass over the weights keeps the candidates: all smaller than the
  /// `count`-th smallest seen so far. When there are half as many again, counting finds the smallest
  /// `count`, and their largest is what the following have to be below; equal ones come too late.
  /// - Parameters:
  ///   - count: how many to clear.
  ///   - range: the bits that compete.
  ///   - weights: `weights[i]` belongs to bit i.
  public mutating func clearSmallest(
    _ count: Int, in range: Range<Int>, weights: UnsafeBufferPointer<Float>
  ) {
    precondition(range.lowerBound >= 0 && range.upperBound <= self.count, "bit range out of range")
    precondition(weights.count >= range.upperBound && count >= 0, "too few weights")
    guard count > 0, let base = weights.baseAddress, !range.isEmpty else { return }
    var candidates = Candidates(wanted: Swift.min(count, range.count), room: range.count)
    words.withUnsafeBufferPointer { words in
      for word in range.lowerBound >> 6...(range.upperBound - 1) >> 6 {
        let start = word << 6
        let present = Swift.max(range.lowerBound, start)..<Swift.min(range.upperBound, start + 64)
        var hits = words[word]
        if present.count == 64 {
          hits &= bit_words_below(base + start, candidates.bound)
        } else {
          hits &= ~0 << UInt64(present.lowerBound - start)
          hits &= ~0 >> UInt64(start + 64 - present.upperBound)
        }
        while hits != 0 {
          let index = start + hits.trailingZeroBitCount
          hits &= hits - 1
          candidates.take(index, magnitude: base[index].bitPattern & 0x7fff_ffff)
        }
      }
    }
    candidates.narrow()
    for index in candidates.indices { self[index] = false }
  }

  /// The indices that may be among the smallest, ascending, with their magnitudes.
  private struct Candidates {
    private(set) var indices: [Int] = []
    private var magnitudes: [UInt32] = []
    /// What a further candidate has to be below.
    private(set) var bound: UInt32 = 1 << 31
    private let wanted: Int
    private let limit: Int

    init(wanted: Int, room: Int) {
      self.wanted = wanted
      // Narrowing costs time in proportion to what is kept, so some room beside that.
      limit = wanted + Swift.max(wanted / 2, 1 << 14)
      indices.reserveCapacity(Swift.min(limit, room))
      magnitudes.reserveCapacity(Swift.min(limit, room))
    }

    mutating func take(_ index: Int, magnitude: UInt32) {
      guard magnitude < bound else { return }
      indices.append(index)
      magnitudes.append(magnitude)
      if indices.count == limit { narrow() }
    }

    /// Keeps the smallest `wanted`: two counting passes find the largest of them, its upper bits
    /// first, and a third keeps what is below and as many of its equals as there is room for.
    mutating func narrow() {
      guard indices.count > wanted else { return }
      let (high, belowHigh) = Self.bucket(of: wanted, buckets: 1 << 15) { count in
        for magnitude in magnitudes { count(Int(magnitude >> 16)) }
      }
      let (low, belowLow) = Self.bucket(of: wanted - belowHigh, buckets: 1 << 16) { count in
        for magnitude in magnitudes where magnitude >> 16 == high {
          count(Int(magnitude & 0xffff))
        }
      }
      bound = UInt32(high) << 16 | UInt32(low)
      var equalsLeft = wanted - belowHigh - belowLow
      var kept = 0
      for place in indices.indices {
        let magnitude = magnitudes[place]
        guard magnitude < bound || (magnitude == bound && equalsLeft > 0) else { continue }
        if magnitude == bound { equalsLeft -= 1 }
        indices[kept] = indices[place]
        magnitudes[kept] = magnitude
        kept += 1
      }
      indices.removeSubrange(kept...)
      magnitudes.removeSubrange(kept...)
    }

    /// The bucket that holds the `rank`-th smallest entry (from 1), and the entries before it.
    private static func bucket(
      of rank: Int, buckets: Int, _ entries: ((Int) -> Void) -> Void
    ) -> (index: Int, before: Int) {
      var histogram = [Int](repeating: 0, count: buckets)
      entries { histogram[$0] += 1 }
      var before = 0
      for (index, entries) in histogram.enumerated() {
        if before + entries >= rank { return (index, before) }
        before += entries
      }
      return (buckets - 1, before)
    }
  }
}
