/// The named networks.
public enum Architecture: String, Sendable, CaseIterable {
  /// The truncated GhostNet of paper §5.
  case ghostNet
  /// A small plain convolutional network.
  case smallCNN
  /// The multilayer perceptron of paper §6: features of a coordinate in, a colour out.
  case coordinateMLP
  /// The same with a learned vector of the coordinate's region beside its features: the paper's
  /// baseline; the region's number comes last in a sample.
  case embeddedCoordinateMLP

  /// What a sample is: channels of `side` × `side` pixels; a vector of features is one pixel.
  public var inputShape: (channels: Int, side: Int) {
    switch self {
    case .ghostNet, .smallCNN: (3, 32)
    case .coordinateMLP: (CoordinateMLP.features, 1)
    case .embeddedCoordinateMLP: (CoordinateMLP.features + 1, 1)
    }
  }

  /// The parameters of the network with some number of output units.
  public func parameterLayout(outputs: Int) -> ParameterLayout {
    ParameterLayout(description(outputs: outputs).declarations)
  }

  /// The running statistics of its batch normalisations.
  public func batchNormLayout() -> BatchNormLayout {
    BatchNormLayout(entries: description(outputs: 1).normalizations)
  }

  /// Multiply-adds of one forward pass of one sample.
  public func multiplyAdds(outputs: Int) -> Int {
    description(outputs: outputs).steps.reduce(0) { $0 + $1.multiplyAdds }
  }

  /// The network without samples.
  private func description(outputs: Int) -> NetworkBuilder {
    let builder = NetworkBuilder(
      outputs: outputs, capacity: 0, channels: inputShape.channels, side: inputShape.side,
      layout: nil)
    build(builder)
    return builder
  }

  func build(_ builder: NetworkBuilder) {
    switch self {
    case .ghostNet: GhostNet.build(builder)
    case .smallCNN: SmallCNN.build(builder)
    case .coordinateMLP: CoordinateMLP.build(builder)
    case .embeddedCoordinateMLP: CoordinateMLP.buildEmbedded(builder)
    }
  }
}
