public import Experiments
internal import Foundation
internal import NeuralNetworks
internal import Tensors

/// Makes θ₀ for the network of a config from a file of PyTorch's.
public enum WeightsImport {
  /// What was taken.
  public struct Result: Sendable {
    /// Tensors of the network.
    public let tensors: Int
    /// Parameters of the network.
    public let parameters: Int
    /// The SHA-256 of the file it came from.
    public let hash: String
    /// The SHA-256 of the file that was written, as `model.initial_sha256` takes it.
    public let writtenHash: String
    /// What of the file was not taken as it is.
    public let remarks: [String]
  }

  /// Reads a file, checks it against the network, and writes θ₀ as `model.initial` takes it.
  /// - Parameters:
  ///   - file: a safetensors file with PyTorch's names.
  ///   - config: of the runs that begin with it; its data has to be there, as the classifier has an
  ///     output for each class or subset.
  ///   - reinitializesHead: whether a classifier with another number of outputs is drawn from the seed.
  ///   - output: the file to write.
  /// - Throws: `EngineError.unfit`, `ExperimentError` for files, `DatasetError` for the data.
  public static func run(
    file: String, config: ExperimentConfig, reinitializesHead: Bool, output: String
  ) throws -> Result {
    var config = config
    // What the config would begin with is of no account here.
    (config.model.initial, config.model.initialHash) = (nil, nil)
    let task = try TaskCatalogue.task(config)
    let layout = task.makeLayout()
    let weights = try ForeignWeights(
      file, layout: layout,
      batchNormLayout: task.architecture.batchNormLayout(),
      head: reinitializesHead ? task.drawnParameters(layout: layout) : nil)
    let data = try Tickets.weights(
      weights.parameters, layout: layout,
      metadata: ["imported_from": file, "imported_sha256": weights.hash]
    ).encoded()
    try ExperimentFiles.writeOutput(data, to: output)
    return Result(
      tensors: layout.slices.count, parameters: layout.count, hash: weights.hash,
      writtenHash: ContentHash.of(data),
      remarks: weights.remarks)
  }
}
