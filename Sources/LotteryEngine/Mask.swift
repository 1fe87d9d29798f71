internal import Crypto
public import Tensors

/// A binary mask m_k over the prunable weights of a network: an immutable value with a history.
///
/// Bit i belongs to weight i of the flat parameter store, whose first `bits.count` entries are the
/// prunable ones. A mask is never inferred from weights that happen to be zero.
public struct Mask: Sendable, Hashable {
  /// One bit per prunable weight; 1 keeps the weight.
  public let bits: BitVector
  /// The subset whose extraction made it.
  public let subset: String
  /// The pruning round that made it; 0 is the mask of all ones.
  public let round: Int
  /// The rule that chose the removed weights.
  public let rule: String
  /// The run's seed.
  public let seed: UInt64
  /// Content hash of the mask it was pruned from; `nil` for the mask of all ones.
  public let parentHash: String?
  /// SHA-256 over the bits, hexadecimal: equal bits, equal hash.
  public let hash: String

  /// A mask with its history.
  public init(
    bits: BitVector, subset: String, round: Int, rule: String, seed: UInt64, parentHash: String?
  ) {
    self.bits = bits
    self.subset = subset
    self.round = round
    self.rule = rule
    self.seed = seed
    self.parentHash = parentHash
    self.hash = Self.contentHash(bits)
  }

  /// The mask of all ones that every extraction starts from (paper §1).
  public static func dense(count: Int, subset: String, seed: UInt64) -> Mask {
    Mask(
      bits: BitVector(repeating: true, count: count), subset: subset, round: 0, rule: "dense",
      seed: seed, parentHash: nil)
  }

  /// A mask with fewer ones, made from this one.
  public func pruned(to bits: BitVector, round: Int, rule: String) -> Mask {
    Mask(bits: bits, subset: subset, round: round, rule: rule, seed: seed, parentHash: hash)
  }

  /// Weights it keeps.
  public var weightsLeft: Int { bits.populationCount }

  /// Fraction of prunable weights it removes.
  public var sparsity: Double {
    bits.count == 0 ? 0 : 1 - Double(weightsLeft) / Double(bits.count)
  }

  private static func contentHash(_ bits: BitVector) -> String {
    var hasher = SHA256()
    withUnsafeBytes(of: UInt64(bits.count).littleEndian) { hasher.update(bufferPointer: $0) }
    for word in bits.words {
      withUnsafeBytes(of: word.littleEndian) { hasher.update(bufferPointer: $0) }
    }
    let digits = Array("0123456789abcdef")
    return String(hasher.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
