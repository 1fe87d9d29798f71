internal import Tensors

/// Pooling over windows that do not overlap: of each the largest value or the mean.
final class PoolingLayer: Step {
  private let map: FeatureMap
  private let pooling: Pooling.Kind
  private let size: Int

  /// - Parameter size: divides rows and columns of the source.
  init(source: FeatureMap, output: FeatureMap, _ pooling: Pooling.Kind, size: Int) {
    precondition(
      output.height * size == source.height && output.width * size == source.width,
      "windows that do not fill the map")
    map = output
    (self.pooling, self.size) = (pooling, size)
    super.init(sources: [source], output: output)
  }

  override var kind: String { pooling == .maximum ? "max pool" : "average pool" }
  override var scratchCount: Int { sources[0].pixels + map.pixels }

  override func forward(_ pass: ShardPass) {
    let shape = Normalization.Rectangle(pixels: sources[0].pixels)
    for group in pass.groups {
      for channel in readers.indices {
        readers[channel].read(group: group, pass: pass, into: pass.scratch, shape)
        Pooling.forward(
          pooling, size: size, pass.scratch, into: map.planes.plane(group: group, channel: channel),
          rows: map.height, columns: map.width)
      }
      if pass.isTraining { map.sumValues(group: group) }
    }
  }

  override func backward(_ pass: ShardPass) {
    let pixels = sources[0].pixels
    let dy = pass.scratch + pixels
    for group in pass.groups {
      for channel in readers.indices {
        if pooling == .maximum {
          readers[channel].read(
            group: group, pass: pass, into: pass.scratch, Normalization.Rectangle(pixels: pixels))
        }
        outputGradients[channel].read(
          group: group, pass: pass, into: dy, Normalization.Rectangle(pixels: map.pixels))
        Pooling.backward(
          pooling, size: size, dy, pass.scratch, adding: channelEdges[channel].base(group: group),
          into: channelEdges[channel].destination(group: group), rows: map.height,
          columns: map.width)
      }
      sumCompleted(group: group)
    }
  }
}
