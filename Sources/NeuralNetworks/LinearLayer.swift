internal import Tensors

/// A linear layer over the samples of a batch, rectified or not: z = W x + b or max(0, W x + b),
/// weights `[outputs, inputs]`.
///
/// Sixteen samples of a channel are a vector, so a batch is a matrix of `inputs` × `groups` vectors.
/// What is stored is rectified already; the gate backward is where it is not zero. Padding lanes hold
/// what the biases make of zeros; their gradient is zero.
final class LinearLayer: Step {
  private let map: FeatureMap
  private let weight: Range<Int>
  private let bias: Range<Int>
  private let rectified: Bool
  private let isFirst: Bool
  private let groupsPerBlock: Int
  private let stride: Int  // vectors between channels in scratch memory, never a power of two
  private let inputOffsets: [Int32]
  private let sortedOffsets: [Int32]

  /// - Parameters:
  ///   - source: one pixel, not normalised.
  ///   - isFirst: whether it reads the network's input, whose gradient nobody wants.
  ///   - groupsPerShard: the most groups that a shard covers.
  init(
    source: FeatureMap, output: FeatureMap, weight: Range<Int>, bias: Range<Int>,
    rectified: Bool, isFirst: Bool, groupsPerShard: Int
  ) {
    precondition(
      source.pixels == 1 && source.normalization == nil, "a linear layer reads plain vectors")
    map = output
    (self.weight, self.bias, self.rectified, self.isFirst) = (weight, bias, rectified, isFirst)
    // A block's input and gradient stay in the second-level cache.
    groupsPerBlock = max(1, min(groupsPerShard, 64))
    stride = groupsPerBlock | 1
    inputOffsets = (0..<source.channels).map(Int32.init)
    let stride = stride
    sortedOffsets = (0..<max(source.channels, output.channels)).map { Int32($0 * stride) }
    super.init(sources: [source], output: output)
  }

  override var kind: String { "linear" }
  override var multiplyAdds: Int { weight.count }
  override var scratchCount: Int { packedCount + (inputs + map.channels) * stride }

  /// Vectors for the packed weights, in either direction.
  private var packedCount: Int {
    let floats = max(
      PackedMatrix.count(outputs: map.channels, inputs: inputs),
      PackedMatrix.count(outputs: inputs, inputs: map.channels))
    return (floats + LaneBatch.lanes - 1) / LaneBatch.lanes
  }

  override func wire() { if !isFirst { super.wire() } }

  override func forward(_ pass: ShardPass) {
    let matrix = PackedMatrix(source(pass), into: packed(pass))
    let first = pass.groups.lowerBound
    inputOffsets.withUnsafeBufferPointer { offsets in
      guard let offsets = offsets.baseAddress else { return }
      DenseProduct.multiply(
        matrix, sources[0].planes.plane(group: first, channel: 0), xStride: inputs,
        offsets: offsets,
        into: DenseProduct.Line(
          map.planes.plane(group: first, channel: 0), channelStride: 1,
          pixelStride: map.channels),
        DenseProduct.Ends(bias: pass.weights + bias.lowerBound, rectified: rectified),
        pixels: pass.groups.count)
    }
  }

  override func backward(_ pass: ShardPass) {
    let matrix = PackedMatrix(source(pass).transposed, into: packed(pass))
    let x = pass.scratch + packedCount
    let dy = x + inputs * stride
    sortedOffsets.withUnsafeBufferPointer { offsets in
      guard let offsets = offsets.baseAddress else { return }
      for start in Swift.stride(
        from: pass.groups.lowerBound, to: pass.groups.upperBound, by: groupsPerBlock)
      {
        let groups = min(groupsPerBlock, pass.groups.upperBound - start)
        DenseProduct.sortByChannel(
          sources[0].planes.plane(group: start, channel: 0), groups: groups, channels: inputs,
          into: x, stride: stride)
        DenseProduct.sortByChannel(
          gradient: map.gradient.plane(group: start, channel: 0),
          rectified: rectified ? UnsafePointer(map.planes.plane(group: start, channel: 0)) : nil,
          groups: groups, channels: map.channels, into: dy, stride: stride,
          bias: pass.gradients + bias.lowerBound)
        DenseProduct.accumulateGradient(
          pass.gradients + weight.lowerBound, outputs: map.channels, inputs: inputs,
          dy: DenseProduct.Rectangle(dy, channelStride: stride, rowStride: 0), x: x,
          xRowStride: 0, offsets: offsets, rows: 1, columns: groups)
        if let edge = edges.first {
          DenseProduct.multiply(
            matrix, dy, xStride: 1, offsets: offsets,
            into: line(edge.map.ownPlanes, group: start),
            DenseProduct.Ends(base: edge.basePlanes.map { line($0, group: start) }),
            pixels: groups)
        }
      }
    }
    for group in pass.groups { sumCompleted(group: group) }
  }

  private func line(_ planes: Planes, group: Int) -> DenseProduct.Line {
    DenseProduct.Line(
      planes.plane(group: group, channel: 0), channelStride: planes.channelStride,
      pixelStride: planes.groupStride)
  }

  private func source(_ pass: ShardPass) -> PackedMatrix.Source {
    PackedMatrix.Source(pass.weights + weight.lowerBound, outputs: map.channels, channels: inputs)
  }

  private func packed(_ pass: ShardPass) -> UnsafeMutablePointer<Float> {
    UnsafeMutableRawPointer(pass.scratch).assumingMemoryBound(to: Float.self)
  }
}
