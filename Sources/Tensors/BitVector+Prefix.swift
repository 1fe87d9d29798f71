extension BitVector {
  /// Takes over the bits of a shorter vector, from bit 0 on; the others stay.
  package mutating func replacePrefix(with other: BitVector) {
    precondition(other.count <= count, "a prefix longer than the vector")
    let whole = other.count >> 6
    for word in 0..<whole { setWord(word, to: other.words[word], keeping: 0) }
    let rest = UInt64(other.count & 63)
    if rest > 0 { setWord(whole, to: other.words[whole], keeping: ~0 << rest) }
  }
}
