/// The named networks; one case per builder in the engine's catalogue.
public enum ModelKind: String, Sendable, Codable, CaseIterable {
  /// The truncated GhostNet of paper §5: 125,832 prunable weights.
  case ghostnet
  /// All sixteen bottlenecks of GhostNet, for larger images.
  case ghostnetFull = "ghostnet_full"
  /// A small plain convolutional network for quick runs.
  case smallCNN = "small_cnn"

  /// Whether its widths can be multiplied.
  var hasWidth: Bool { self == .ghostnet || self == .ghostnetFull }
}

/// The `model` section.
public struct ModelConfig: Sendable, Equatable, Codable {
  /// Which network.
  public var kind: ModelKind = .smallCNN
  /// What the widths of GhostNet's layers are multiplied by.
  public var width = 1.0

  /// The defaults.
  public init() {}
}
