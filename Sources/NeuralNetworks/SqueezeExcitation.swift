internal import Tensors

/// Squeeze-and-excitation: every channel is scaled, sample by sample, by a gate between 0 and 1
/// that two small linear layers compute from all channels' means.
///
/// s = mean(z), h = max(0, W₁ s + b₁), a = W₂ h + b₂, y = z · clip(a + 3, 0, 6) / 6.
final class SqueezeExcitation: Step {
  /// Places of the four tensors in the flat store.
  struct Slices {
    var reduceWeight: Range<Int>
    var reduceBias: Range<Int>
    var expandWeight: Range<Int>
    var expandBias: Range<Int>
  }

  private let map: FeatureMap
  private let reduce: Linear
  private let expand: Linear
  private let groupsPerShard: Int

  init(sources: [FeatureMap], output: FeatureMap, slices: Slices) {
    map = output
    reduce = Linear(weight: slices.reduceWeight, bias: slices.reduceBias)
    expand = Linear(weight: slices.expandWeight, bias: slices.expandBias)
    groupsPerShard = (output.groups + Network.shards - 1) / Network.shards
    super.init(sources: sources, output: output)
  }

  private var width: Int { reduce.outputs }

  override var kind: String { "squeeze-excitation" }
  override var multiplyAdds: Int { 2 * map.channels * width }
  override var scratchCount: Int {
    map.pixels + groupsPerShard * (4 * map.channels + 2 * width)
  }

  /// One vector per channel for each group of a shard, in scratch memory behind one plane.
  private struct Vectors {
    var means: Planes
    var arguments: Planes
    var hidden: Planes
    /// Free for the backward pass.
    var dMeans: Planes
    var dArguments: Planes
    var dHidden: Planes
  }

  override func forward(_ pass: ShardPass) {
    let vectors = makeVectors(pass)
    for (index, group) in pass.groups.enumerated() {
      for c in 0..<map.channels {
        vectors.means.plane(group: index, channel: c)[0] = Elementwise.mean(
          read(c, group, pass), pixels: map.pixels)
      }
    }
    computeArguments(vectors, pass)
    for (index, group) in pass.groups.enumerated() {
      let arguments = vectors.arguments.plane(group: index, channel: 0)
      for c in 0..<map.channels {
        Elementwise.scale(
          read(c, group, pass), by: Elementwise.hardSigmoid(arguments[c]),
          into: map.planes.plane(group: group, channel: c), pixels: map.pixels)
      }
    }
  }

  override func backward(_ pass: ShardPass) {
    let vectors = makeVectors(pass)
    let groups = pass.groups.count
    for (index, group) in pass.groups.enumerated() {
      let means = vectors.means.plane(group: index, channel: 0)
      let dGates = vectors.dArguments.plane(group: index, channel: 0)
      for c in 0..<map.channels {
        let z = read(c, group, pass)
        means[c] = Elementwise.mean(z, pixels: map.pixels)
        dGates[c] = Elementwise.dot(
          outputGradients[c].slope(group: group), z, pixels: map.pixels)
      }
    }
    computeArguments(vectors, pass)
    // All groups at once, so that the weights' gradients are summed across lanes once.
    for index in 0..<groups {
      let arguments = vectors.arguments.plane(group: index, channel: 0)
      let dArguments = vectors.dArguments.plane(group: index, channel: 0)
      for c in 0..<map.channels {
        dArguments[c] = Elementwise.hardSigmoidGradient(dArguments[c], at: arguments[c])
      }
    }
    expand.backward(
      vectors.dArguments, input: vectors.hidden, into: vectors.dHidden, groups: groups, pass)
    for index in 0..<groups {
      let hidden = vectors.hidden.plane(group: index, channel: 0)
      let dHidden = vectors.dHidden.plane(group: index, channel: 0)
      for h in 0..<width { dHidden[h] = dHidden[h].replacing(with: 0, where: hidden[h] .<= 0) }
    }
    reduce.backward(
      vectors.dHidden, input: vectors.means, into: vectors.dMeans, groups: groups, pass)
    for (index, group) in pass.groups.enumerated() {
      let arguments = vectors.arguments.plane(group: index, channel: 0)
      let dMeans = vectors.dMeans.plane(group: index, channel: 0)
      for c in 0..<map.channels {
        let edge = channelEdges[c]
        Elementwise.scale(
          outputGradients[c].slope(group: group), by: Elementwise.hardSigmoid(arguments[c]),
          plus: dMeans[c] * (1 / Float(map.pixels)), adding: edge.base(group: group),
          into: edge.destination(group: group), pixels: map.pixels)
      }
      sumCompleted(group: group)
    }
  }

  private func makeVectors(_ pass: ShardPass) -> Vectors {
    var free = pass.scratch + map.pixels
    func planes(_ count: Int) -> Planes {
      defer { free += count * groupsPerShard }
      return Planes(free, groupStride: count, channelStride: 1)
    }
    return Vectors(
      means: planes(map.channels), arguments: planes(map.channels), hidden: planes(width),
      dMeans: planes(map.channels), dArguments: planes(map.channels), dHidden: planes(width))
  }

  /// What a channel's readers see, in scratch memory.
  private func read(
    _ channel: Int, _ group: Int, _ pass: ShardPass
  ) -> UnsafeMutablePointer<Lanes> {
    readers[channel].read(
      group: group, pass: pass, into: pass.scratch, Normalization.Rectangle(pixels: map.pixels))
    return pass.scratch
  }

  /// The gates' arguments from the means.
  private func computeArguments(_ vectors: Vectors, _ pass: ShardPass) {
    let groups = pass.groups.count
    reduce.forward(vectors.means, into: vectors.hidden, groups: groups, pass)
    for index in 0..<groups {
      let hidden = vectors.hidden.plane(group: index, channel: 0)
      for h in 0..<width { hidden[h] = Elementwise.rectified(hidden[h]) }
    }
    expand.forward(vectors.hidden, into: vectors.arguments, groups: groups, pass)
  }
}
