/// One entry of a network that a config describes layer by layer.
public indirect enum LayerRecipe: Sendable, Hashable, Codable {
  /// A k×k convolution with padding k / 2 and no bias.
  case convolution(outputs: Int, kernel: Int, stride: Int)
  /// A convolution of each channel with its own kernel.
  case depthwise(kernel: Int, stride: Int)
  /// A linear layer over a vector, with bias.
  case linear(outputs: Int)
  /// Batch normalisation.
  case batchNorm
  /// max(x, 0).
  case rectifier
  /// The largest value of each window.
  case maxPool(size: Int)
  /// The mean of each window.
  case averagePool(size: Int)
  /// The mean of each map.
  case globalPool
  /// A map's pixels as a vector.
  case flatten
  /// Squeeze-and-excitation whose hidden width is the channels over `reduction`.
  case squeezeExcitation(reduction: Int)
  /// A body plus a shortcut over the same input; an empty shortcut is the input itself.
  case residual(body: [LayerRecipe], shortcut: [LayerRecipe])

  /// The words that begin an entry, in a config.
  static let words = [
    "conv", "depthwise", "linear", "bn", "relu", "pool", "flatten", "se", "residual",
  ]
  /// The widest layer.
  static let widths = 1...4096
  /// The most entries of a recipe, those of its residuals included, and how deep residuals may nest.
  static let (lengthLimit, depthLimit) = (500, 8)

  /// The entry as YAML.
  var yaml: String {
    switch self {
    case .convolution(let outputs, let kernel, let stride):
      "{conv: {out: \(outputs), kernel: \(kernel), stride: \(stride)}}"
    case .depthwise(let kernel, let stride): "{depthwise: {kernel: \(kernel), stride: \(stride)}}"
    case .linear(let outputs): "{linear: {out: \(outputs)}}"
    case .batchNorm: "bn"
    case .rectifier: "relu"
    case .maxPool(let size): "{pool: {kind: max, size: \(size)}}"
    case .averagePool(let size): "{pool: {kind: average, size: \(size)}}"
    case .globalPool: "{pool: global}"
    case .flatten: "flatten"
    case .squeezeExcitation(let reduction): "{se: {reduction: \(reduction)}}"
    case .residual(let body, let shortcut):
      shortcut.isEmpty
        ? "{residual: \(Self.yaml(body))}"
        : "{residual: {body: \(Self.yaml(body)), shortcut: \(Self.yaml(shortcut))}}"
    }
  }

  /// A list of entries as YAML.
  static func yaml(_ layers: [LayerRecipe]) -> String {
    "[" + layers.map(\.yaml).joined(separator: ", ") + "]"
  }

  /// Entries, those inside included.
  var count: Int {
    guard case .residual(let body, let shortcut) = self else { return 1 }
    return (body + shortcut).reduce(1) { $0 + $1.count }
  }
}
