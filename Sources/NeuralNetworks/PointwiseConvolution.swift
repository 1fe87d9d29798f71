internal import Tensors

/// A 1×1 convolution over one or two feature maps side by side:
/// y[o] = Σᵢ w[o][i] · z[i], weights `[outputs, inputs, 1, 1]`.
final class PointwiseConvolution: Step {
  private let map: FeatureMap
  private let weights: Range<Int>
  private let groupsPerBlock: Int
  private let stride: Int  // vectors between channels in scratch memory, never a power of two

  init(sources: [FeatureMap], output: FeatureMap, weights: Range<Int>, groupsPerShard: Int) {
    map = output
    self.weights = weights
    let channels = max(sources.reduce(0) { $0 + $1.channels }, output.channels)
    let cached = 6144  // vectors: 384 KiB of a second-level cache
    groupsPerBlock = max(1, min(groupsPerShard, cached / (channels * output.pixels)))
    stride = (groupsPerBlock * output.pixels) | 1
    super.init(sources: sources, output: output)
  }

  override var kind: String { "pointwise" }
  override var multiplyAdds: Int { weights.count * map.pixels }
  override var scratchCount: Int { (inputs + map.channels) * stride }

  /// Below these densities the kernels over the kept entries are faster than the dense ones.
  private static let sparseProduct = 0.6
  private static let sparseGradient = 0.35

  override func keep(_ mask: BitVector) -> Kept? {
    let rows = KeptEntries(
      mask: mask, first: weights.lowerBound, rows: map.channels, columns: inputs)
    guard rows.density < Self.sparseProduct else { return nil }
    let columns = KeptEntries(
      mask: mask, first: weights.lowerBound, rows: map.channels, columns: inputs,
      isTransposed: true)
    return Kept(rows: rows, columns: columns)
  }

  override func forward(_ pass: ShardPass) {
    let matrix = Pointwise.Matrix(
      pass.weights + weights.lowerBound, outputs: map.channels, inputs: inputs)
    forEachBlock(pass.groups) { block in
      let x = read(block, pass, skippingUnused: true)
      var y = map.planes
      y.base += block.lowerBound * y.groupStride
      if let kept {
        Pointwise.multiply(
          kept.rows, rows: 0..<map.channels, pass.weights + weights.lowerBound, x, into: y,
          groups: block.count, pixels: map.pixels)
      } else {
        Pointwise.multiply(matrix, x, into: y, groups: block.count, pixels: map.pixels)
      }
      if pass.isTraining { for group in block { map.sumValues(group: group) } }
    }
  }

  override func backward(_ pass: ShardPass) {
    let matrix = Pointwise.Matrix(
      pass.weights + weights.lowerBound, outputs: map.channels, inputs: inputs)
    // What no kept weight meets is not needed, unless the dense kernel takes it.
    let sparseGradient = kept.flatMap { $0.rows.density < Self.sparseGradient ? $0.rows : nil }
    let gradients = outputGradients
    let isWanted =
      sparseGradient == nil ? Array(repeating: true, count: map.channels) : kept?.outputs ?? []
    forEachBlock(pass.groups) { block in
      let x = read(block, pass, skippingUnused: sparseGradient != nil)
      let dy = Planes(
        pass.scratch + inputs * stride, groupStride: map.pixels, channelStride: stride)
      for (index, group) in block.enumerated() {
        for channel in gradients.indices where isWanted[channel] {
          gradients[channel].read(
            group: group, pass: pass, into: dy.plane(group: index, channel: channel),
            Normalization.Rectangle(pixels: map.pixels))
        }
      }
      if let sparseGradient {
        Pointwise.accumulateGradient(
          pass.gradients + weights.lowerBound, sparseGradient, dy: dy, x: x, groups: block.count,
          pixels: map.pixels)
      } else {
        Pointwise.accumulateGradient(
          pass.gradients + weights.lowerBound, outputs: map.channels, inputs: inputs, dy: dy, x: x,
          groups: block.count, pixels: map.pixels)
      }
      var first = 0
      for edge in edges {
        var dx = edge.map.ownPlanes
        dx.base += block.lowerBound * dx.groupStride
        var base = edge.basePlanes
        if let stride = base?.groupStride { base?.base += block.lowerBound * stride }
        if let kept {
          Pointwise.multiply(
            kept.columns, rows: first..<first + edge.map.channels,
            pass.weights + weights.lowerBound, dy, into: dx, adding: base, groups: block.count,
            pixels: map.pixels)
        } else {
          var part = matrix.transposed
          part.base += first * part.outputStride
          part.outputs = edge.map.channels
          Pointwise.multiply(
            part, dy, into: dx, adding: base, groups: block.count, pixels: map.pixels)
        }
        first += edge.map.channels
      }
      for group in block { sumCompleted(group: group) }
    }
  }

  /// The sources of a block of groups, normalised, in scratch memory.
  /// - Parameter skippingUnused: leave out channels that no kept weight meets.
  private func read(_ block: Range<Int>, _ pass: ShardPass, skippingUnused: Bool) -> Planes {
    let readers = self.readers
    let isUsed =
      (skippingUnused ? kept?.inputs : nil) ?? Array(repeating: true, count: readers.count)
    let x = Planes(pass.scratch, groupStride: map.pixels, channelStride: stride)
    for (index, group) in block.enumerated() {
      for channel in readers.indices where isUsed[channel] {
        readers[channel].read(
          group: group, pass: pass, into: x.plane(group: index, channel: channel),
          Normalization.Rectangle(pixels: map.pixels))
      }
    }
    return x
  }

  private func forEachBlock(_ groups: Range<Int>, _ body: (Range<Int>) -> Void) {
    var start = groups.lowerBound
    while start < groups.upperBound {
      let end = min(start + groupsPerBlock, groups.upperBound)
      body(start..<end)
      start = end
    }
  }
}
