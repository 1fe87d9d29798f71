import NeuralNetworks
import Tensors
import Testing

/// Every layer inside a small network: the analytic gradient against central differences of the
/// loss, one parameter tensor at a time.
@Suite struct LayerGradientTests {
  enum Subject: String, CaseIterable, Sendable {
    case convolution, convolutionTwice, convolutionOfStride1, manyChannels,
      pointwise, pointwisePair, depthwise3,
      depthwise3Stride2,
      depthwise5, depthwise5Stride2, squeezeExcitation, identityShortcut, shortcut, projection
  }

  static func describe(_ subject: Subject, _ b: NetworkBuilder) {
    let stem = b.convolution(
      "stem", b.images, outputs: 4, kernel: 3, stride: 1, rectified: true)
    func end(_ map: FeatureMap) {
      b.classifier(b.pointwise("end", [map], outputs: 5, rectified: true))
    }
    func ghost(_ name: String, _ map: FeatureMap) -> [FeatureMap] {
      let primary = b.pointwise("\(name).primary", [map], outputs: 2, rectified: false)
      return [
        primary,
        b.depthwise("\(name).cheap", [primary], kernel: 3, stride: 1, rectified: false),
      ]
    }
    switch subject {
    case .convolution: b.classifier(stem)
    case .convolutionTwice:
      end(b.convolution("second", stem, outputs: 3, kernel: 3, stride: 2, rectified: true))
    case .convolutionOfStride1:
      end(b.convolution("second", stem, outputs: 9, kernel: 5, stride: 1, rectified: true))
    case .manyChannels:
      let wide = b.pointwise("wide", [stem], outputs: 17, rectified: true)
      end(b.convolution("second", wide, outputs: 16, kernel: 3, stride: 1, rectified: true))
    case .pointwise: end(b.pointwise("subject", [stem], outputs: 7, rectified: false))
    case .pointwisePair:
      let other = b.pointwise("other", [stem], outputs: 3, rectified: true)
      end(b.pointwise("subject", [other, stem], outputs: 5, rectified: true))
    case .depthwise3: end(b.depthwise("subject", [stem], kernel: 3, stride: 1, rectified: true))
    case .depthwise3Stride2:
      end(b.depthwise("subject", ghost("ghost", stem), kernel: 3, stride: 2, rectified: true))
    case .depthwise5: end(b.depthwise("subject", [stem], kernel: 5, stride: 1, rectified: true))
    case .depthwise5Stride2:
      end(b.depthwise("subject", [stem], kernel: 5, stride: 2, rectified: true))
    case .squeezeExcitation:
      end(b.squeezeExcitation("subject", ghost("ghost", stem), width: 3))
    case .identityShortcut: end(b.sum(ghost("ghost", stem), stem))
    case .shortcut:
      let first = b.sum(ghost("first", stem), stem)
      let side = b.pointwise("side", [first], outputs: 4, rectified: false)
      end(b.sum(ghost("second", first), side))
    case .projection: b.classifier(stem, projection: (name: "project", hidden: 6))
    }
  }

  @Test(arguments: Subject.allCases, [19, 32])
  func gradientEqualsDifferences(subject: Subject, samples: Int) throws {
    let network = Network(
      outputs: 3, capacity: 40, side: 5, pool: WorkerPool(threads: 1),
      describedBy: { Self.describe(subject, $0) })
    var stream = RandomStream(seed: 3, purpose: "gradients")
    // Stale values in the padding lanes must not matter.
    for i in 0..<network.input.storage.count { network.input.storage[i] = stream.normal() }
    network.input.count = samples
    let theta = network.layout.initialParameters(from: &stream)
    // Rectifiers that are nearly always on or nearly always off: a kink inside a step would spoil
    // the difference.
    for slice in network.layout.slices where !slice.isPrunable {
      for (n, i) in slice.range.enumerated() {
        theta[i] += 0.1 * stream.normal()
        if slice.name.hasSuffix("bn.weight") { theta[i] -= 0.5 }
        if slice.name.hasSuffix("bn.bias") { theta[i] += n % 3 == 1 ? -2.5 : 2.5 }
      }
    }
    let labels = (0..<samples).map { _ in stream.index(below: 3) }
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

    let total = gradients.values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    #expect(total > 1e-2)
    for slice in network.layout.slices {
      let norm = slice.range.reduce(0) { $0 + Double(gradients[$1]) * Double(gradients[$1]) }
        .squareRoot()
      // Along the gradient, turned by some random amount.
      var direction = slice.range.map { _ in Double(stream.normal()) }
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
