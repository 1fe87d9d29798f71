internal import Tensors

/// Puts a network together layer by layer.
///
/// A network is described once, as a function of a builder, and run twice: first without samples,
/// to learn the parameters in module order, then with their places in the flat store known.
package final class NetworkBuilder {
  /// Outputs of the classifier.
  let outputs: Int
  let capacity: Int
  /// The shape of its input where that are spectra.
  let spectralShape: SpectralShape?
  private let height: Int
  private let width: Int
  private let layout: ParameterLayout?

  private(set) var declarations: [ParameterLayout.Declaration] = []
  private(set) var normalizations: [BatchNormLayout.Entry] = []
  var steps: [Step] = [] { didSet { declared.append(declarations.count) } }
  /// How many parameter tensors there were once each step was added.
  private(set) var declared: [Int] = []

  let input: LaneBatch
  let logits: LaneBatch
  let logitGradient: LaneBatch
  /// What the classifier's linear layer reads, once there is a classifier.
  private(set) var features: LaneBatch?

  /// A builder for images of `side` × `side` pixels.
  /// - Parameter layout: the places of the parameters; `nil` to collect them.
  init(
    outputs: Int, capacity: Int, channels: Int = 3, side: Int = 32, layout: ParameterLayout?
  ) {
    (self.outputs, self.capacity, self.layout) = (outputs, capacity, layout)
    (height, width, spectralShape) = (side, side, nil)
    input = LaneBatch(channels: channels, pixels: side * side, capacity: capacity)
    logits = LaneBatch(channels: outputs, pixels: 1, capacity: capacity)
    logitGradient = LaneBatch(channels: outputs, pixels: 1, capacity: capacity)
  }

  /// A builder for spectra: as many outputs of the same shape.
  /// - Parameters:
  ///   - capacity: lanes, sixteen for each sample.
  ///   - layout: the places of the parameters; `nil` to collect them.
  init(spectra: SpectralShape, channels: Int, capacity: Int, layout: ParameterLayout?) {
    (outputs, self.capacity, self.layout) = (channels, capacity, layout)
    (height, width, spectralShape) = (spectra.stretch, spectra.bins, spectra)
    let samples = capacity / LaneBatch.lanes
    input = spectra.batch(channels: channels, samples: samples)
    logits = spectra.batch(channels: channels, samples: samples)
    logitGradient = spectra.batch(channels: channels, samples: samples)
  }

  /// The images, channels of `side` × `side` pixels; vectors of features are images of one pixel.
  package private(set) lazy var images = FeatureMap(
    channels: input.channels, height: height, width: width, capacity: capacity,
    values: input.storage)

  /// Adds a step after all others.
  func append(_ step: Step) { steps.append(step) }

  /// A k×k convolution with batch normalisation.
  package func convolution(
    _ name: String, _ source: FeatureMap, outputs: Int, kernel: Int, stride: Int, rectified: Bool
  ) -> FeatureMap {
    convolution(
      weight: "\(name).conv.weight", source, outputs: outputs, kernel: kernel, stride: stride,
      Reading(normalization: "\(name).bn", isRectified: rectified))
  }

  /// A k×k convolution with its tensor's name, and what its readers make of it.
  func convolution(
    weight name: String, _ source: FeatureMap, outputs: Int, kernel: Int, stride: Int,
    _ reading: Reading
  ) -> FeatureMap {
    guard kernel > 1 || stride > 1 else {
      return pointwise(weight: name, [source], outputs: outputs, reading)
    }
    let weights = prunable(name, [outputs, source.channels, kernel, kernel])
    let geometry = Unfolding.Geometry(
      channels: source.channels, height: source.height, width: source.width, kernel: kernel,
      stride: stride, padding: kernel / 2)
    let map = map(outputs, geometry.outputHeight, geometry.outputWidth, reading)
    let isFirst = source === images
    if stride == 1, kernel % 2 == 1 {
      switch Self.method(inputs: source.channels, outputs: outputs, kernel: kernel) {
      case .direct:
        steps.append(
          DirectConvolution(
            source: source, output: map, weights: weights, kernel: kernel, isFirst: isFirst))
      case .winograd:
        steps.append(
          WinogradConvolution(source: source, output: map, weights: weights, isFirst: isFirst))
      }
    } else {
      steps.append(
        Convolution(
          source: source, output: map, weights: weights, geometry: geometry, isFirst: isFirst))
    }
    return map
  }

  /// How a convolution of stride 1 is computed: with few channels the transforms cost more than they
  /// save.
  static func method(inputs: Int, outputs: Int, kernel: Int) -> SingleConvolution.Method {
    kernel == 3 && min(inputs, outputs) >= 16 ? .winograd : .direct
  }

  /// A 1×1 convolution over maps side by side, with batch normalisation.
  package func pointwise(
    _ name: String, _ sources: [FeatureMap], outputs: Int, rectified: Bool
  ) -> FeatureMap {
    pointwise(
      weight: "\(name).conv.weight", sources, outputs: outputs,
      Reading(normalization: "\(name).bn", isRectified: rectified))
  }

  /// A 1×1 convolution with its tensor's name, and what its readers make of it.
  private func pointwise(
    weight name: String, _ sources: [FeatureMap], outputs: Int, _ reading: Reading
  ) -> FeatureMap {
    let weights = prunable(name, [outputs, channels(sources), 1, 1])
    let map = map(outputs, sources[0].height, sources[0].width, reading)
    steps.append(
      PointwiseConvolution(
        sources: sources, output: map, weights: weights, groupsPerShard: groupsPerShard))
    return map
  }

  /// A linear layer over vectors, with bias, rectified or not; the weights are prunable.
  /// - Parameter fanIn: by which θ₀ is drawn; `nil` is the number of its inputs.
  package func linear(
    _ name: String, _ source: FeatureMap, outputs: Int, rectified: Bool, fanIn: Int? = nil
  ) -> FeatureMap {
    let weight = declare(
      "\(name).weight", [outputs, source.channels], isPrunable: true,
      .kaiming(fanIn: fanIn ?? source.channels))
    let bias = dense("\(name).bias", [outputs], .constant(0))
    let map = FeatureMap(channels: outputs, height: 1, width: 1, capacity: capacity)
    steps.append(
      LinearLayer(
        source: source, output: map, weight: weight, bias: bias, rectified: rectified,
        isFirst: source === images, groupsPerShard: groupsPerShard))
    return map
  }

  /// Vectors whose last value is a region's number: the others, and the region's learned vector.
  package func embedding(
    _ name: String, _ source: FeatureMap, regions: Int, width: Int
  ) -> FeatureMap {
    let table = dense("\(name).weight", [regions, width], .normal)
    let map = FeatureMap(
      channels: source.channels - 1 + width, height: 1, width: 1, capacity: capacity)
    steps.append(RegionEmbedding(source: source, output: map, table: table, width: width))
    return map
  }

  /// The end of a regression network: the map's values are the outputs.
  package func regression(_ source: FeatureMap) {
    steps.append(RegressionOutput(source: source, outputs: logits, gradient: logitGradient))
  }

  /// A depthwise k×k convolution over maps side by side, with batch normalisation.
  package func depthwise(
    _ name: String, _ sources: [FeatureMap], kernel: Int, stride: Int, rectified: Bool
  ) -> FeatureMap {
    depthwise(
      weight: "\(name).conv.weight", sources, kernel: kernel, stride: stride,
      Reading(normalization: "\(name).bn", isRectified: rectified))
  }

  /// A depthwise k×k convolution with its tensor's name, and what its readers make of it.
  func depthwise(
    weight name: String, _ sources: [FeatureMap], kernel: Int, stride: Int, _ reading: Reading
  ) -> FeatureMap {
    let channels = channels(sources)
    let weights = prunable(name, [channels, 1, kernel, kernel])
    let map = map(
      channels, (sources[0].height - 1) / stride + 1, (sources[0].width - 1) / stride + 1, reading)
    steps.append(
      DepthwiseConvolution(
        sources: sources, output: map, weights: weights, kernel: kernel, stride: stride))
    return map
  }

  /// Squeeze-and-excitation with a hidden width.
  package func squeezeExcitation(_ name: String, _ sources: [FeatureMap], width: Int) -> FeatureMap
  {
    let channels = channels(sources)
    let slices = SqueezeExcitation.Slices(
      reduceWeight: dense(
        "\(name).reduce.weight", [width, channels, 1, 1], .kaiming(fanIn: channels)),
      reduceBias: dense("\(name).reduce.bias", [width], .constant(0)),
      expandWeight: dense(
        "\(name).expand.weight", [channels, width, 1, 1], .kaiming(fanIn: width)),
      expandBias: dense("\(name).expand.bias", [channels], .constant(0)))
    let map = FeatureMap(
      channels: channels, height: sources[0].height, width: sources[0].width, capacity: capacity)
    steps.append(SqueezeExcitation(sources: sources, output: map, slices: slices))
    return map
  }

  /// Maps side by side plus a third of the same shape.
  package func sum(_ terms: [FeatureMap], _ shortcut: FeatureMap) -> FeatureMap {
    let map = FeatureMap(
      channels: shortcut.channels, height: shortcut.height, width: shortcut.width,
      capacity: capacity)
    steps.append(ResidualSum(terms: terms, shortcut: shortcut, output: map))
    return map
  }

  /// Global average pooling, a projection to `hidden` channels if there is one, and the linear
  /// layer.
  package func classifier(_ source: FeatureMap, projection: (name: String, hidden: Int)? = nil) {
    let hidden = projection?.hidden ?? source.channels
    let projected = projection.map {
      declare(
        "\($0.name).weight", [hidden, source.channels, 1, 1], isPrunable: true,
        .kaiming(fanIn: source.channels))
    }
    let weight = dense("classifier.weight", [outputs, hidden], .uniform(fanIn: hidden))
    let bias = dense("classifier.bias", [outputs], .uniform(fanIn: hidden))
    let features = LaneBatch(channels: hidden, pixels: 1, capacity: capacity)
    steps.append(
      Classifier(
        source: source, projection: projected ?? 0..<0, hidden: hidden, weight: weight,
        bias: bias, logits: logits, logitGradient: logitGradient, features: features))
    self.features = features
  }

  // MARK: Declarations

  /// The most groups of samples that a shard covers.
  private var groupsPerShard: Int {
    let groups = (capacity + LaneBatch.lanes - 1) / LaneBatch.lanes
    return (groups + Network.shards - 1) / Network.shards
  }

  private func channels(_ sources: [FeatureMap]) -> Int { sources.reduce(0) { $0 + $1.channels } }

  /// What readers make of a map on the way: a batch normalisation of some name, a rectifier.
  struct Reading {
    /// The module's name; `nil` for none.
    var normalization: String?
    var isRectified = false
  }

  /// A map with its batch normalisation, if it has one.
  /// - Parameter valuesPerGroup: as in `FeatureMap`.
  func map(
    _ channels: Int, _ height: Int, _ width: Int, _ reading: Reading, valuesPerGroup: Int? = nil
  ) -> FeatureMap {
    FeatureMap(
      channels: channels, height: height, width: width, capacity: capacity,
      normalization: reading.normalization.map { normalization($0, channels) },
      isRectified: reading.isRectified, valuesPerGroup: valuesPerGroup)
  }

  private func normalization(_ name: String, _ channels: Int) -> BatchNorm {
    let start = normalizations.last?.range.upperBound ?? 0
    let entry = BatchNormLayout.Entry(name: name, range: start..<(start + channels))
    normalizations.append(entry)
    let weight = dense("\(name).weight", [channels], .constant(1))
    let bias = dense("\(name).bias", [channels], .constant(0))
    return BatchNorm(
      weight: weight, bias: bias, statistics: entry.range,
      groups: (capacity + LaneBatch.lanes - 1) / LaneBatch.lanes)
  }

  private func prunable(_ name: String, _ shape: [Int]) -> Range<Int> {
    declare(
      name, shape, isPrunable: true,
      .kaiming(fanIn: shape.dropFirst().reduce(1, *)))
  }

  func dense(
    _ name: String, _ shape: [Int], _ initialization: ParameterSlice.Initialization
  ) -> Range<Int> {
    declare(name, shape, isPrunable: false, initialization)
  }

  func declare(
    _ name: String, _ shape: [Int], isPrunable: Bool,
    _ initialization: ParameterSlice.Initialization
  ) -> Range<Int> {
    declarations.append(
      ParameterLayout.Declaration(
        name: name, shape: shape, isPrunable: isPrunable, initialization: initialization))
    return layout?.slice(named: name)?.range ?? 0..<shape.reduce(1, *)
  }
}
