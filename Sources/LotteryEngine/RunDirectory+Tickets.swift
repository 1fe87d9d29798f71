package import Experiments
internal import Foundation
package import NeuralNetworks
package import Tensors

/// Masks, weights and batch-norm statistics as files that PyTorch can read: its parameter names,
/// its layouts, one tensor per parameter.
extension RunDirectory {
  /// Whether θ₀ is there.
  package var hasInitialParameters: Bool {
    FileManager.default.fileExists(atPath: initialParametersPath)
  }

  /// Keeps θ₀.
  /// - Parameter origin: where it comes from, if it is a file.
  package func writeInitialParameters(
    _ parameters: FloatBuffer, layout: ParameterLayout, origin: [String: String] = [:]
  ) throws {
    try keep(
      Tickets.weights(parameters, layout: layout, metadata: origin), at: initialParametersPath)
  }

  /// Keeps the masks of a round: `<subset>/<parameter>` as BOOL in the parameter's shape.
  package func writeMasks(_ masks: [Mask], round: Int, layout: ParameterLayout) throws {
    try keep(Tickets.masks(masks, layout: layout, round: round), at: masksPath(round: round))
  }

  /// Writes a file of the run and takes down its hash.
  package func keep(_ file: SafetensorsFile, at place: String) throws {
    let data = try file.encoded()
    try ExperimentFiles.writeAtomically(data, to: place)
    var sums = try FileSums(of: self)
    sums.add(name(of: place), data)
    try sums.write(to: self)
    // A checkpoint that comes after this counts on the file: its name must be on the disk, too.
    let files = SystemFiles()
    try files.sync((place as NSString).deletingLastPathComponent)
    try files.sync(path)
  }
}

/// The safetensors content of tickets, both ways.
package enum Tickets {
  /// All parameters under PyTorch's names.
  package static func weights(
    _ parameters: FloatBuffer, layout: ParameterLayout, metadata: [String: String] = [:]
  ) -> SafetensorsFile {
    SafetensorsFile(
      tensors: layout.slices.map { slice in
        SafetensorsFile.Tensor(
          name: slice.name, shape: slice.shape,
          floats: slice.range.map { parameters.pointer[$0] })
      }, metadata: metadata.merging(["format": "pt"]) { own, _ in own })
  }

  /// The parameters of each subnetwork; without a prefix where all share one θ, else `<subset>/<name>`.
  package static func weights(
    of subnetworks: [String], _ parameters: [FloatBuffer], layout: ParameterLayout,
    isIndependent: Bool
  ) -> SafetensorsFile {
    guard isIndependent else { return weights(parameters[0], layout: layout) }
    return SafetensorsFile(
      tensors: zip(subnetworks, parameters).flatMap { subset, parameters in
        weights(parameters, layout: layout).tensors.map { tensor in
          var tensor = tensor
          tensor.name = "\(subset)/\(tensor.name)"
          return tensor
        }
      }, metadata: ["format": "pt"])
  }

  /// θ of each subnetwork from a weights file; K times the same where they share one.
  /// - Throws: as `readWeights`.
  package static func readWeights(
    _ path: String, of subnetworks: [String], layout: ParameterLayout, isIndependent: Bool
  ) throws -> [FloatBuffer] {
    guard isIndependent else {
      return Array(
        repeating: try readWeights(path, layout: layout), count: subnetworks.count)
    }
    let file = try SafetensorsFile.read(path)
    return try subnetworks.map {
      try parameters(in: file, prefix: "\($0)/", path: path, layout: layout)
    }
  }

  /// The flat store of a weights file.
  /// - Throws: `EngineError.mismatch` if the file is not of this network, `ExperimentError` if it is
  ///   not a good file.
  package static func readWeights(_ path: String, layout: ParameterLayout) throws -> FloatBuffer {
    try parameters(in: SafetensorsFile.read(path), prefix: "", path: path, layout: layout)
  }

  private static func parameters(
    in file: SafetensorsFile, prefix: String, path: String, layout: ParameterLayout
  ) throws -> FloatBuffer {
    let parameters = FloatBuffer(count: layout.count)
    for slice in layout.slices {
      let tensor = try file.tensor(prefix + slice.name, shape: slice.shape, path: path)
      for (index, value) in zip(slice.range, try tensor.floats()) {
        parameters.pointer[index] = value
      }
    }
    return parameters
  }

  /// The masks of a round.
  package static func masks(
    _ masks: [Mask], layout: ParameterLayout, round: Int
  ) -> SafetensorsFile {
    var metadata = ["format": "pt", "round": "\(round)"]
    for mask in masks {
      metadata["\(mask.subset)/sha256"] = mask.hash
      metadata["\(mask.subset)/parent_sha256"] = mask.parentHash ?? ""
      metadata["\(mask.subset)/rule"] = mask.rule
      metadata["\(mask.subset)/seed"] = "\(mask.seed)"
    }
    return SafetensorsFile(
      tensors: masks.flatMap { mask in
        layout.prunableLayers.map { slice in
          SafetensorsFile.Tensor(
            name: "\(mask.subset)/\(slice.name)", shape: slice.shape,
            booleans: slice.range.map { mask.bits[$0] })
        }
      }, metadata: metadata)
  }

  /// The masks of a round, in the order of the subnetworks.
  /// - Throws: as `readWeights`.
  package static func readMasks(
    _ path: String, subnetworks: [String], layout: ParameterLayout, round: Int
  ) throws -> [Mask] {
    let file = try SafetensorsFile.read(path)
    return try subnetworks.map { subset in
      var bits = BitVector(repeating: false, count: layout.prunableCount)
      for slice in layout.prunableLayers {
        let tensor = try file.tensor("\(subset)/\(slice.name)", shape: slice.shape, path: path)
        for (index, bit) in zip(slice.range, try tensor.booleans()) where bit {
          bits[index] = true
        }
      }
      let parent = file.metadata["\(subset)/parent_sha256"] ?? ""
      let mask = Mask(
        bits: bits, subset: subset, round: round, rule: file.metadata["\(subset)/rule"] ?? "",
        seed: UInt64(file.metadata["\(subset)/seed"] ?? "") ?? 0,
        parentHash: parent.isEmpty ? nil : parent)
      if let recorded = file.metadata["\(subset)/sha256"], recorded != mask.hash {
        throw EngineError.mismatch(
          file: path, found: "a mask of '\(subset)' with hash \(mask.hash.prefix(12))…",
          expected: "\(recorded.prefix(12))… as recorded beside it")
      }
      return mask
    }
  }

  /// The running statistics of all subnetworks: `<subset>/<layer>.running_mean`, `.running_var` and
  /// `.num_batches_tracked`.
  package static func batchNorm(
    _ statistics: [BatchNormStatistics], layout: BatchNormLayout, subnetworks: [String]
  ) -> SafetensorsFile {
    SafetensorsFile(
      tensors: zip(subnetworks, statistics).flatMap { subset, statistics in
        statisticsTensors(statistics, layout: layout, prefix: "\(subset)/")
      }, metadata: ["format": "pt"])
  }

  /// The state dictionary of one subnetwork, ready for PyTorch's `load_state_dict`: m ⊙ θ and its
  /// own running statistics under the plain names.
  package static func stateDictionary(
    _ parameters: FloatBuffer, mask: Mask, statistics: BatchNormStatistics,
    layout: ParameterLayout, batchNormLayout: BatchNormLayout
  ) -> SafetensorsFile {
    let effective = FloatBuffer(count: layout.count)
    effective.copy(from: parameters, keeping: mask.bits)
    return SafetensorsFile(
      tensors: weights(effective, layout: layout).tensors
        + statisticsTensors(statistics, layout: batchNormLayout, prefix: ""),
      metadata: ["format": "pt", "subnetwork": mask.subset, "mask_sha256": mask.hash])
  }

  private static func statisticsTensors(
    _ statistics: BatchNormStatistics, layout: BatchNormLayout, prefix: String
  ) -> [SafetensorsFile.Tensor] {
    layout.entries.flatMap { entry in
      [("running_mean", statistics.mean), ("running_var", statistics.variance)].map {
        kind, buffer in
        SafetensorsFile.Tensor(
          name: "\(prefix)\(entry.name).\(kind)", shape: [entry.range.count],
          floats: entry.range.map { buffer.pointer[$0] })
      } + [
        SafetensorsFile.Tensor(
          name: "\(prefix)\(entry.name).num_batches_tracked", integer: statistics.batches)
      ]
    }
  }

  /// The running statistics of all subnetworks, in their order.
  /// - Throws: as `readWeights`.
  package static func readBatchNorm(
    _ path: String, subnetworks: [String], layout: BatchNormLayout
  ) throws -> [BatchNormStatistics] {
    let file = try SafetensorsFile.read(path)
    return try subnetworks.map { subset in
      let statistics = BatchNormStatistics(layout: layout)
      for entry in layout.entries {
        for (kind, buffer) in [
          ("running_mean", statistics.mean), ("running_var", statistics.variance),
        ] {
          let tensor = try file.tensor(
            "\(subset)/\(entry.name).\(kind)", shape: [entry.range.count], path: path)
          for (index, value) in zip(entry.range, try tensor.floats()) {
            buffer.pointer[index] = value
          }
        }
        // One pass serves all of a network's normalisations: each has seen as many batches.
        let name = "\(subset)/\(entry.name).num_batches_tracked"
        statistics.batches = try file.tensor(name, shape: [], path: path).integer()
      }
      return statistics
    }
  }
}

extension SafetensorsFile {
  /// A tensor that must be there in a known shape.
  fileprivate func tensor(_ name: String, shape: [Int], path: String) throws -> Tensor {
    guard let tensor = tensors.first(where: { $0.name == name }) else {
      throw EngineError.mismatch(
        file: path, found: "no tensor '\(name)'", expected: "one of shape \(shape)")
    }
    guard tensor.shape == shape else {
      throw EngineError.mismatch(
        file: path, found: "'\(name)' of shape \(tensor.shape)", expected: "\(shape)")
    }
    return tensor
  }
}
