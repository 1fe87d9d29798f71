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
  private let slices: Slices

  init(sources: [FeatureMap], output: FeatureMap, slices: Slices) {
    map = output
    self.slices = slices
    super.init(sources: sources, output: output)
  }

  private var width: Int { slices.reduceBias.count }

  override var kind: String { "squeeze-excitation" }
  override var multiplyAdds: Int { 2 * map.channels * width }
  override var scratchCount: Int { map.channels * (map.pixels + 4) + 2 * width }

  /// What both passes compute, in scratch memory: one vector per channel, one plane per channel.
  private struct Values {
    var z: UnsafeMutablePointer<Lanes>
    var means: UnsafeMutablePointer<Lanes>
    var hidden: UnsafeMutablePointer<Lanes>
    var arguments: UnsafeMutablePointer<Lanes>
    /// Free for the backward pass.
    var dHidden: UnsafeMutablePointer<Lanes>
    var dArguments: UnsafeMutablePointer<Lanes>
    var dMeans: UnsafeMutablePointer<Lanes>
  }

  override func forward(_ pass: ShardPass) {
    for group in pass.groups {
      let values = compute(group, pass)
      for c in 0..<map.channels {
        Elementwise.scale(
          values.z + c * map.pixels, by: Elementwise.hardSigmoid(values.arguments[c]),
          into: map.planes.plane(group: group, channel: c), pixels: map.pixels)
      }
    }
  }

  override func backward(_ pass: ShardPass) {
    for group in pass.groups {
      let values = compute(group, pass)
      for c in 0..<map.channels {
        let dGate = Elementwise.dot(
          outputGradients[c].slope(group: group), values.z + c * map.pixels, pixels: map.pixels)
        values.dArguments[c] = Elementwise.hardSigmoidGradient(dGate, at: values.arguments[c])
      }
      backward(
        dOutput: values.dArguments, input: values.hidden, weight: slices.expandWeight,
        bias: slices.expandBias, dInput: values.dHidden, pass)
      for h in 0..<width {
        values.dHidden[h] = values.dHidden[h].replacing(with: 0, where: values.hidden[h] .<= 0)
      }
      backward(
        dOutput: values.dHidden, input: values.means, weight: slices.reduceWeight,
        bias: slices.reduceBias, dInput: values.dMeans, pass)
      for c in 0..<map.channels {
        let edge = channelEdges[c]
        Elementwise.scale(
          outputGradients[c].slope(group: group), by: Elementwise.hardSigmoid(values.arguments[c]),
          plus: values.dMeans[c] * (1 / Float(map.pixels)),
          adding: edge.base(group: group), into: edge.destination(group: group),
          pixels: map.pixels)
      }
      sumCompleted(group: group)
    }
  }

  private func compute(_ group: Int, _ pass: ShardPass) -> Values {
    let vectors = pass.scratch + map.channels * map.pixels
    let channels = map.channels
    let values = Values(
      z: pass.scratch, means: vectors, hidden: vectors + 3 * channels,
      arguments: vectors + channels, dHidden: vectors + 3 * channels + width,
      dArguments: vectors + 2 * channels, dMeans: vectors + 3 * channels + 2 * width)
    for c in 0..<channels {
      let plane = values.z + c * map.pixels
      readers[c].read(
        group: group, pass: pass, into: plane, Normalization.Rectangle(pixels: map.pixels))
      values.means[c] = Elementwise.mean(plane, pixels: map.pixels)
    }
    Linear.forward(
      values.means, weight: slices.reduceWeight, bias: slices.reduceBias, into: values.hidden, pass)
    for h in 0..<width { values.hidden[h] = Elementwise.rectified(values.hidden[h]) }
    Linear.forward(
      values.hidden, weight: slices.expandWeight, bias: slices.expandBias,
      into: values.arguments, pass)
    return values
  }

  private func backward(
    dOutput: UnsafeMutablePointer<Lanes>, input: UnsafeMutablePointer<Lanes>,
    weight: Range<Int>, bias: Range<Int>, dInput: UnsafeMutablePointer<Lanes>, _ pass: ShardPass
  ) {
    Linear.backward(
      dOutput: dOutput, input: input, weight: weight, bias: bias, dInput: dInput, pass)
  }
}
