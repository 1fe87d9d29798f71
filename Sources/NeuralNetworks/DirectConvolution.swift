internal import Tensors

/// A k×k convolution of stride 1 that keeps height and width, weights `[outputs, inputs, k, k]`.
///
/// Nothing is unfolded: the input, normalised, lies in scratch memory with a border of zeros, and the
/// product finds channel c under tap (i, j) by its offset there. The gradient of the input is the same
/// product with the taps turned round, over the output's gradient with a border.
final class DirectConvolution: Step {
  private let map: FeatureMap
  private let weights: Range<Int>
  private let kernel: Int
  private let isFirst: Bool
  private let planes: BorderedPlanes
  private let offsets: [Int32]

  /// - Parameters:
  ///   - kernel: k, odd.
  ///   - isFirst: whether it reads the images, whose gradient nobody wants.
  init(
    source: FeatureMap, output: FeatureMap, weights: Range<Int>, kernel: Int, isFirst: Bool
  ) {
    precondition(kernel % 2 == 1, "an even kernel does not keep the size")
    map = output
    (self.weights, self.kernel, self.isFirst) = (weights, kernel, isFirst)
    let border = kernel / 2
    let planes = BorderedPlanes(
      height: output.height, width: output.width, before: border, after: (border, border))
    self.planes = planes
    offsets = (0..<max(source.channels, output.channels)).flatMap { channel in
      (0..<kernel).flatMap { row in
        (0..<kernel).map { Int32(channel * planes.stride + row * planes.rowStride + $0) }
      }
    }
    super.init(sources: [source], output: output)
  }

  override var kind: String { "convolution" }
  override var multiplyAdds: Int { weights.count * map.pixels }
  override var scratchCount: Int { packedCount + (inputs + map.channels) * planes.stride }

  private var taps: Int { kernel * kernel }

  /// Vectors for the packed weights, in either direction.
  private var packedCount: Int {
    let floats = max(
      PackedMatrix.count(outputs: map.channels, inputs: inputs * taps),
      PackedMatrix.count(outputs: inputs, inputs: map.channels * taps))
    return (floats + LaneBatch.lanes - 1) / LaneBatch.lanes
  }

  override func wire() { if !isFirst { super.wire() } }

  override func forward(_ pass: ShardPass) {
    let matrix = PackedMatrix(source(pass), into: packed(pass))
    let x = pass.scratch + packedCount
    planes.clearBorders(x, channels: inputs)
    for group in pass.groups {
      planes.read(readers, group: group, pass, into: x)
      multiply(matrix, x, into: map.planes.plane(group: group, channel: 0), adding: nil)
      if pass.isTraining { map.sumValues(group: group) }
    }
  }

  override func backward(_ pass: ShardPass) {
    let matrix = PackedMatrix(source(pass).transposed, into: packed(pass))
    let x = pass.scratch + packedCount
    let dy = x + inputs * planes.stride
    planes.clearBorders(x, channels: inputs + map.channels)
    for group in pass.groups {
      planes.read(readers, group: group, pass, into: x)
      planes.read(outputGradients, group: group, pass, into: dy)
      offsets.withUnsafeBufferPointer { offsets in
        guard let offsets = offsets.baseAddress else { return }
        DenseProduct.accumulateGradient(
          pass.gradients + weights.lowerBound, outputs: map.channels, inputs: inputs * taps,
          dy: DenseProduct.Rectangle(
            dy + planes.corner, channelStride: planes.stride, rowStride: planes.rowStride),
          x: x, xRowStride: planes.rowStride, offsets: offsets, rows: map.height, columns: map.width
        )
      }
      if let edge = channelEdges.first {
        multiply(
          matrix, dy, into: edge.destination(group: group),
          adding: edge.base(group: group))
      }
      sumCompleted(group: group)
    }
  }

  /// All rows of one group.
  private func multiply(
    _ matrix: PackedMatrix, _ x: UnsafeMutablePointer<Lanes>,
    into y: UnsafeMutablePointer<Lanes>, adding base: UnsafeMutablePointer<Lanes>?
  ) {
    offsets.withUnsafeBufferPointer { offsets in
      guard let offsets = offsets.baseAddress else { return }
      for row in 0..<map.height {
        let first = row * map.width
        DenseProduct.multiply(
          matrix, x + row * planes.rowStride, xStride: 1, offsets: offsets,
          into: DenseProduct.Line(y + first, channelStride: map.pixels),
          DenseProduct.Ends(
            base: base.map { DenseProduct.Line($0 + first, channelStride: map.pixels) }),
          pixels: map.width)
      }
    }
  }

  private func source(_ pass: ShardPass) -> PackedMatrix.Source {
    PackedMatrix.Source(
      pass.weights + weights.lowerBound, outputs: map.channels, channels: inputs, taps: taps)
  }

  private func packed(_ pass: ShardPass) -> UnsafeMutablePointer<Float> {
    UnsafeMutableRawPointer(pass.scratch).assumingMemoryBound(to: Float.self)
  }
}
