internal import Experiments
package import NeuralNetworks
package import Tensors

/// θ₀: drawn from the seed, or from a file of somebody's own.
extension LotteryTask {
  /// θ₀, the same for every method and subnetwork of a seed.
  /// - Throws: `EngineError` or `ExperimentError` if it comes from a file that cannot be read, is not
  ///   what the run began with, or does not fit the network.
  package func initialParameters(layout: ParameterLayout) throws -> FloatBuffer {
    guard let path = config.model.initial else { return drawnParameters(layout: layout) }
    let weights = try ForeignWeights(
      path, layout: layout,
      batchNormLayout: architecture.batchNormLayout())
    if let expected = config.model.initialHash, weights.hash != expected {
      throw EngineError.mismatch(
        file: path, found: "content with SHA-256 \(weights.hash.prefix(12))…",
        expected: "\(expected.prefix(12))…, as model.initial_sha256 says")
    }
    return weights.parameters
  }

  /// Where θ₀ comes from, if it is a file, as it is kept beside the run's θ₀.
  package var initialOrigin: [String: String] {
    guard let path = config.model.initial, let hash = config.model.initialHash else { return [:] }
    return ["initial": path, "initial_sha256": hash]
  }
}
