internal import Tensors

/// A k×k convolution of each channel with its own kernel, padding k / 2:
/// weights `[channels, 1, k, k]`.
///
/// Channel by channel, through planes with a zero border that stay in the first-level cache.
final class DepthwiseConvolution: Step {
  private let map: FeatureMap
  private let weights: Range<Int>
  private let kernel: Int
  private let stride: Int

  init(sources: [FeatureMap], output: FeatureMap, weights: Range<Int>, kernel: Int, stride: Int) {
    map = output
    self.weights = weights
    (self.kernel, self.stride) = (kernel, stride)
    super.init(sources: sources, output: output)
  }

  private var padding: Int { kernel / 2 }
  private var inputHeight: Int { sources[0].height }
  private var inputWidth: Int { sources[0].width }
  private var paddedWidth: Int { inputWidth + 2 * padding }
  private var paddedCount: Int { paddedWidth * (inputHeight + 2 * padding) }
  /// The input's pixels inside a padded plane.
  private var interior: Normalization.Rectangle {
    Normalization.Rectangle(rows: inputHeight, columns: inputWidth, rowStride: paddedWidth)
  }
  private var corner: Int { padding * paddedWidth + padding }

  override var kind: String { "depthwise" }
  override var sumsSources: Bool { true }

  /// Channels without a single kept tap are passed over.
  override func keep(_ mask: BitVector) -> Kept? {
    let taps = kernel * kernel
    let rows = KeptEntries(mask: mask, first: weights.lowerBound, rows: map.channels, columns: taps)
    guard rows.keepsSomething.contains(false) else { return nil }
    let columns = KeptEntries(
      mask: mask, first: weights.lowerBound, rows: map.channels, columns: taps, isTransposed: true)
    return Kept(rows: rows, columns: columns)
  }
  override var multiplyAdds: Int { weights.count * map.pixels }
  override var scratchCount: Int { max(paddedCount, slopeCount) }

  /// The output's gradient inside its own zero border.
  private var border: Int { Depthwise.border(kernel: kernel, stride: stride) }
  private var slopeWidth: Int { map.width + 2 * border }
  private var slopeCount: Int { slopeWidth * (map.height + 2 * border) }
  private var slopeInterior: Normalization.Rectangle {
    Normalization.Rectangle(rows: map.height, columns: map.width, rowStride: slopeWidth)
  }

  override func forward(_ pass: ShardPass) {
    let (readers, interior, planes) = (self.readers, self.interior, map.planes)
    let (width, corner, taps) = (paddedWidth, self.corner, kernel * kernel)
    let isKept = kept?.outputs ?? Array(repeating: true, count: map.channels)
    Elementwise.clear(pass.scratch, count: paddedCount)
    for group in pass.groups {
      for channel in readers.indices {
        if !isKept[channel] {
          Elementwise.clear(planes.plane(group: group, channel: channel), count: map.pixels)
          continue
        }
        readers[channel].read(group: group, pass: pass, into: pass.scratch + corner, interior)
        Depthwise.convolve(
          pass.weights + (weights.lowerBound + channel * taps), kernel: kernel, stride: stride,
          pass.scratch, xStride: width, into: planes.plane(group: group, channel: channel),
          rows: map.height, columns: map.width,
          next: readers[min(channel + 1, readers.count - 1)].stored(group: group))
      }
      if pass.isTraining { map.sumValues(group: group) }
    }
  }

  override func backward(_ pass: ShardPass) {
    let (readers, gradients, edges) = (self.readers, outputGradients, channelEdges)
    let (interior, taps) = (slopeInterior, kernel * kernel)
    let isKept = kept?.outputs ?? Array(repeating: true, count: map.channels)
    let dy = pass.scratch + (border * slopeWidth + border)
    Elementwise.clear(pass.scratch, count: slopeCount)
    for group in pass.groups {
      for channel in readers.indices {
        let (reader, edge) = (readers[channel], edges[channel])
        if !isKept[channel] {
          passOver(group, reader, edge)
          continue
        }
        gradients[channel].read(group: group, pass: pass, into: dy, interior)
        let first = weights.lowerBound + channel * taps
        let next = gradients[min(channel + 1, gradients.count - 1)]
        let part = Depthwise.backward(
          Depthwise.Gradient(
            dy: dy, dyStride: interior.rowStride, y: reader.stored(group: group),
            coefficients: reader.normalization?.pointee ?? Normalization.Coefficients(),
            isRectified: reader.isRectified, base: edge.base(group: group),
            dx: edge.destination(group: group),
            next: (next.slope(group: group), next.channel.stored(group: group)),
            rows: inputHeight, columns: inputWidth),
          weights: pass.weights + first, kernel: kernel, stride: stride,
          weightGradient: pass.gradients + first)
        if let sums = edge.sums { sums[group * edge.sumsStride] = part }
      }
      sumCompleted(group: group)
    }
  }

  /// The gradient of a source's channel that no kept tap reads: what others contributed.
  private func passOver(_ group: Int, _ reader: ChannelReader, _ edge: ChannelEdge) {
    let (destination, pixels) = (edge.destination(group: group), inputHeight * inputWidth)
    if let base = edge.base(group: group) {
      if base != destination { destination.update(from: base, count: pixels) }
    } else {
      Elementwise.clear(destination, count: pixels)
    }
    guard let sums = edge.sums, let numbers = reader.normalization?.pointee else { return }
    sums[group * edge.sumsStride] = Normalization.gradientSums(
      dz: destination, reader.stored(group: group), mean: numbers.mean, scale: numbers.scale,
      shift: numbers.shift, rectified: reader.isRectified, pixels: pixels)
  }
}
