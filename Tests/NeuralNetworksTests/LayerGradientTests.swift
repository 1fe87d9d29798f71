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
  func gradientEqualsDifferences(subject: Subject, samples: Int) {
    let network = Network(
      outputs: 3, capacity: 40, side: 5, pool: WorkerPool(threads: 1),
      describedBy: { Self.describe(subject, $0) })
    GradientCheck.run(network, samples: samples)
  }
}
