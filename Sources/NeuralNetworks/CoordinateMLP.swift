/// The multilayer perceptron of an implicit representation (paper §6): 34 features of a coordinate,
/// four hidden layers of 128 with ReLU, a linear layer to the colour; with three outputs 53,888
/// prunable weights. Biases are dense.
///
/// The baseline's first layer reads 16 values more, the learned vector of the coordinate's region, which
/// makes 55,936. θ₀ is drawn for that layer, so that the one without them can be cut out of it.
enum CoordinateMLP {
  /// Fourier features of a coordinate: itself, and sine and cosine at 8 frequencies of both its parts.
  static let features = 34
  /// Values of a region's vector, and for how many regions there is one.
  static let (embedded, regions) = (16, 64)
  private static let width = 128
  private static let hiddenLayers = 4

  static func build(_ builder: NetworkBuilder) { layers(builder, from: builder.images) }

  static func buildEmbedded(_ builder: NetworkBuilder) {
    layers(
      builder,
      from: builder.embedding("embedding", builder.images, regions: regions, width: embedded))
  }

  private static func layers(_ builder: NetworkBuilder, from source: FeatureMap) {
    var map = source
    for index in 0..<hiddenLayers {
      map = builder.linear(
        "layers.\(index)", map, outputs: width, rectified: true,
        fanIn: index == 0 ? features + embedded : nil)
    }
    builder.regression(
      builder.linear(
        "layers.\(hiddenLayers)", map, outputs: builder.outputs, rectified: false))
  }
}
