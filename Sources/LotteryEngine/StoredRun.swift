internal import Datasets
public import Experiments
internal import Foundation
internal import NeuralNetworks
internal import Tensors

/// A run on disk: its masks compared, its subnetworks judged, its tickets written for others.
public struct StoredRun: Sendable {
  /// The run's folder.
  public let directory: RunDirectory
  /// The resolved configuration it ran with.
  public let config: ExperimentConfig
  /// What it amounts to so far.
  public let summary: RunSummary

  /// Opens a run by name.
  /// - Throws: `ExperimentError` if there is none or its files are damaged.
  public static func open(_ name: String, in runsFolder: String) throws -> StoredRun {
    let directory = try RunDirectory.open(name, in: runsFolder)
    let summary = try directory.summary()
    guard !summary.subnetworks.isEmpty else {
      throw EngineError.mismatch(
        file: directory.path, found: "a run without subnetworks",
        expected: "one that got as far as its first round")
    }
    return StoredRun(
      directory: directory, config: try directory.resolvedConfig(), summary: summary)
  }

  /// The names of the K subnetworks, in order.
  public var subnetworkNames: [String] { summary.subnetworks.map(\.name) }

  /// The overlap of a round's masks, computed from the mask file.
  /// - Parameter round: from 1; `nil` is the last.
  /// - Throws: `EngineError.noSuchRound`, or what is wrong with the file.
  public func overlap(round: Int?) throws -> OverlapReport {
    let layout = makeLayout()
    let round = try existing(round, among: directory.maskRounds())
    let masks = try readMasks(round: round, layout: layout)
    return MaskOverlap.report(
      round: round, masks: masks.map(\.bits),
      layers: layout.prunableLayers.map { (name: $0.name, range: $0.range) })
  }

  /// Judges the retrained subnetworks on held-out data again.
  /// - Parameters:
  ///   - round: the round whose retrained weights to judge; `nil` is the last retrained.
  ///   - threads: how many threads compute.
  /// - Returns: the figures, and a CSV table with a line per held-out sample.
  /// - Throws: `EngineError.noSuchRound`, or what is wrong with data or files.
  public func evaluate(
    round: Int?, threads: Int
  ) throws -> (report: EvaluationReport, predictions: String) {
    let ticket = try readTicket(round: round)
    let task = try readTask()
    let trainer = SubnetworkTrainer(task: task, pool: WorkerPool(threads: threads))
    let bits = ticket.masks.map(\.bits)
    let verdict = try task.judge(
      Candidate.all(parameters: ticket.parameters, masks: bits, statistics: ticket.statistics),
      after: .retraining, round: ticket.round, with: trainer, beforeEach: {})
    let report = EvaluationReport(
      stage: .retraining, round: ticket.round, target: ticket.target,
      samples: verdict?.samples ?? 0, subnetworks: verdict?.qualities ?? [],
      argmaxAccuracy: verdict?.argmaxAccuracy, unionParameters: MaskOverlap.unionCount(bits),
      overall: verdict?.overall)
    return (report, verdict?.table() ?? "")
  }

  /// The files that `export` writes into a folder.
  public func exportedFiles(in folder: String) -> [String] {
    (["weights", "masks", "batchnorm"] + subnetworkNames.map { "subnetwork-\($0)" }).map {
      (folder as NSString).appendingPathComponent("\($0).safetensors")
    }
  }

  /// Writes weights, masks, batch-norm statistics and one ready state dictionary per subnetwork.
  /// - Parameters:
  ///   - folder: made if it is missing.
  ///   - round: the round whose retrained weights to export; `nil` is the last retrained.
  /// - Returns: the paths of the files written, those of `exportedFiles`.
  /// - Throws: `ExperimentError` if the folder cannot be written.
  public func export(to folder: String, round: Int?) throws -> [String] {
    let ticket = try readTicket(round: round)
    let layout = makeLayout()
    let batchNormLayout = ModelCatalogue.architecture(of: config).batchNormLayout()
    let contents =
      [
        Tickets.weights(
          of: subnetworkNames, ticket.parameters, layout: layout,
          isIndependent: config.method.isIndependent),
        Tickets.masks(ticket.masks, layout: layout, round: ticket.round),
        Tickets.batchNorm(
          ticket.statistics, layout: batchNormLayout, subnetworks: subnetworkNames),
      ]
      + subnetworkNames.indices.map { k in
        Tickets.stateDictionary(
          ticket.parameters[k], mask: ticket.masks[k], statistics: ticket.statistics[k],
          layout: layout, batchNormLayout: batchNormLayout)
      }
    try ExperimentFiles.makeFolder(folder)
    let paths = exportedFiles(in: folder)
    for (path, content) in zip(paths, contents) { try content.write(to: path) }
    return paths
  }

  // MARK: - Reading

  struct Ticket {
    let round: Int
    let target: Double?
    /// θ of each subnetwork; K times the same where they share one.
    let parameters: [FloatBuffer]
    let masks: [Mask]
    let statistics: [BatchNormStatistics]
  }

  /// The run's task with its data.
  /// - Throws: `EngineError.mismatch` if the data is no longer split as the run found it.
  func readTask() throws -> any LotteryTask {
    let task = try TaskCatalogue.task(config)
    try check(task)
    return task
  }

  /// Makes sure that a task has the run's subnetworks.
  /// - Throws: `EngineError.mismatch` if the data is no longer split as the run found it.
  func check(_ task: any LotteryTask) throws {
    guard task.subnetworkNames == subnetworkNames else {
      throw EngineError.mismatch(
        file: directory.resolvedConfigPath,
        found: "subsets \(task.subnetworkNames.joined(separator: ", "))",
        expected: subnetworkNames.joined(separator: ", "))
    }
  }

  func makeLayout() -> ParameterLayout {
    let architecture = ModelCatalogue.architecture(of: config)
    // The number of output units is that with which the network has as many parameters as the run's:
    // known without the data.
    let one = architecture.parameterLayout(outputs: 1)
    let perOutput = architecture.parameterLayout(outputs: 2).count - one.count
    // That of a network over spectra is fixed.
    guard perOutput > 0 else { return one }
    let more = max(0, summary.totalParameters - one.count) / perOutput
    return architecture.parameterLayout(outputs: 1 + more)
  }

  func readMasks(round: Int, layout: ParameterLayout) throws -> [Mask] {
    try Tickets.readMasks(
      directory.masksPath(round: round), subnetworks: subnetworkNames, layout: layout,
      round: round)
  }

  func readTicket(round: Int?) throws -> Ticket {
    let layout = makeLayout()
    let retrained = try directory.retrainedRounds()
    let round = try existing(round, among: retrained.map(\.round))
    let target = retrained.last { $0.round == round }?.target
    return Ticket(
      round: round, target: target,
      parameters: try Tickets.readWeights(
        directory.weightsPath(round: round, target: target), of: subnetworkNames, layout: layout,
        isIndependent: config.method.isIndependent),
      masks: try readMasks(round: round, layout: layout),
      statistics: try Tickets.readBatchNorm(
        directory.batchNormPath(round: round, target: target), subnetworks: subnetworkNames,
        layout: ModelCatalogue.architecture(of: config).batchNormLayout()))
  }

  private func existing(_ round: Int?, among available: [Int]) throws -> Int {
    guard let wanted = round ?? available.last, available.contains(wanted) else {
      throw EngineError.noSuchRound(run: directory.name, round: round ?? 0, available: available)
    }
    return wanted
  }
}
