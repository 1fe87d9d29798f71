internal import Tensors

/// The end of a regression network: its outputs are the last layer's values as they are.
final class RegressionOutput: Step {
  private let outputs: LaneBatch
  private let gradient: LaneBatch

  /// - Parameters:
  ///   - source: one pixel, as many channels as outputs.
  ///   - outputs: the network's outputs.
  ///   - gradient: the loss's gradient by them.
  init(source: FeatureMap, outputs: LaneBatch, gradient: LaneBatch) {
    precondition(
      source.pixels == outputs.pixels && source.channels == outputs.channels,
      "a last layer of another shape than the network's outputs")
    (self.outputs, self.gradient) = (outputs, gradient)
    super.init(sources: [source], output: nil)
  }

  override var kind: String { "output" }

  override func forward(_ pass: ShardPass) {
    forEachPlane(pass) { group, channel, shape in
      readers[channel].read(
        group: group, pass: pass,
        into: outputs.planes.plane(group: group, channel: channel), shape)
    }
  }

  override func backward(_ pass: ShardPass) {
    forEachPlane(pass) { group, channel, shape in
      Elementwise.add(
        gradient.planes.plane(group: group, channel: channel), shape,
        channelEdges[channel].base(group: group),
        into: channelEdges[channel].destination(group: group))
    }
    for group in pass.groups { sumCompleted(group: group) }
  }

  private func forEachPlane(
    _ pass: ShardPass, _ body: (_ group: Int, _ channel: Int, Normalization.Rectangle) -> Void
  ) {
    let shape = Normalization.Rectangle(pixels: sources[0].pixels)
    for group in pass.groups {
      for channel in 0..<sources[0].channels { body(group, channel, shape) }
    }
  }
}
