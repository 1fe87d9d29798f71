internal import Tensors

/// The end of a network: global average pooling, an optional projection with a rectifier, and the
/// linear layer that gives the logits.
///
/// s = mean(z), h = max(0, P s) where there is a projection, logits = W h + b. GhostNet's second
/// head convolution is linear and stands before the pooling; pooling first gives the same numbers
/// and costs a quarter (paper §5).
final class Classifier: Step {
  private let source: FeatureMap
  private let logits: LaneBatch
  private let logitGradient: LaneBatch
  private let projection: Range<Int>
  private let weight: Range<Int>
  private let bias: Range<Int>
  private let hiddenCount: Int

  /// - Parameter projection: place of `[hidden, channels, 1, 1]`, empty for none.
  init(
    source: FeatureMap, projection: Range<Int>, weight: Range<Int>, bias: Range<Int>,
    logits: LaneBatch, logitGradient: LaneBatch
  ) {
    self.source = source
    (self.projection, self.weight, self.bias) = (projection, weight, bias)
    (self.logits, self.logitGradient) = (logits, logitGradient)
    hiddenCount = weight.count / bias.count
    super.init(sources: [source], output: nil)
  }

  override var kind: String { "classifier" }
  override var multiplyAdds: Int { projection.count + weight.count }
  override var scratchCount: Int { source.pixels + 2 * (source.channels + hiddenCount) }

  private var isProjected: Bool { !projection.isEmpty }

  override func forward(_ pass: ShardPass) {
    for group in pass.groups {
      let hidden = compute(group, pass).hidden
      Linear.forward(
        hidden, weight: weight, bias: bias, into: logits.planes.plane(group: group, channel: 0),
        pass)
    }
  }

  override func backward(_ pass: ShardPass) {
    for group in pass.groups {
      let (means, hidden) = compute(group, pass)
      let dMeans = means + source.channels + hiddenCount
      let dHidden = isProjected ? dMeans + source.channels : dMeans
      Linear.backward(
        dOutput: logitGradient.planes.plane(group: group, channel: 0), input: hidden,
        weight: weight, bias: bias, dInput: dHidden, pass)
      if isProjected {
        for h in 0..<hiddenCount {
          dHidden[h] = dHidden[h].replacing(with: 0, where: hidden[h] .<= 0)
        }
        Linear.backward(
          dOutput: dHidden, input: means, weight: projection, bias: 0..<0, outputs: hiddenCount,
          dInput: dMeans, pass)
      }
      for channel in 0..<source.channels {
        Elementwise.spread(
          dMeans[channel] * (1 / Float(source.pixels)),
          adding: channelEdges[channel].base(group: group),
          into: channelEdges[channel].destination(group: group), pixels: source.pixels)
      }
      sumCompleted(group: group)
    }
  }

  /// The channels' means and what the linear layer reads, in scratch memory.
  private func compute(
    _ group: Int, _ pass: ShardPass
  ) -> (means: UnsafeMutablePointer<Lanes>, hidden: UnsafeMutablePointer<Lanes>) {
    let means = pass.scratch + source.pixels
    for channel in 0..<source.channels {
      readers[channel].read(
        group: group, pass: pass, into: pass.scratch,
        Normalization.Rectangle(pixels: source.pixels))
      means[channel] = Elementwise.mean(pass.scratch, pixels: source.pixels)
    }
    guard isProjected else { return (means, means) }
    let hidden = means + source.channels
    Linear.forward(
      means, weight: projection, bias: 0..<0, outputs: hiddenCount, into: hidden, pass)
    for h in 0..<hiddenCount { hidden[h] = Elementwise.rectified(hidden[h]) }
    return (means, hidden)
  }
}
