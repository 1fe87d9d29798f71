internal import Tensors

/// A network before it has memory or parameters: what a sample is, and which layers follow each other.
public struct Architecture: Sendable, Hashable, CustomStringConvertible {
  private enum Plan: Sendable, Hashable {
    case ghostNet(GhostNet)
    case smallCNN
    case coordinateMLP
    case embeddedCoordinateMLP
    case stack([StackLayer])
    case spectralUNet(SpectralShape)
  }

  private let plan: Plan
  /// What a sample is: channels of `side` × `side` pixels; a vector of features is one pixel. Of spectra, what
  /// `spectra` says.
  public let inputShape: Shape

  /// Channels of square planes.
  public struct Shape: Sendable, Hashable {
    /// How many planes.
    public let channels: Int
    /// Pixels of a row and of a column.
    public let side: Int
  }

  private init(_ plan: Plan, channels: Int = 3, side: Int) {
    self.plan = plan
    inputShape = Shape(channels: channels, side: side)
  }

  /// The truncated GhostNet of paper §5, for 32×32 images.
  public static let ghostNet = ghostNet(width: 1, side: 32)
  /// A small plain convolutional network, for 32×32 images.
  public static let smallCNN = smallCNN(side: 32)
  /// The multilayer perceptron of paper §6: features of a coordinate in, a colour out.
  public static let coordinateMLP = Architecture(
    .coordinateMLP, channels: CoordinateMLP.features, side: 1)
  /// The same with a learned vector of the coordinate's region beside its features: the paper's
  /// baseline; the region's number comes last in a sample.
  public static let embeddedCoordinateMLP = Architecture(
    .embeddedCoordinateMLP, channels: CoordinateMLP.features + 1, side: 1)
  /// The networks that have a name and nothing to choose.
  public static let allCases = [ghostNet, smallCNN, coordinateMLP, embeddedCoordinateMLP]

  /// The truncated GhostNet of paper §5, its widths multiplied, for images of a side.
  public static func ghostNet(width: Double, side: Int) -> Architecture {
    Architecture(.ghostNet(GhostNet(isFull: false, width: width)), side: side)
  }

  /// All of GhostNet, its widths multiplied, for images of a side.
  public static func fullGhostNet(width: Double, side: Int) -> Architecture {
    Architecture(.ghostNet(GhostNet(isFull: true, width: width)), side: side)
  }

  /// A small plain convolutional network, for images of a side.
  public static func smallCNN(side: Int) -> Architecture { Architecture(.smallCNN, side: side) }

  /// A plain stack of layers whose shapes fit each other, for images of a side; the classifier comes in
  /// addition.
  public static func stack(_ layers: [StackLayer], side: Int) -> Architecture {
    Architecture(.stack(layers), side: side)
  }

  /// The complex-mask U-Net of paper §7, for spectra of a shape.
  public static func spectralUNet(_ shape: SpectralShape) -> Architecture {
    Architecture(.spectralUNet(shape), channels: SpectralUNet.planes, side: 1)
  }

  /// The shape of a sample where it is the spectra of a sound.
  public var spectra: SpectralShape? {
    if case .spectralUNet(let shape) = plan { shape } else { nil }
  }

  /// What a sample is, such as `3 × 32 × 32` or `34 features`.
  public var inputDescription: String {
    if spectra == nil, inputShape.side == 1 { return "\(inputShape.channels) features" }
    let planes = spectra.map { [$0.frames, $0.bins] } ?? [inputShape.side, inputShape.side]
    return ([inputShape.channels] + planes).map { "\($0)" }.joined(separator: " × ")
  }

  /// Lanes of a batch that a sample takes.
  package var lanesPerSample: Int { spectra == nil ? 1 : LaneBatch.lanes }

  /// The network's name with what distinguishes it.
  public var description: String {
    switch plan {
    case .ghostNet(let network):
      (network.isFull ? "full GhostNet" : "GhostNet")
        + " × \(network.width) on \(inputShape.side) × \(inputShape.side)"
    case .smallCNN: "small CNN on \(inputShape.side) × \(inputShape.side)"
    case .coordinateMLP: "coordinate MLP"
    case .embeddedCoordinateMLP: "coordinate MLP with region embedding"
    case .stack(let layers):
      "stack of \(layers.count) on \(inputShape.side) × \(inputShape.side)"
    case .spectralUNet(let shape): "spectral U-Net on \(shape.frames) × \(shape.bins)"
    }
  }

  /// The parameters of the network with some number of output units.
  public func parameterLayout(outputs: Int) -> ParameterLayout {
    ParameterLayout(draft(outputs: outputs).declarations)
  }

  /// The running statistics of its batch normalisations.
  public func batchNormLayout() -> BatchNormLayout {
    BatchNormLayout(entries: draft(outputs: 1).normalizations)
  }

  /// Multiply-adds of one forward pass of one sample.
  public func multiplyAdds(outputs: Int) -> Int {
    lanesPerSample * draft(outputs: outputs).steps.reduce(0) { $0 + $1.multiplyAdds }
  }

  /// The network without samples.
  func draft(outputs: Int) -> NetworkBuilder {
    let builder = builder(outputs: outputs, capacity: 0, layout: nil)
    build(builder)
    return builder
  }

  /// A builder for what its samples are; a network over spectra has as many outputs as they have planes.
  func builder(outputs: Int, capacity: Int, layout: ParameterLayout?) -> NetworkBuilder {
    guard let spectra else {
      return NetworkBuilder(
        outputs: outputs, capacity: capacity, channels: inputShape.channels,
        side: inputShape.side, layout: layout)
    }
    return NetworkBuilder(
      spectra: spectra, channels: inputShape.channels, capacity: capacity, layout: layout)
  }

  func build(_ builder: NetworkBuilder) {
    switch plan {
    case .ghostNet(let network): network.build(builder)
    case .smallCNN: SmallCNN.build(builder)
    case .coordinateMLP: CoordinateMLP.build(builder)
    case .embeddedCoordinateMLP: CoordinateMLP.buildEmbedded(builder)
    case .stack(let layers): LayerStack.build(layers, builder)
    case .spectralUNet: SpectralUNet.build(builder)
    }
  }
}
