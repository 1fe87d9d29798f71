package import Tensors

/// Masks that no training has chosen: the controls at equal sparsity.
package enum DrawnMasks {
  /// What is left of a mask after removing `count` of its weights, each as likely as any other.
  package static func prune(
    _ bits: BitVector, count: Int, random: inout RandomStream
  ) -> BitVector {
    var ones = (0..<bits.count).filter { bits[$0] }
    var remaining = bits
    for place in 0..<max(0, min(count, ones.count)) {
      // The first places of a Fisher–Yates shuffle.
      ones.swapAt(place, place + random.index(below: ones.count - place))
      remaining[ones[place]] = false
    }
    return remaining
  }

  /// A mask with as many weights in every layer as another one has, each as likely as any other.
  /// - Parameter layers: the ranges of the prunable layers, covering all bits in order.
  package static func shuffle(
    _ bits: BitVector, layers: [Range<Int>], random: inout RandomStream
  ) -> BitVector {
    var shuffled = bits
    for layer in layers {
      var kept = layer.map { bits[$0] }
      random.shuffle(&kept)
      for (index, bit) in zip(layer, kept) { shuffled[index] = bit }
    }
    return shuffled
  }
}
