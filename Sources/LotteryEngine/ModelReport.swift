public import Experiments
internal import NeuralNetworks

/// What a config's network is: its layers, counts and memory.
public struct ModelReport: Sendable {
  /// One step of the network.
  public struct Layer: Sendable {
    /// The module whose parameters it has; empty without parameters.
    public let name: String
    /// What it computes.
    public let kind: String
    /// What it writes, such as `16 × 16 × 16`: channels, rows, columns.
    public let output: String
    /// Parameters that masks cover.
    public let prunable: Int
    /// All other parameters.
    public let dense: Int
    /// Multiply-adds per sample.
    public let multiplyAdds: Int
  }

  /// What a sample is, such as `3 × 32 × 32` or `34 features`.
  public let input: String
  /// Output units: a colour's three values, or one of a classifier.
  public let outputs: Int
  /// The steps in their order; the last makes the outputs.
  public let layers: [Layer]
  /// Bytes that the network takes for a mini-batch, with one thread.
  public let memoryBytes: Int

  /// The network of a config, without its data; so a classifier with one output unit, as what comes in
  /// addition depends on the classes.
  public init(_ config: ExperimentConfig) {
    let architecture = ModelCatalogue.architecture(of: config)
    let outputs =
      switch config.task.kind {
      case .inr: PictureTask.channels
      case .speech: SpectralUNet.planes
      case .binary, .multiclass: 1
      }
    input = architecture.inputDescription
    self.outputs = outputs
    layers = architecture.layers(outputs: outputs).map { layer in
      Layer(
        name: layer.name, kind: layer.kind,
        output: layer.output.map { "\($0)" }.joined(separator: " × "), prunable: layer.prunable,
        dense: layer.dense, multiplyAdds: layer.multiplyAdds)
    }
    memoryBytes = architecture.memoryBytes(outputs: outputs, capacity: config.batchSize, threads: 1)
  }

  /// Parameters that masks cover.
  public var prunable: Int { layers.reduce(0) { $0 + $1.prunable } }
  /// All other parameters.
  public var dense: Int { layers.reduce(0) { $0 + $1.dense } }
  /// Multiply-adds per sample.
  public var multiplyAdds: Int { layers.reduce(0) { $0 + $1.multiplyAdds } }
}
