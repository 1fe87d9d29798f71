internal import Tensors

/// Layers that only stacks have.
extension NetworkBuilder {
  /// Pooling over windows of `size` × `size` that fill the map.
  func pool(
    _ source: FeatureMap, _ kind: Pooling.Kind, size: Int, _ reading: Reading
  ) -> FeatureMap {
    let map = map(source.channels, source.height / size, source.width / size, reading)
    steps.append(PoolingLayer(source: source, output: map, kind, size: size))
    return map
  }

  /// What the map's readers see, stored as a map of its own.
  /// - Parameter flat: whether every pixel of every channel becomes a channel.
  func restated(
    _ source: FeatureMap, flat: Bool = false, _ reading: Reading = Reading()
  ) -> FeatureMap {
    let map =
      flat
      ? map(source.channels * source.pixels, 1, 1, reading)
      : map(source.channels, source.height, source.width, reading)
    steps.append(Restatement(source: source, output: map))
    return map
  }
}
