/// GhostNet, whole (Han et al., arXiv 1911.11907, table 1) or truncated as in paper §5: with width 1 and
/// 32×32 images the truncated one has 125,832 prunable weights and 1.30 M multiply-adds per image.
struct GhostNet: Sendable, Hashable {
  /// Whether it has all sixteen bottlenecks and the large head.
  let isFull: Bool
  /// What all widths but that of the last projection are multiplied by.
  let width: Double

  /// One row of the paper's table.
  private struct Bottleneck {
    var expansion: Int
    var outputs: Int
    var kernel: Int
    var stride: Int
    var squeezes: Bool
  }

  /// What both have in common.
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

  /// What only the whole one has.
  private static let furtherBottlenecks: [Bottleneck] = [
    Bottleneck(expansion: 480, outputs: 112, kernel: 3, stride: 1, squeezes: true),
    Bottleneck(expansion: 672, outputs: 112, kernel: 3, stride: 1, squeezes: true),
    Bottleneck(expansion: 672, outputs: 160, kernel: 5, stride: 2, squeezes: true),
    Bottleneck(expansion: 960, outputs: 160, kernel: 5, stride: 1, squeezes: false),
    Bottleneck(expansion: 960, outputs: 160, kernel: 5, stride: 1, squeezes: true),
    Bottleneck(expansion: 960, outputs: 160, kernel: 5, stride: 1, squeezes: false),
    Bottleneck(expansion: 960, outputs: 160, kernel: 5, stride: 1, squeezes: true),
  ]

  func build(_ builder: NetworkBuilder) {
    var map = builder.convolution(
      "stem", builder.images, outputs: scaled(16), kernel: 3, stride: 2, rectified: true)
    let rows = Self.bottlenecks + (isFull ? Self.furtherBottlenecks : [])
    for (index, row) in rows.enumerated() {
      map = bottleneck(builder, "blocks.\(index)", map, row)
    }
    let head = builder.pointwise(
      "head.expand", [map], outputs: scaled(isFull ? 960 : 184), rectified: true)
    builder.classifier(head, projection: ("head.project", isFull ? 1280 : 128))
  }

  /// A width times the multiplier, to the nearest multiple of four, but not less than nine tenths.
  private func scaled(_ channels: Int) -> Int {
    let wanted = Double(channels) * width
    let rounded = max(4, Int(wanted + 2) / 4 * 4)
    return Double(rounded) < 0.9 * wanted ? rounded + 4 : rounded
  }

  /// Ghost module, depthwise where the stride is 2, squeeze-and-excitation where marked, linear
  /// Ghost module, plus the shortcut.
  private func bottleneck(
    _ builder: NetworkBuilder, _ name: String, _ input: FeatureMap, _ row: Bottleneck
  ) -> FeatureMap {
    let (expansion, width) = (scaled(row.expansion), scaled(row.outputs))
    var maps = ghost(builder, "\(name).ghost1", [input], expansion, rectified: true)
    if row.stride == 2 {
      maps = [
        builder.depthwise(
          "\(name).depthwise", maps, kernel: row.kernel, stride: 2, rectified: false)
      ]
    }
    if row.squeezes {
      // A quarter, rounded to a multiple of four.
      let hidden = max(4, (expansion / 4 + 2) / 4 * 4)
      maps = [builder.squeezeExcitation("\(name).se", maps, width: hidden)]
    }
    let outputs = ghost(builder, "\(name).ghost2", maps, width, rectified: false)
    if row.stride == 1 && input.channels == width { return builder.sum(outputs, input) }
    let spatial = builder.depthwise(
      "\(name).shortcut.depthwise", [input], kernel: row.kernel, stride: row.stride,
      rectified: false)
    let shortcut = builder.pointwise(
      "\(name).shortcut.pointwise", [spatial], outputs: width, rectified: false)
    return builder.sum(outputs, shortcut)
  }

  /// Half of the width from a 1×1 convolution, the other half from a cheap depthwise 3×3 on it;
  /// all widths are even.
  private func ghost(
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
