/// The named networks; one case per builder in the engine's catalogue.
public enum ModelKind: String, Sendable, Codable, CaseIterable {
  /// The truncated GhostNet of paper §5: 125,832 prunable weights.
  case ghostnet
  /// All sixteen bottlenecks of GhostNet, for larger images.
  case ghostnetFull = "ghostnet_full"
  /// A small plain convolutional network for quick runs.
  case smallCNN = "small_cnn"
  /// The layers that the config lists.
  case recipe
  /// The perceptron of an implicit representation, paper §6: 53,888 prunable weights.
  case coordinateMLP = "coordinate_mlp"
  /// The complex-mask U-Net of speech enhancement, paper §7: 37,368 prunable weights.
  case spectralUNet = "spectral_unet"

  /// Whether its widths can be multiplied.
  var hasWidth: Bool { self == .ghostnet || self == .ghostnetFull }
}

/// The `model` section.
public struct ModelConfig: Sendable, Equatable, Codable {
  /// Which network.
  public var kind: ModelKind = .smallCNN
  /// How θ₀ is drawn.
  public var initialization: Initialization = .kaimingNormal
  /// What the widths of GhostNet's layers are multiplied by.
  public var width = 1.0
  /// The layers of a recipe, from the images on; the classifier comes in addition.
  public var layers: [LayerRecipe]?
  /// What the spectral U-Net's outputs mean.
  public var mask: ComplexMask = .unbounded
  /// A safetensors file with θ₀, PyTorch's names; `nil` draws θ₀ from the seed. Relative to the config
  /// file.
  public var initial: String?
  /// The SHA-256 that the file must have; a run writes that of what it found into its resolved config.
  public var initialHash: String?

  /// The defaults.
  public init() {}

  /// How the two outputs of the spectral U-Net become a complex ratio mask; the paper does not say.
  public enum ComplexMask: String, Sendable, Codable, CaseIterable {
    /// As they are.
    case unbounded
    /// In their direction, at most 1 long.
    case bounded
  }

  /// Kaiming's rules for the weights of convolutions and inner linear layers.
  public enum Initialization: String, Sendable, Codable, CaseIterable {
    /// Normal with variance 2 / fan-in.
    case kaimingNormal = "kaiming_normal"
    /// Uniform within ±1 / √fan-in, as PyTorch's layers start: smaller by √6, so that a step of Adam of
    /// the same size changes a normalised layer the more.
    case kaimingUniform = "kaiming_uniform"
  }
}
