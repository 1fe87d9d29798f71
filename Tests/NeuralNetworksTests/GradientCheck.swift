import NeuralNetworks
import Tensors
import Testing

/// The analytic gradient of a network against central differences of the loss, one parameter tensor at
/// a time.
enum GradientCheck {
  static func run(_ network: Network, samples: Int) {
    var stream = RandomStream(seed: 3, purpose: "gradients")
    // Stale values in the padding lanes must not matter.
    for i in 0..<network.input.storage.count { network.input.storage[i] = stream.normal() }
    network.input.count = samples
    let theta = network.layout.initialParameters(from: &stream)
    let normalized = Set(network.batchNormLayout.entries.map(\.name))
    // Rectifiers that are nearly always on or nearly always off: a kink inside a step would spoil
    // the difference.
    for slice in network.layout.slices where !slice.isPrunable {
      for (n, i) in slice.range.enumerated() {
        theta[i] += 0.1 * stream.normal()
        if normalized.contains(String(slice.name.dropLast(".weight".count))),
          slice.name.hasSuffix(".weight")
        {
          theta[i] -= 0.5
        }
        if normalized.contains(String(slice.name.dropLast(".bias".count))),
          slice.name.hasSuffix(".bias")
        {
          theta[i] += n % 3 == 1 ? -2.5 : 2.5
        }
      }
    }
    let labels = (0..<samples).map { _ in stream.index(below: network.outputs) }
    let statistics = BatchNormStatistics(layout: network.batchNormLayout)
    func loss(_ parameters: FloatBuffer) -> Double {
      network.forward(weights: parameters, statistics: statistics, mode: .training)
      return Double(
        SoftmaxCrossEntropy.evaluate(
          logits: network.logits, labels: labels, gradient: network.logitGradient))
    }
    _ = loss(theta)
    let gradients = FloatBuffer(count: network.layout.count)
    network.backward(weights: theta, gradients: gradients)

    compare(
      gradients, with: loss, at: theta, of: network.layout, largerThan: 1e-2, directions: &stream)
  }

  /// A gradient against central differences of the loss, tensor by tensor.
  /// - Parameter least: the gradient's norm has to be larger.
  static func compare(
    _ gradients: FloatBuffer, with loss: (FloatBuffer) -> Double, at theta: FloatBuffer,
    of layout: ParameterLayout, largerThan least: Double, directions: inout RandomStream
  ) {
    let total = gradients.values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    #expect(total > least)
    for slice in layout.slices {
      let norm = slice.range.reduce(0) { $0 + Double(gradients[$1]) * Double(gradients[$1]) }
        .squareRoot()
      // Along the gradient, turned by some random amount.
      var direction = slice.range.map { _ in Double(directions.normal()) }
      let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
      for (n, i) in slice.range.enumerated() {
        direction[n] = direction[n] / length + Double(gradients[i]) / max(norm, 1e-3 * total)
      }
      let predicted = zip(slice.range, direction).reduce(0) {
        $0 + Double(gradients[$1.0]) * $1.1
      }
      let best =
        [0.02, 0.006, 0.002].map { step in
          let values = [1.0, -1.0].map { sign in
            let moved = FloatBuffer(theta.values)
            for (n, i) in slice.range.enumerated() { moved[i] += Float(sign * step * direction[n]) }
            return loss(moved)
          }
          return abs((values[0] - values[1]) / (2 * step) - predicted)
        }.min() ?? .infinity
      #expect(
        best < 0.02 * norm + 2e-4 * total, "\(slice.name): off by \(best) of \(norm), \(total)")
    }
  }
}
