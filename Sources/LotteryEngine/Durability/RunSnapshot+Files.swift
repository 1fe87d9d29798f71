internal import Experiments
package import Foundation
package import NeuralNetworks
internal import Tensors

/// A snapshot as the files of a checkpoint: `state.json` says where the run is, `tensors.safetensors`
/// holds the numbers.
extension RunSnapshot {
  private static let stateName = "state.json"
  private static let tensorsName = "tensors.safetensors"

  private struct MaskRecord: Codable {
    var subset: String
    var round: Int
    var rule: String
    var seed: UInt64
    var parentHash: String?
    var hash: String
    var subnetwork: Int
  }

  private struct TrainingRecord: Codable {
    var name: String
    var subnetwork: Int?
    var place: TrainingState.Place
    var stepCounts: [Int]
    var batches: [Int]
  }

  private struct Record: Codable {
    var place: RunPlace
    var masks: [MaskRecord]
    var finished: [MaskRecord]
    var trainings: [TrainingRecord]
    var orders: [EngineControl.Order]
    var standing: StandingSettings?
    var budget: RunBudget?
    var pausesAtRoundEnd: Bool?
    var leavesBoundary: Bool?
  }

  // MARK: - Writing

  /// The files' names and content.
  package func files() throws -> [(name: String, data: Data)] {
    var tensors: [SafetensorsFile.Tensor] = []
    var record = Record(
      place: place, masks: [], finished: [], trainings: [], orders: orders, standing: standing,
      budget: budget, pausesAtRoundEnd: pausesAtRoundEnd, leavesBoundary: leavesBoundary)
    for (k, mask) in masks.enumerated() {
      record.masks.append(Self.record(mask, k))
      tensors.append(Self.tensor(mask, named: "masks/\(k)"))
    }
    for (k, mask) in finished.sorted(by: { $0.key < $1.key }) {
      record.finished.append(Self.record(mask, k))
      tensors.append(Self.tensor(mask, named: "finished/\(k)"))
    }
    var trainings = inFlight.sorted { $0.key < $1.key }.map {
      (name: "extraction/\($0.key)", subnetwork: Int?($0.key), state: $0.value)
    }
    if let retraining { trainings.append(("retraining", nil, retraining)) }
    for (name, subnetwork, state) in trainings {
      record.trainings.append(
        TrainingRecord(
          name: name, subnetwork: subnetwork, place: state.place,
          stepCounts: state.models.flatMap(\.stepCounts),
          batches: state.statistics.map(\.batches)))
      tensors += Self.tensors(state, named: name)
    }
    return [
      (Self.stateName, try ExperimentJSON.line(record)),
      (Self.tensorsName, try SafetensorsFile(tensors: tensors).encoded()),
    ]
  }

  private static func record(_ mask: Mask, _ k: Int) -> MaskRecord {
    MaskRecord(
      subset: mask.subset, round: mask.round, rule: mask.rule, seed: mask.seed,
      parentHash: mask.parentHash, hash: mask.hash, subnetwork: k)
  }

  /// The mask's words, eight bits a byte.
  private static func tensor(_ mask: Mask, named name: String) -> SafetensorsFile.Tensor {
    var bytes = Data(capacity: mask.bits.words.count * 8)
    for word in mask.bits.words {
      withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
    }
    return .init(name: name, type: .uint8, shape: [bytes.count], bytes: bytes)
  }

  private static func tensors(
    _ state: TrainingState, named name: String
  ) -> [SafetensorsFile.Tensor] {
    func floats(_ part: String, _ bytes: Data) -> SafetensorsFile.Tensor {
      .init(name: "\(name)/\(part)", type: .float32, shape: [bytes.count / 4], bytes: bytes)
    }
    var tensors: [SafetensorsFile.Tensor] = []
    for (owner, model) in state.models.enumerated() {
      let prefix = modelPrefix(owner, of: state.models.count)
      tensors += [
        floats("\(prefix)parameters", model.parameters),
        floats("\(prefix)first_moments", model.firstMoments),
        floats("\(prefix)second_moments", model.secondMoments),
      ]
      guard !model.weightCounts.isEmpty else { continue }
      let bytes = model.weightCounts.withUnsafeBytes { Data($0) }
      tensors.append(
        .init(
          name: "\(name)/\(prefix)weight_counts", type: .uint8,
          shape: [model.weightCounts.count, 4], bytes: bytes))
    }
    for (owner, statistics) in state.statistics.enumerated() {
      tensors.append(floats("statistics/\(owner)/mean", statistics.mean))
      tensors.append(floats("statistics/\(owner)/variance", statistics.variance))
    }
    if let sums = state.sensitivities { tensors.append(floats("sensitivities", sums)) }
    return tensors
  }

  /// Before the names of a model's tensors, where there are several.
  private static func modelPrefix(_ owner: Int, of count: Int) -> String {
    count == 1 ? "" : "models/\(owner)/"
  }

  // MARK: - Reading

  /// The sizes that a snapshot has to fit.
  package struct Sizes {
    /// The names of the K subnetworks.
    package var subnetworks: [String]
    package var layout: ParameterLayout
    package var batchNormLayout: BatchNormLayout
    /// Whether the statistics are one set for all.
    package var sharesStatistics: Bool
    /// Whether a retraining has a θ for each subnetwork.
    package var isIndependent: Bool
    /// Whether Adam counts the updates of every weight.
    package var countsPerWeight: Bool
    /// Whether extraction gathers gradients to prune by.
    package var gathersGradients: Bool

    /// The sizes of a task.
    package init(_ task: any LotteryTask) {
      subnetworks = task.subnetworkNames
      layout = task.makeLayout()
      batchNormLayout = task.architecture.batchNormLayout()
      sharesStatistics = task.config.batchNorm.statistics == .shared
      isIndependent = task.config.method.isIndependent
      countsPerWeight = task.config.optimizer.biasCorrection == .perWeight
      gathersGradients = task.config.extraction.criterion.rule.gathersGradients
    }
  }

  /// Reads the files of a checkpoint whose hashes are right.
  /// - Throws: `EngineError.mismatch` if they are not of this run's network, `ExperimentError` if they
  ///   are no good files.
  package init(files: [String: Data], folder: String, sizes: Sizes) throws {
    let path = folder + "/" + Self.stateName
    guard let json = files[Self.stateName], let numbers = files[Self.tensorsName] else {
      throw EngineError.mismatch(
        file: folder, found: files.keys.sorted().joined(separator: ", "),
        expected: "\(Self.stateName) and \(Self.tensorsName)")
    }
    let record: Record
    do {
      record = try ExperimentJSON.decode(Record.self, from: json)
    } catch {
      throw EngineError.mismatch(
        file: path, found: "JSON of another kind", expected: "the state of a run")
    }
    guard Self.isPossible(record, subnetworks: sizes.subnetworks.count) else {
      throw EngineError.mismatch(
        file: path, found: "a place that is in no plan", expected: "rounds, epochs and steps from 0"
      )
    }
    let file = try SafetensorsFile(data: numbers, path: folder + "/" + Self.tensorsName)
    let reader = TensorReader(
      tensors: Dictionary(file.tensors.map { ($0.name, $0) }) { first, _ in first },
      path: folder + "/" + Self.tensorsName, sizes: sizes)
    guard record.masks.map(\.subset) == sizes.subnetworks,
      record.finished.allSatisfy({ sizes.subnetworks.indices.contains($0.subnetwork) }),
      record.trainings.allSatisfy({
        $0.subnetwork.map(sizes.subnetworks.indices.contains) ?? true
      })
    else {
      throw EngineError.mismatch(
        file: path, found: "masks of \(record.masks.map(\.subset).joined(separator: ", "))",
        expected: sizes.subnetworks.joined(separator: ", "))
    }
    self.init(
      place: record.place,
      masks: try record.masks.map { try reader.mask($0, named: "masks/\($0.subnetwork)") })
    orders = record.orders
    standing = record.standing
    budget = record.budget
    pausesAtRoundEnd = record.pausesAtRoundEnd
    leavesBoundary = record.leavesBoundary
    for entry in record.finished {
      finished[entry.subnetwork] = try reader.mask(entry, named: "finished/\(entry.subnetwork)")
    }
    for entry in record.trainings {
      let state = try reader.training(entry)
      if let k = entry.subnetwork { inFlight[k] = state } else { retraining = state }
    }
  }

  /// Whether every count in a record is one that a run can have.
  private static func isPossible(_ record: Record, subnetworks: Int) -> Bool {
    let counts = 0...1_000_000_000
    func arePossible(_ own: [Int: RoundSettings], _ indices: [Int]) -> Bool {
      own.allSatisfy { (0..<subnetworks).contains($0.key) && $0.value.problem == nil }
        && indices.allSatisfy((0..<subnetworks).contains)
    }
    let isStagePossible =
      switch record.place.stage {
      case .between, .extracted: true
      case .extraction(let plan):
        plan.settings.problem == nil && arePossible(plan.own, plan.resting)
      case .retraining(let epochs): epochs > 0 && counts.contains(epochs)
      }
    let isStandingPossible =
      record.standing.map { $0.general.problem == nil && arePossible($0.own, $0.frozen) } ?? true
    return isStagePossible && isStandingPossible && counts.contains(record.place.round)
      && record.budget?.isPossible(subnetworks: subnetworks) ?? true
      && record.orders.allSatisfy {
        switch $0 {
        case .round(let settings, let subnetwork):
          settings.problem == nil && arePossible([:], subnetwork.map { [$0] } ?? [])
        case .retraining(let epochs): epochs.map { $0 > 0 && counts.contains($0) } ?? true
        }
      }
      && record.trainings.allSatisfy {
        $0.place.epoch > 0 && counts.contains($0.place.epoch) && counts.contains($0.place.step)
          && $0.stepCounts.allSatisfy(counts.contains) && $0.batches.allSatisfy { $0 >= 0 }
      }
  }

  /// Takes tensors out of a file and checks their sizes.
  private struct TensorReader {
    let tensors: [String: SafetensorsFile.Tensor]
    let path: String
    let sizes: Sizes

    func bytes(_ name: String, count: Int) throws -> Data {
      guard let tensor = tensors[name], tensor.bytes.count == count else {
        throw EngineError.mismatch(
          file: path,
          found: tensors[name].map { "'\(name)' of \($0.bytes.count) bytes" } ?? "no '\(name)'",
          expected: "'\(name)' of \(count) bytes")
      }
      return tensor.bytes
    }

    func mask(_ record: MaskRecord, named name: String) throws -> Mask {
      let count = sizes.layout.prunableCount
      let packed = try bytes(name, count: (count + 63) / 64 * 8)
      var bits = BitVector(repeating: false, count: count)
      for index in 0..<count
      where packed[packed.startIndex + index / 8] >> UInt8(index % 8) & 1 == 1 {
        bits[index] = true
      }
      let mask = Mask(
        bits: bits, subset: record.subset, round: record.round, rule: record.rule,
        seed: record.seed, parentHash: record.parentHash)
      guard mask.hash == record.hash else {
        throw EngineError.mismatch(
          file: path, found: "'\(name)' with hash \(mask.hash.prefix(12))…",
          expected: "\(record.hash.prefix(12))…")
      }
      return mask
    }

    func training(_ record: TrainingRecord) throws -> TrainingState {
      let name = record.name
      let count = sizes.layout.count
      let k = sizes.subnetworks.count
      let owners = record.subnetwork != nil || sizes.sharesStatistics ? 1 : k
      let models = record.subnetwork == nil && sizes.isIndependent ? k : 1
      guard record.stepCounts.count == k * models, record.batches.count == owners,
        record.place.lossSums.count == (record.subnetwork == nil ? k : 1),
        record.place.random.map({ $0.count == 4 }) ?? true
      else {
        throw EngineError.mismatch(
          file: path, found: "'\(name)' with counts of other lengths", expected: "\(k) subnetworks")
      }
      let channels = sizes.batchNormLayout.channels * 4
      return TrainingState(
        place: record.place,
        models: try (0..<models).map { owner in
          let own = "\(name)/" + RunSnapshot.modelPrefix(owner, of: models)
          return .init(
            parameters: try bytes("\(own)parameters", count: count * 4),
            firstMoments: try bytes("\(own)first_moments", count: count * 4),
            secondMoments: try bytes("\(own)second_moments", count: count * 4),
            stepCounts: Array(record.stepCounts[owner * k..<(owner + 1) * k]),
            weightCounts: sizes.countsPerWeight
              ? try counts("\(own)weight_counts", count: count) : [])
        },
        statistics: try record.batches.enumerated().map { owner, batches in
          .init(
            mean: try bytes("\(name)/statistics/\(owner)/mean", count: channels),
            variance: try bytes("\(name)/statistics/\(owner)/variance", count: channels),
            batches: batches)
        },
        sensitivities: record.subnetwork != nil && sizes.gathersGradients
          ? try bytes("\(name)/sensitivities", count: sizes.layout.prunableCount * 4) : nil)
    }

    private func counts(_ name: String, count: Int) throws -> [Int32] {
      let counts = try bytes(name, count: count * 4).withUnsafeBytes { raw in
        (0..<count).map {
          Int32(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * 4, as: Int32.self))
        }
      }
      // Adam keeps a table as long as the largest.
      guard let range = counts.min().flatMap({ low in counts.max().map { low...$0 } }),
        range.lowerBound >= 0, range.upperBound <= 100_000_000
      else {
        throw EngineError.mismatch(
          file: path, found: "'\(name)' with counts out of range", expected: "numbers of steps")
      }
      return counts
    }
  }
}
