/// The truncated GhostNet of paper §5: 125,832 prunable weights, 1.30 M multiply-adds per image.
enum GhostNet {
  /// One row of the paper's table.
  private struct Bottleneck {
    var expansion: Int
    var outputs: Int
    var kernel: Int
    var stride: Int
    var squeezes: Bool
  }

  private static let bottlenecks: [Bottleneck] = [
    Bottleneck(expansion: 16, outputs: 16, kernel: 3, stride: 1, squeezes: false),
    Bottleneck(expansion: 48, outputs: 24, kernel: 3, stride: 2, squeezes: false),
    Bottleneck(expansion: 72, outputs: 24, kernel: 3, stride: 1, squeezes: false),
    Bottleneck(expansion: 72, outputs: 40, kernel: 5, stride: 2, squeezes: true),
    Bottleneck(expansion: 120, outputs: 40, kernel: 5, stride: 1, squeezes: true),
    Bottleneck(expansion: 240, outputs: 80, kernel: 3, stride: 2, squeezes: false),
    Bottleneck(expansion: 200, outputs: 80, kernel: 3, stride: 1, squeezes: false),
    Bottleneck(expansion: 184, outputs: 80, kernel: 3, stride: 1, squeezes: false),
    Bottleneck(expansion: 184, outputs: 80, kernel: 3, stride: 1, squeezes: false),
  ]

  static func build(_ builder: NetworkBuilder) {
    var map = builder.convolution(
      "stem", builder.images, outputs: 16, kernel: 3, stride: 2, rectified: true)
    for (index, row) in bottlenecks.enumerated() {
      map = bottleneck(builder, "blocks.\(index)", map, row)
    }
    let head = builder.pointwise("head.expand", [map], outputs: 184, rectified: true)
    builder.classifier(head, projection: ("head.project", 128))
  }

  /// Ghost module, depthwise where the stride is 2, squeeze-and-excitation where marked, linear
  /// Ghost module, plus the shortcut.
  private static func bottleneck(
    _ builder: NetworkBuilder, _ name: String, _ input: FeatureMap, _ row: Bottleneck
  ) -> FeatureMap {
    var maps = ghost(builder, "\(name).ghost1", [input], row.expansion, rectified: true)
    if row.stride == 2 {
      maps = [
        builder.depthwise(
          "\(name).depthwise", maps, kernel: row.kernel, stride: 2, rectified: false)
      ]
    }
    if row.squeezes {
      // A quarter, rounded to a multiple of four.
      let width = (row.expansion / 4 + 2) / 4 * 4
      maps = [builder.squeezeExcitation("\(name).se", maps, width: width)]
    }
    let outputs = ghost(builder, "\(name).ghost2", maps, row.outputs, rectified: false)
    if row.stride == 1 && input.channels == row.outputs { return builder.sum(outputs, input) }
    let spatial = builder.depthwise(
      "\(name).shortcut.depthwise", [input], kernel: row.kernel, stride: row.stride,
      rectified: false)
    let shortcut = builder.pointwise(
      "\(name).shortcut.pointwise", [spatial], outputs: row.outputs, rectified: false)
    return builder.sum(outputs, shortcut)
  }

  /// Half of the width from a 1×1 convolution, the other half from a cheap depthwise 3×3 on it;
  /// all widths are even.
  private static func ghost(
    _ builder: NetworkBuilder, _ name: String, _ sources: [FeatureMap], _ width: Int,
    rectified: Bool
  ) -> [FeatureMap] {
    let primary = builder.pointwise(
      "\(name).primary", sources, outputs: width / 2, rectified: rectified)
    let cheap = builder.depthwise(
      "\(name).cheap", [primary], kernel: 3, stride: 1, rectified: rectified)
    return [primary, cheap]
  }
}
