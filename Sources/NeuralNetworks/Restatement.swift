internal import Tensors

/// What a map's readers see, stored as a map of its own: so that a further normalisation or rectifier
/// can follow, or that every pixel counts as a channel.
final class Restatement: Step {
  private let map: FeatureMap
  /// Channels of the output that a channel of the source becomes.
  private let parts: Int

  /// - Parameter output: as many values as the source; its channels are the source's, or parts of them.
  init(source: FeatureMap, output: FeatureMap) {
    precondition(
      source.channels * source.pixels == output.channels * output.pixels
        && output.channels % source.channels == 0, "a restatement of another size")
    map = output
    parts = output.channels / source.channels
    super.init(sources: [source], output: output)
  }

  override var kind: String { parts > 1 ? "flatten" : "copy" }
  override var scratchCount: Int { sources[0].pixels }

  override func forward(_ pass: ShardPass) {
    let pixels = sources[0].pixels
    for group in pass.groups {
      for channel in readers.indices {
        let to = map.planes.plane(group: group, channel: channel * parts)
        readers[channel].read(
          group: group, pass: pass, into: to, Normalization.Rectangle(pixels: pixels))
        // A linear layer leaves its biases in the padding lanes; sums over the batch must not see them.
        guard let presence = pass.presence(group: group) else { continue }
        for pixel in 0..<pixels { to[pixel] *= presence }
      }
      if pass.isTraining { map.sumValues(group: group) }
    }
  }

  override func backward(_ pass: ShardPass) {
    let pixels = sources[0].pixels
    for group in pass.groups {
      for channel in readers.indices {
        for part in 0..<parts {
          outputGradients[channel * parts + part].read(
            group: group, pass: pass, into: pass.scratch + part * map.pixels,
            Normalization.Rectangle(pixels: map.pixels))
        }
        Elementwise.add(
          pass.scratch, Normalization.Rectangle(pixels: pixels),
          channelEdges[channel].base(group: group),
          into: channelEdges[channel].destination(group: group))
      }
      sumCompleted(group: group)
    }
  }
}
