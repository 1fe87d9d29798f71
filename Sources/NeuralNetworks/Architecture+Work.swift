extension Architecture {
  /// How much arithmetic the weights of one tensor are.
  public struct TensorWork: Sendable, Equatable {
    /// PyTorch's name of the tensor.
    public let name: String
    /// Its weights.
    public let weights: Int
    /// Multiply-adds per weight in a pass of one sample: the pixels that it is used for.
    public let multiplyAddsPerWeight: Int
    /// Whether masks cover it.
    public let isPrunable: Bool
    /// Whether it is multiplied with the sample itself, so that the products are the same in every
    /// subnetwork that has the weight.
    public let readsSample: Bool
  }

  /// The tensors that samples are multiplied with, in module order: no biases, no normalisation.
  public func work(outputs: Int) -> [TensorWork] {
    let draft = draft(outputs: outputs)
    var start = 0
    return zip(draft.steps, draft.declared).flatMap { step, end in
      defer { start = end }
      // Biases and normalisations are vectors.
      let tensors = draft.declarations[start..<end].filter { $0.shape.count > 1 }
      let weights = tensors.reduce(0) { $0 + $1.shape.reduce(1, *) }
      return tensors.map { tensor in
        TensorWork(
          name: tensor.name, weights: tensor.shape.reduce(1, *),
          multiplyAddsPerWeight: step.multiplyAdds / weights, isPrunable: tensor.isPrunable,
          readsSample: step.sources.contains { $0 === draft.images })
      }
    }
  }
}
