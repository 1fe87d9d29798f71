internal import Tensors

extension Architecture {
  /// One step of a network, as a table shows it.
  public struct Layer: Sendable, Equatable {
    /// The module whose parameters it has; empty without parameters.
    public let name: String
    /// What it computes, such as `depthwise`.
    public let kind: String
    /// What it writes: channels, rows, columns.
    public let output: [Int]
    /// Parameters that masks cover.
    public let prunable: Int
    /// All other parameters, those of its batch normalisation among them.
    public let dense: Int
    /// Multiply-adds per sample.
    public let multiplyAdds: Int
  }

  /// The network's steps, in their order.
  public func layers(outputs: Int) -> [Layer] {
    let draft = draft(outputs: outputs)
    var start = 0
    return zip(draft.steps, draft.declared).map { step, end in
      defer { start = end }
      let tensors = draft.declarations[start..<end]
      func count(prunable: Bool) -> Int {
        tensors.filter { $0.isPrunable == prunable }.reduce(0) { $0 + $1.shape.reduce(1, *) }
      }
      return Layer(
        name: tensors.first.map { Self.module(of: $0.name) } ?? "", kind: step.kind,
        output: step.output.map { [$0.channels, spectra?.frames ?? $0.height, $0.width] }
          ?? spectra.map { [inputShape.channels, $0.frames, $0.bins] } ?? [outputs],
        prunable: count(prunable: true), dense: count(prunable: false),
        multiplyAdds: lanesPerSample * step.multiplyAdds)
    }
  }

  /// The module of a tensor's name: `blocks.0.ghost1.primary` of
  /// `blocks.0.ghost1.primary.conv.weight`.
  private static func module(of tensor: String) -> String {
    var parts = tensor.split(separator: ".")
    parts.removeLast()
    if parts.count > 1, parts.last == "conv" || parts.last == "reduce" { parts.removeLast() }
    return parts.joined(separator: ".")
  }

  /// Bytes that a network for mini-batches of `capacity` samples takes while it is trained: maps,
  /// gradients of maps, and what every thread of its pool has for itself.
  public func memoryBytes(outputs: Int, capacity: Int, threads: Int) -> Int {
    let draft = draft(outputs: outputs)
    let groups = (capacity * lanesPerSample + LaneBatch.lanes - 1) / LaneBatch.lanes
    let maps =
      draft.input.channels * draft.input.pixels
      + draft.steps.reduce(0) { sum, step in
        sum + (step.output.map { $0.channels * $0.pixels } ?? 0)
      }
    let scratch = draft.steps.reduce(0) { max($0, $1.scratchCount) }
    let parameters = draft.declarations.reduce(0) { $0 + $1.shape.reduce(1, *) }
    let gradients = GradientMemory.vectorsPerGroup(for: Phase.backward(draft.steps))
    let vectors = groups * (maps + gradients) + threads * scratch
    return (vectors * LaneBatch.lanes + Network.shards * parameters) * MemoryLayout<Float>.stride
  }
}
