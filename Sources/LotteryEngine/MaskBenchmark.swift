internal import Experiments
internal import Tensors

/// Times what rounds do with masks, from the size of a small network to a billion weights.
public enum MaskBenchmark {
  /// All pairs of many small masks.
  public struct Pairs: Sendable, Encodable {
    /// Number of masks.
    public let masks: Int
    /// Bits of a mask.
    public let bits: Int
    /// Jaccard index and chance level of all pairs.
    public let milliseconds: Spread
  }

  /// All pairs of a few large masks, beside plain reading.
  public struct Streaming: Sendable, Encodable {
    /// Number of masks.
    public let masks: Int
    /// Bits of a mask.
    public let bits: Int
    /// Threads of both.
    public let threads: Int
    /// All pairs.
    public let milliseconds: Spread
    /// The masks' bytes by the time of all pairs, in units of 10⁹ per second.
    public let gigabytesPerSecond: Spread
    /// The same bytes read once, nothing but folded into one word.
    public let readGigabytesPerSecond: Spread
    /// All pairs by reading, paired within a round.
    public let shareOfReading: Spread
  }

  /// Pruning, beside sorting.
  public struct Pruning: Sendable, Encodable {
    /// Weights that compete.
    public let weights: Int
    /// Weights that are removed.
    public let removed: Int
    /// One pruning, on one thread.
    public let milliseconds: Spread
    /// The size at which it is compared with a sort of all weights.
    public let sortedWeights: Int
    /// One pruning of that size.
    public let millisecondsThere: Spread
    /// The sort.
    public let sortMilliseconds: Spread
    /// Sort by pruning, paired within a round.
    public let ratio: Spread
  }

  /// All of it.
  public struct Result: Sendable, Encodable {
    /// Many small masks.
    public let pairs: Pairs
    /// A few large masks.
    public let streaming: Streaming
    /// Pruning by selection.
    public let pruning: Pruning
  }

  private static let clock = ContinuousClock()

  private static func milliseconds(_ body: () -> Void) -> Double {
    clock.measure(body) / .milliseconds(1)
  }

  /// Measures everything.
  /// - Parameters:
  ///   - bits: of a large mask; eight of them are in memory.
  ///   - weights: of the large pruning.
  ///   - rounds: how often each figure is taken.
  ///   - threads: that share the words of large masks.
  public static func run(bits: Int, weights: Int, rounds: Int, threads: Int) -> Result {
    Result(
      pairs: pairs(rounds: rounds),
      streaming: streaming(bits: bits, rounds: rounds, threads: threads),
      pruning: pruning(weights: weights, rounds: rounds))
  }

  /// Random masks of some density between ¼ and ¾.
  private static func masks(_ count: Int, bits: Int) -> [BitVector] {
    (0..<count).map { k in
      var random = RandomStream(seed: 1, purpose: "benchmark masks", k)
      return BitVector(count: bits) { _ in
        let (a, b) = (random.next(), random.next())
        return k % 3 == 0 ? a : k % 3 == 1 ? a & b : a | b
      }
    }
  }

  private static func pairs(rounds: Int) -> Pairs {
    let (count, bits) = (64, 125_832)
    let masks = masks(count, bits: bits)
    // A warm-up, then what is counted.
    let times = (0...rounds).map { _ in
      milliseconds { _ = MaskOverlap.compare(masks, in: 0..<bits) }
    }
    return Pairs(masks: count, bits: bits, milliseconds: Spread(Array(times.dropFirst())))
  }

  private static func streaming(bits: Int, rounds: Int, threads: Int) -> Streaming {
    let count = 8
    let masks = masks(count, bits: bits)
    let pool = WorkerPool(threads: threads)
    let bytes = Double(count * bits) / 8
    var (pairTimes, readTimes): ([Double], [Double]) = ([], [])
    for round in 0...rounds {
      let pairs = milliseconds { _ = MaskOverlap.compare(masks, in: 0..<bits, pool: pool) }
      let read = milliseconds {
        pool.parallel(shards: count) { k in keep(masks[k].parity) }
      }
      guard round > 0 else { continue }
      pairTimes.append(pairs)
      readTimes.append(read)
    }
    return Streaming(
      masks: count, bits: bits, threads: threads, milliseconds: Spread(pairTimes),
      gigabytesPerSecond: Spread(pairTimes.map { bytes / $0 / 1e6 }),
      readGigabytesPerSecond: Spread(readTimes.map { bytes / $0 / 1e6 }),
      shareOfReading: Spread(zip(readTimes, pairTimes).map { $0 / $1 }))
  }

  private static func pruning(weights count: Int, rounds: Int) -> Pruning {
    let removed = min(4096, count)
    let small = min(1_000_000, count)
    let weights = FloatBuffer(count: count)
    var random = RandomStream(seed: 1, purpose: "benchmark weights")
    // Sums of four uniform numbers: near enough to trained weights, and fast to draw.
    for index in 0..<count {
      let bits = random.next()
      let sum = (0..<4).reduce(0) { $0 + Int(bits >> UInt64(16 * $1) & 0xffff) }
      weights.pointer[index] = Float(sum - 131_070) / 65_536
    }
    func prune(_ count: Int) {
      _ = MagnitudePruning.prune(
        BitVector(repeating: true, count: count),
        weights: UnsafeBufferPointer(start: weights.pointer, count: count),
        count: min(removed, count), ranking: .global, layers: [0..<count])
    }
    var (large, there, sorts): ([Double], [Double], [Double]) = ([], [], [])
    for round in 0...rounds {
      let times = (
        milliseconds { prune(count) }, milliseconds { prune(small) },
        milliseconds { keep(sortedSmallest(removed, of: weights, count: small)) }
      )
      guard round > 0 else { continue }
      large.append(times.0)
      there.append(times.1)
      sorts.append(times.2)
    }
    return Pruning(
      weights: count, removed: removed, milliseconds: Spread(large), sortedWeights: small,
      millisecondsThere: Spread(there), sortMilliseconds: Spread(sorts),
      ratio: Spread(zip(sorts, there).map { $0 / $1 }))
  }

  /// The obvious way: magnitude and index in one number, all sorted, the first taken.
  private static func sortedSmallest(_ removed: Int, of weights: FloatBuffer, count: Int) -> UInt64
  {
    var keys = (0..<count).map { index in
      UInt64(weights.pointer[index].bitPattern & 0x7fff_ffff) << 32 | UInt64(index)
    }
    keys.sort()
    return keys[min(removed, count) - 1]
  }

  /// Takes a result that must not be optimised away.
  @inline(never)
  private static func keep(_ value: UInt64) {
    if value == 0x5eed_1e55_0f_ace5 { print(value) }
  }
}
