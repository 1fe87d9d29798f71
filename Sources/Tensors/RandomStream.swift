internal import Foundation

/// A seeded stream of random numbers (xoshiro256**), one per purpose of a run.
///
/// Streams are derived from the run's seed and a purpose, never from another stream's state, so
/// adding a use of randomness in one place changes no other.
public struct RandomStream: RandomNumberGenerator, Sendable, Equatable {
  /// The generator's whole state; storing it stores the stream's position.
  public var state: (UInt64, UInt64, UInt64, UInt64) { (s0, s1, s2, s3) }

  private var s0: UInt64
  private var s1: UInt64
  private var s2: UInt64
  private var s3: UInt64

  /// The stream of a purpose.
  /// - Parameters:
  ///   - seed: the run's seed.
  ///   - purpose: a name such as `"initialization"`.
  ///   - indices: what tells streams of one purpose apart (round, subnetwork, epoch, …).
  public init(seed: UInt64, purpose: String, _ indices: Int...) {
    // FNV-1a over the purpose and the indices, then SplitMix64 to fill the state.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func mix(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    for byte in purpose.utf8 { mix(byte) }
    for index in indices {
      mix(0xff)
      withUnsafeBytes(of: Int64(index).littleEndian) { for byte in $0 { mix(byte) } }
    }
    var position = seed ^ hash
    func next() -> UInt64 {
      position &+= 0x9e37_79b9_7f4a_7c15
      var z = position
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
    (s0, s1, s2, s3) = (next(), next(), next(), next())
  }

  /// The stream at a stored position.
  public init(state: (UInt64, UInt64, UInt64, UInt64)) {
    (s0, s1, s2, s3) = state
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    func rotate(_ x: UInt64, _ k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }
    let result = rotate(s1 &* 5, 7) &* 9
    let t = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= t
    s3 = rotate(s3, 45)
    return result
  }

  /// Uniform in 0 ..< 1, 24 bits.
  public mutating func uniform() -> Float {
    Float(next() >> 40) * 0x1p-24
  }

  /// Uniform in `0 ..< bound` without bias; `bound` is positive.
  public mutating func index(below bound: Int) -> Int {
    Int(next(upperBound: UInt64(bound)))
  }

  /// Standard normal (Box–Muller, one of the pair).
  public mutating func normal() -> Float {
    let radius = (-2 * log(1 - Double(uniform()))).squareRoot()
    return Float(radius * cos(2 * .pi * Double(uniform())))
  }

  /// Fisher–Yates shuffle.
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    guard elements.count > 1 else { return }
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, index(below: last + 1))
    }
  }
}
