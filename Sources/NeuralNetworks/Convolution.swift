internal import Tensors

/// A general k×k convolution with stride and padding k / 2, weights `[outputs, inputs, k, k]`: its
/// windows are unfolded into channels and multiplied like a 1×1 convolution.
final class Convolution: Step {
  private let map: FeatureMap
  private let weights: Range<Int>
  private let geometry: Unfolding.Geometry
  private let isFirst: Bool
  private let stride: Int

  /// - Parameter isFirst: whether it reads the images, whose gradient nobody wants.
  init(
    source: FeatureMap, output: FeatureMap, weights: Range<Int>, geometry: Unfolding.Geometry,
    isFirst: Bool
  ) {
    map = output
    self.weights = weights
    self.geometry = geometry
    self.isFirst = isFirst
    stride = output.pixels | 1
    super.init(sources: [source], output: output)
  }

  override var kind: String { "convolution" }
  override var multiplyAdds: Int { weights.count * map.pixels }
  override var scratchCount: Int {
    (geometry.rows + map.channels) * stride + sources[0].pixels
  }

  override func wire() { if !isFirst { super.wire() } }

  override func forward(_ pass: ShardPass) {
    for group in pass.groups {
      let x = unfold(group, pass)
      var y = map.planes
      y.base += group * y.groupStride
      Pointwise.multiply(matrix(pass), x, into: y, groups: 1, pixels: map.pixels)
      if pass.isTraining { map.sumValues(group: group) }
    }
  }

  override func backward(_ pass: ShardPass) {
    let dy = Planes(
      pass.scratch + geometry.rows * stride, groupStride: 0, channelStride: stride)
    for group in pass.groups {
      let x = unfold(group, pass)
      for channel in 0..<map.channels {
        outputGradients[channel].read(
          group: group, pass: pass, into: dy.plane(group: 0, channel: channel),
          Normalization.Rectangle(pixels: map.pixels))
      }
      Pointwise.accumulateGradient(
        pass.gradients + weights.lowerBound, outputs: map.channels, inputs: geometry.rows, dy: dy,
        x: x, groups: 1, pixels: map.pixels)
      if !isFirst {
        // The unfolded input is no longer needed: its memory takes the unfolded gradient.
        Pointwise.multiply(
          matrix(pass).transposed, dy, into: x, groups: 1, pixels: map.pixels)
        for channel in 0..<geometry.channels {
          let destination = channelEdges[channel].destination(group: group)
          if let base = channelEdges[channel].base(group: group) {
            if base != destination { destination.update(from: base, count: sources[0].pixels) }
          } else {
            Elementwise.clear(destination, count: sources[0].pixels)
          }
          let taps = geometry.kernel * geometry.kernel
          Unfolding.fold(
            x.plane(group: 0, channel: channel * taps), rowStride: stride, geometry,
            into: destination)
        }
      }
      sumCompleted(group: group)
    }
  }

  private func matrix(_ pass: ShardPass) -> Pointwise.Matrix {
    Pointwise.Matrix(
      pass.weights + weights.lowerBound, outputs: map.channels, inputs: geometry.rows)
  }

  private func unfold(_ group: Int, _ pass: ShardPass) -> Planes {
    let x = Planes(pass.scratch, groupStride: 0, channelStride: stride)
    let plane = pass.scratch + (geometry.rows + map.channels) * stride
    let taps = geometry.kernel * geometry.kernel
    for channel in 0..<geometry.channels {
      readers[channel].read(
        group: group, pass: pass, into: plane,
        Normalization.Rectangle(pixels: sources[0].pixels))
      Unfolding.unfold(
        plane, geometry, into: x.plane(group: 0, channel: channel * taps), rowStride: stride)
    }
    return x
  }
}
