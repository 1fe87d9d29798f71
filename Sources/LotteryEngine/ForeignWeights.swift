internal import Experiments
internal import Foundation
internal import NeuralNetworks
internal import Tensors

/// Weights from a safetensors file that somebody else made: PyTorch's names, in any order, of 32 or 16
/// bits, perhaps with running statistics.
struct ForeignWeights {
  /// All parameters of the network.
  let parameters: FloatBuffer
  /// The SHA-256 of the file.
  let hash: String
  /// What of the file was not taken as it is.
  private(set) var remarks: [String] = []

  /// The most problems that are told.
  private static let reportLimit = 20

  /// Reads a file.
  /// - Parameter head: where to take a classifier from that the file has with another number of outputs;
  ///   `nil` refuses it.
  /// - Throws: `EngineError.unfit` with all that is missing, too much, or of another shape,
  ///   `ExperimentError` if it is not a good file.
  init(
    _ path: String, layout: ParameterLayout, batchNormLayout: BatchNormLayout,
    head: FloatBuffer? = nil
  ) throws {
    // A network's file may hold an optimizer's state and more besides; beyond that it is another one's.
    let data = try ExperimentFiles.read(path, limit: (256 << 20) + 64 * layout.count)
    let file = try SafetensorsFile(data: data, path: path)
    hash = ContentHash.of(data)
    parameters = FloatBuffer(count: layout.count)
    let tensors = Dictionary(file.tensors.map { ($0.name, $0) }) { first, _ in first }
    var problems: [String] = []
    var converted: [String: Int] = [:]
    for slice in layout.slices {
      guard let tensor = tensors[slice.name] else {
        problems.append("no tensor '\(slice.name)', expected one of shape \(slice.shape)")
        continue
      }
      guard tensor.shape == slice.shape else {
        if let head, slice.name.hasPrefix("classifier.") {
          for index in slice.range { parameters[index] = head[index] }
          remarks.append(
            "'\(slice.name)' is drawn anew: found shape \(tensor.shape), expected \(slice.shape)")
        } else {
          problems.append("'\(slice.name)' of shape \(tensor.shape), expected \(slice.shape)")
        }
        continue
      }
      guard let values = tensor.floatsOfAnyPrecision else {
        problems.append(
          "'\(slice.name)' of type \(tensor.type.rawValue), expected F32, F16 or BF16")
        continue
      }
      if let wrong = values.firstIndex(where: { !$0.isFinite }) {
        problems.append(
          "'\(slice.name)' with \(values[wrong]) at element \(wrong), expected numbers")
      }
      if tensor.type != .float32 { converted[tensor.type.rawValue, default: 0] += 1 }
      for (index, value) in zip(slice.range, values) { parameters[index] = value }
    }
    let statistics = Set(
      batchNormLayout.entries.flatMap { entry in
        ["running_mean", "running_var", "num_batches_tracked"].map { "\(entry.name).\($0)" }
      })
    let foreign = file.tensors.map(\.name).filter {
      layout.slice(named: $0) == nil && !statistics.contains($0)
    }
    problems += foreign.sorted().map { "'\($0)', which the network does not have" }
    guard problems.isEmpty else {
      throw EngineError.unfit(
        file: path, problems: Self.report(problems, foreign: foreign, layout: layout))
    }
    for (type, count) in converted.sorted(by: { $0.key < $1.key }) {
      remarks.append("\(count) tensor(s) of \(type) are converted to F32")
    }
    let left = tensors.keys.filter(statistics.contains).count
    if left > 0 {
      remarks.append("\(left) running statistic(s) are left out: a run's start afresh")
    }
  }

  /// The problems, not too many, and what may be behind them.
  private static func report(
    _ problems: [String], foreign: [String], layout: ParameterLayout
  ) -> [String] {
    var report = Array(problems.prefix(reportLimit))
    if problems.count > reportLimit {
      report.append("and \(problems.count - reportLimit) more")
    }
    // Wrapped in another module when it was saved.
    if let first = layout.slices.first,
      let wrapped = foreign.first(where: { $0.hasSuffix(".\(first.name)") })
    {
      report.append(
        "the names begin with '\(wrapped.dropLast(first.name.count))': save the state dict of the "
          + "module inside, or rename them")
    }
    return report
  }
}
