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
  private let features: LaneBatch
  private let projection: Linear?
  private let linear: Linear
  private let groupsPerShard: Int

  /// - Parameters:
  ///   - projection: place of `[hidden, channels, 1, 1]`, empty for none.
  ///   - hidden: inputs of the linear layer.
  ///   - features: where they go in evaluation mode.
  init(
    source: FeatureMap, projection: Range<Int>, hidden: Int, weight: Range<Int>, bias: Range<Int>,
    logits: LaneBatch, logitGradient: LaneBatch, features: LaneBatch
  ) {
    self.source = source
    (self.logits, self.logitGradient, self.features) = (logits, logitGradient, features)
    self.projection =
      projection.isEmpty ? nil : Linear(weight: projection, bias: 0..<0, outputs: hidden)
    linear = Linear(weight: weight, bias: bias)
    groupsPerShard = (source.groups + Network.shards - 1) / Network.shards
    super.init(sources: [source], output: nil)
  }

  override var kind: String { "classifier" }
  override var multiplyAdds: Int { (projection?.weight.count ?? 0) + linear.weight.count }
  override var scratchCount: Int {
    source.pixels + 2 * groupsPerShard * (source.channels + linear.inputs)
  }

  /// One vector per channel for each group of a shard, in scratch memory.
  private struct Vectors {
    var means: Planes
    var hidden: Planes
    var dMeans: Planes
    var dHidden: Planes
  }

  override func forward(_ pass: ShardPass) {
    let vectors = compute(pass)
    var to = logits.planes
    to.base += pass.groups.lowerBound * to.groupStride
    linear.forward(vectors.hidden, into: to, groups: pass.groups.count, pass)
    guard !pass.isTraining else { return }
    for (index, group) in pass.groups.enumerated() {
      features.planes.plane(group: group, channel: 0).update(
        from: vectors.hidden.plane(group: index, channel: 0), count: linear.inputs)
    }
  }

  override func backward(_ pass: ShardPass) {
    let vectors = compute(pass)
    let groups = pass.groups.count
    var slope = logitGradient.planes
    slope.base += pass.groups.lowerBound * slope.groupStride
    // All groups at once, so that the weights' gradients are summed across lanes once.
    linear.backward(
      slope, input: vectors.hidden, into: vectors.dHidden, groups: groups, pass)
    if let projection {
      for index in 0..<groups {
        let hidden = vectors.hidden.plane(group: index, channel: 0)
        let dHidden = vectors.dHidden.plane(group: index, channel: 0)
        for h in 0..<linear.inputs {
          dHidden[h] = dHidden[h].replacing(with: 0, where: hidden[h] .<= 0)
        }
      }
      projection.backward(
        vectors.dHidden, input: vectors.means, into: vectors.dMeans, groups: groups, pass)
    }
    for (index, group) in pass.groups.enumerated() {
      let dMeans = vectors.dMeans.plane(group: index, channel: 0)
      for channel in 0..<source.channels {
        Elementwise.spread(
          dMeans[channel] * (1 / Float(source.pixels)),
          adding: channelEdges[channel].base(group: group),
          into: channelEdges[channel].destination(group: group), pixels: source.pixels)
      }
      sumCompleted(group: group)
    }
  }

  /// The channels' means and what the linear layer reads.
  private func compute(_ pass: ShardPass) -> Vectors {
    let base = pass.scratch + source.pixels
    let (channels, hidden) = (source.channels, linear.inputs)
    func planes(_ start: Int, _ count: Int) -> Planes {
      Planes(base + start * groupsPerShard, groupStride: count, channelStride: 1)
    }
    let means = planes(0, channels)
    let dMeans = planes(channels, channels)
    let vectors = Vectors(
      means: means, hidden: projection == nil ? means : planes(2 * channels, hidden),
      dMeans: dMeans, dHidden: projection == nil ? dMeans : planes(2 * channels + hidden, hidden))
    for (index, group) in pass.groups.enumerated() {
      let values = means.plane(group: index, channel: 0)
      for channel in 0..<channels {
        readers[channel].read(
          group: group, pass: pass, into: pass.scratch,
          Normalization.Rectangle(pixels: source.pixels))
        values[channel] = Elementwise.mean(pass.scratch, pixels: source.pixels)
      }
    }
    if let projection {
      projection.forward(means, into: vectors.hidden, groups: pass.groups.count, pass)
      for index in 0..<pass.groups.count {
        let values = vectors.hidden.plane(group: index, channel: 0)
        for h in 0..<hidden { values[h] = Elementwise.rectified(values[h]) }
      }
    }
    return vectors
  }
}
