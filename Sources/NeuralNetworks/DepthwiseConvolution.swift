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
  override var multiplyAdds: Int { weights.count * map.pixels }
  override var scratchCount: Int { 3 * paddedCount }

  override func forward(_ pass: ShardPass) {
    Elementwise.clear(pass.scratch, count: paddedCount)
    for group in pass.groups {
      for channel in 0..<map.channels {
        let place = locate(channel)
        sources[place.source].read(
          group: group, channel: place.channel, pass: pass, into: pass.scratch + corner, interior)
        Depthwise.convolve(
          pass.weights + (weights.lowerBound + channel * kernel * kernel), kernel: kernel,
          stride: stride, pass.scratch, xStride: paddedWidth,
          into: map.planes.plane(group: group, channel: channel), rows: map.height,
          columns: map.width)
      }
      if pass.isTraining { map.sumValues(group: group) }
    }
  }

  override func backward(_ pass: ShardPass) {
    let x = pass.scratch
    let dy = x + paddedCount
    let dx = dy + paddedCount
    Elementwise.clear(x, count: 2 * paddedCount)
    // At stride 1 the gradient is padded like the input; above, it is small and contiguous.
    let isSame = stride == 1
    let dyStride = isSame ? paddedWidth : map.width
    let dyInside = isSame ? dy + corner : dy
    let dyShape = Normalization.Rectangle(
      rows: map.height, columns: map.width, rowStride: dyStride)
    for group in pass.groups {
      for channel in 0..<map.channels {
        let place = locate(channel)
        let taps = weights.lowerBound + channel * kernel * kernel
        sources[place.source].read(
          group: group, channel: place.channel, pass: pass, into: x + corner, interior)
        map.readGradient(group: group, channel: channel, pass: pass, into: dyInside, dyShape)
        Depthwise.accumulateGradient(
          pass.gradients + taps, kernel: kernel, stride: stride, dy: dyInside, dyStride: dyStride,
          x: x, xStride: paddedWidth, rows: map.height, columns: map.width)
        let edge = edges[place.source]
        let base = edge.base(group: group, channel: place.channel)
        let destination = edge.destination(group: group, channel: place.channel)
        if isSame {
          Depthwise.convolve(
            pass.weights + taps, kernel: kernel, stride: 1, flipped: true, dy,
            xStride: paddedWidth, into: destination, adding: base, rows: inputHeight,
            columns: inputWidth)
        } else {
          Elementwise.clear(dx, count: paddedCount)
          Depthwise.scatter(
            pass.weights + taps, kernel: kernel, stride: stride, dy: dy, dyStride: dyStride,
            into: dx, xStride: paddedWidth, rows: map.height, columns: map.width)
          Elementwise.add(dx + corner, interior, base, into: destination)
        }
      }
      for map in completes { map.sumGradient(group: group) }
    }
  }
}
