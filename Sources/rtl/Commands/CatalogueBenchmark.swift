import ArgumentParser
import Catalogue
import Experiments
import Foundation

/// `rtl bench catalogue`: how fast many runs are listed and searched.
struct CatalogueBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "catalogue",
    abstract: "Time the catalogue over invented runs in a temporary folder.",
    discussion: "Example: rtl bench catalogue --runs 10000")

  @Option(name: .customLong("runs"), help: "How many runs to invent.")
  var count = 10_000

  @Option(help: "How often each question is asked.")
  var repeats = 9

  mutating func validate() throws {
    guard (1...100_000).contains(count) else {
      throw ValidationError("--runs \(count): expected a number from 1 to 100000")
    }
    guard (1...1000).contains(repeats) else {
      throw ValidationError("--repeats \(repeats): expected a number from 1 to 1000")
    }
  }

  mutating func run() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("rtl-catalogue-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for index in 0..<count { try Self.invent(index, in: folder) }
    // Runs that changed a moment ago are read again; let them settle.
    Thread.sleep(forTimeInterval: 2.5)
    let filter = try RunFilter(
      parsing: "sparsity >= 0.75 and (balanced_accuracy > 0.7 or tag = 'keep')")
    let order = try RunOrder(by: "mean_jaccard", isDescending: true)
    func time(_ work: () throws -> Int) rethrows -> (milliseconds: Double, count: Int) {
      let clock = ContinuousClock()
      var found = 0
      let duration = try clock.measure { found = try work() }
      return (duration / .milliseconds(1), found)
    }
    func row(_ name: String, repeats: Int, _ work: () throws -> Int) throws -> [String] {
      let results = try (0..<repeats).map { _ in try time(work) }
      let times = results.map(\.milliseconds).sorted()
      return [
        name, Figure.decimal(times[0]), Figure.decimal(times[times.count / 2]),
        Figure.decimal(times[times.count - 1]), "\(results[0].count)",
      ]
    }
    // A fresh catalogue each time, as each command has one.
    func catalogue() -> RunCatalogue { RunCatalogue(runsFolder: folder) }
    var rows = [
      try row("first build", repeats: 1) {
        _ = try catalogue().runs(limit: 0)
        return count
      }
    ]
    rows.append(
      try row("nothing changed, no run listed", repeats: repeats) {
        let catalogue = catalogue()
        _ = try catalogue.runs(limit: 0)
        return catalogue.lastRefreshed
      })
    rows.append(try row("list all", repeats: repeats) { try catalogue().runs().count })
    rows.append(
      try row("filter and sort", repeats: repeats) {
        try catalogue().runs(where: filter, order: order).count
      })
    print(
      TextTable.render(
        header: ["\(count) runs, milliseconds", "min", "median", "max", "runs"], rows: rows,
        leftAligned: [0]))
  }

  /// A finished run of ten subnetworks, with figures that depend on its number.
  private static func invent(_ index: Int, in folder: String) throws {
    let directory = try RunDirectory.create(
      name: "run-\(index)", defaultName: "run", in: folder, configText: "",
      config: ExperimentConfig())
    let names = (0..<10).map { "subset-\($0)" }
    let spread = Double(index * 7919 % 10_000) / 10_000
    var summary = RunSummary(
      description: RunDescription(
        runName: directory.name, seed: UInt64(index),
        model: index % 3 == 0 ? "ghostnet" : "small_cnn",
        dataset: "procedural", subnetworks: names, layers: [], prunableParameters: 23_472,
        totalParameters: 24_000, targets: [0.25, 0.5, 0.75], batchSize: 64, plannedRounds: 18,
        defaultRound: RoundSettings(pruneCount: 1024, epochs: 5, learningRate: 0.004),
        computedWith: "none"), startedAt: 1_760_000_000 + Double(index) * 60)
    summary.state = .finished
    summary.rounds = 18
    summary.seconds = 100 + spread * 100
    let qualities = names.indices.map { k in
      SubnetworkQuality(
        subnetwork: k, loss: 0.3, balancedAccuracy: 0.5 + spread / 2, precision: spread,
        recall: 0.8, f1: spread)
    }
    for k in names.indices {
      summary.subnetworks[k].sparsity = 0.5 + spread * 0.4
      summary.subnetworks[k].balancedAccuracy = 0.5 + spread / 2
      summary.subnetworks[k].meanJaccard = 1 - spread
    }
    summary.jaccard = names.indices.map { i in names.indices.map { i == $0 ? 1 : 1 - spread } }
    summary.evaluations = [0.25, 0.5, 0.75].map {
      EvaluationReport(
        stage: .retraining, round: Int($0 * 24), target: $0, samples: 2000,
        subnetworks: qualities, argmaxAccuracy: 0.5, unionParameters: 20_000)
    }
    let text = try ExperimentJSON.pretty(summary) + "\n"
    try Data(text.utf8).write(to: URL(fileURLWithPath: directory.summaryPath))
    if index % 50 == 0 { _ = try directory.tag(["keep"]) }
  }
}
