internal import Tensors

/// One entry of a plain stack of layers.
public indirect enum StackLayer: Sendable, Hashable {
  /// A k×k convolution with padding k / 2 and no bias; k is odd.
  case convolution(outputs: Int, kernel: Int, stride: Int)
  /// A convolution of each channel with its own 3×3 or 5×5 kernel; stride 1 or 2.
  case depthwise(kernel: Int, stride: Int)
  /// A linear layer over vectors, with bias.
  case linear(outputs: Int)
  /// Batch normalisation.
  case batchNorm
  /// max(x, 0).
  case rectifier
  /// The largest value of each of the windows that fill a map.
  case maxPool(size: Int)
  /// The mean of each of the windows that fill a map.
  case averagePool(size: Int)
  /// The mean of each map.
  case globalPool
  /// Every pixel of every channel as a channel of its own.
  case flatten
  /// Squeeze-and-excitation whose hidden width is the channels over `reduction`.
  case squeezeExcitation(reduction: Int)
  /// The sum of a body and a shortcut over the same input; an empty shortcut is the input itself.
  case residual(body: [StackLayer], shortcut: [StackLayer])
}

/// Builds a network from a list of layers.
///
/// Batch normalisation and a rectifier that follow a layer are applied by whoever reads its map, where
/// the layer allows it; elsewhere what readers see is stored once more, and they are applied to that.
struct LayerStack {
  private let builder: NetworkBuilder

  /// The layers over the images, and after them the classifier. Entry i is the module `layers.i` as in
  /// PyTorch's `Sequential`, entries of a residual are `layers.i.body.j` and `layers.i.shortcut.j`.
  static func build(_ layers: [StackLayer], _ builder: NetworkBuilder) {
    let stack = LayerStack(builder: builder)
    builder.classifier(stack.append(layers, "layers", to: builder.images, isNested: false))
  }

  private func append(
    _ layers: [StackLayer], _ prefix: String, to source: FeatureMap, isNested: Bool
  ) -> FeatureMap {
    var map = source
    var index = 0
    /// Takes the entries that the map's readers can see to.
    func reading(normalizes: Bool = true) -> NetworkBuilder.Reading {
      var reading = NetworkBuilder.Reading()
      if normalizes, index < layers.count, layers[index] == .batchNorm {
        reading.normalization = "\(prefix).\(index)"
        index += 1
      }
      if index < layers.count, layers[index] == .rectifier {
        reading.isRectified = true
        index += 1
      }
      return reading
    }
    while index < layers.count {
      let name = "\(prefix).\(index)"
      index += 1
      switch layers[index - 1] {
      case .convolution(let outputs, let kernel, let stride):
        map = builder.convolution(
          weight: "\(name).weight", map, outputs: outputs, kernel: kernel, stride: stride,
          reading())
      case .depthwise(let kernel, let stride):
        map = builder.depthwise(
          weight: "\(name).weight", [map], kernel: kernel, stride: stride, reading())
      case .linear(let outputs):
        // It reads what is stored, and stores what is rectified.
        let isPlain = map.normalization == nil && !map.isRectified
        map = builder.linear(
          name, isPlain ? map : builder.restated(map), outputs: outputs,
          rectified: reading(normalizes: false).isRectified)
      case .batchNorm, .rectifier:
        index -= 1
        map = builder.restated(map, reading())
      case .maxPool(let size): map = builder.pool(map, .maximum, size: size, reading())
      case .averagePool(let size): map = builder.pool(map, .average, size: size, reading())
      case .globalPool: map = builder.pool(map, .average, size: map.height, reading())
      case .flatten: map = builder.restated(map, flat: true, reading())
      case .squeezeExcitation(let reduction):
        map = builder.squeezeExcitation(name, [map], width: map.channels / reduction)
      case .residual(let body, let shortcut):
        // Two sums must not hand the same map their gradients: each adds nothing to what is there.
        if isNested, map === source, shortcut.isEmpty { map = builder.restated(map) }
        let end = branch(body, "\(name).body", from: map)
        let side = shortcut.isEmpty ? map : branch(shortcut, "\(name).shortcut", from: map)
        map = builder.sum([end], side)
      }
    }
    return map
  }

  /// One term of a sum. A sum has no gradient of its own that it could take over from another one.
  private func branch(
    _ layers: [StackLayer], _ prefix: String, from map: FeatureMap
  ) -> FeatureMap {
    let end = append(layers, prefix, to: map, isNested: true)
    if case .residual = layers.last { return builder.restated(end) }
    return end
  }
}
