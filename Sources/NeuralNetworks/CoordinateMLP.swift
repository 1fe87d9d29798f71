/// The multilayer perceptron of an implicit representation (paper §6): 34 features of a coordinate,
/// four hidden layers of 128 with ReLU, a linear layer to the colour; with three outputs 53,888
/// prunable weights. Biases are dense.
enum CoordinateMLP {
  /// Fourier features of a coordinate: itself, and sine and cosine at 8 frequencies of both its parts.
  static let features = 34
  private static let width = 128
  private static let hiddenLayers = 4

  static func build(_ builder: NetworkBuilder) {
    var map = builder.images
    for index in 0..<hiddenLayers {
      map = builder.linear("layers.\(index)", map, outputs: width, rectified: true)
    }
    builder.regression(
      builder.linear(
        "layers.\(hiddenLayers)", map, outputs: builder.outputs, rectified: false))
  }
}
