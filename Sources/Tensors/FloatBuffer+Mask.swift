extension FloatBuffer {
  /// Takes over m ⊙ values: float i of the other buffer where bit i of the mask is one, zero where
  /// it is zero, and everything beyond the mask as it is.
  /// - Parameters:
  ///   - other: a buffer of the same length.
  ///   - mask: not longer than the buffers.
  public func copy(from other: FloatBuffer, keeping mask: BitVector) {
    precondition(count == other.count, "float buffers of different lengths")
    precondition(mask.count <= count, "mask longer than the buffer")
    pointer.update(from: other.pointer, count: count)
    mask.words.withUnsafeBufferPointer { words in
      for (index, word) in words.enumerated() where word != ~0 {
        let start = index << 6
        for bit in 0..<min(64, mask.count - start) where word >> UInt64(bit) & 1 == 0 {
          pointer[start + bit] = 0
        }
      }
    }
  }
}
