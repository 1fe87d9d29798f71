import Experiments
import Foundation
import Studies
import Testing

@Suite("Table of a reproduction") struct ReproductionTableTests {
  /// A finished run with two masks and a balanced accuracy for each target.
  private func figures(_ accuracies: [Double: Double], seconds: Double = 1800) -> RunFigures {
    var log = Recording.begun()
    for (round, target) in accuracies.keys.sorted().enumerated() {
      let size = Int(1000 * (1 - target))
      log.step(.retraining, round: round + 1, subnetwork: 0, step: 1, of: 1, after: seconds)
      log.overlap(round: round + 1, ownership: [1000 - size, size / 2, size / 2], jaccard: 0.5)
      log.evaluation(
        round: round + 1, target: target, [accuracies[target] ?? 0, accuracies[target] ?? 0],
        union: size)
    }
    log.add(.stateChanged(.finished))
    log.add(.runEnded(.finished))
    return log.figures
  }

  private func source(
    _ label: String, _ seed: Int, targets: [Double] = [0.25, 0.5], _ figures: RunFigures?,
    gap: String? = nil
  ) -> ReproductionTable.Source {
    ReproductionTable.Source(
      run: "cifar10-\(label)-\(seed)", label: label, targets: targets, figures: figures, gap: gap)
  }

  private func rows(_ labels: String...) throws -> [ReproductionRow] {
    try labels.map { try #require(Reproduction.cifar10.row($0)) }
  }

  /// Two methods over two seeds with every kind of gap.
  private func table() throws -> ReproductionTable {
    ReproductionTable(
      rows: try rows("rtl", "imp_multiple", "dense_joint"),
      sources: [
        source("rtl", 1, figures([0.25: 0.8, 0.5: 0.75])),
        source("rtl", 2, figures([0.25: 0.7, 0.5: 0.65], seconds: 3600)),
        source("rtl", 3, nil, gap: "not begun"),
        source("imp_multiple", 1, figures([0.25: 0.6]), gap: "not finished: interrupted"),
        source("dense_joint", 1, targets: [0], nil, gap: "not begun"),
      ])
  }

  @Test("mean and standard deviation; a single value has none, nothing has no mean")
  func statistics() throws {
    let three = try #require(MeanDeviation([1, 2, 6]))
    #expect(three.mean == 3 && three.count == 3)
    #expect(abs(try #require(three.deviation) - 7.0.squareRoot()) < 1e-12)
    let one = try #require(MeanDeviation([5]))
    #expect(one.mean == 5 && one.deviation == nil)
    #expect(MeanDeviation([]) == nil)
  }

  @Test("a line per row and target, over the seeds that have the figure")
  func lines() throws {
    let table = try table()
    #expect(
      table.lines.map { "\($0.label) \($0.target) \($0.runs.count)" } == [
        "rtl 0.25 2", "rtl 0.5 2", "imp_multiple 0.25 1", "imp_multiple 0.5 0", "dense_joint 0.0 0",
      ])
    let first = table.lines[0]
    let accuracy = try #require(first.figures["balanced_accuracy"])
    #expect(abs(accuracy.mean - 0.75) < 1e-12 && accuracy.count == 2)
    #expect(abs(try #require(accuracy.deviation) - 0.05 * 2.0.squareRoot()) < 1e-12)
    #expect(first.paper?.balancedAccuracy == 0.781)
    #expect(abs(try #require(first.figures["hours"]).mean - 0.75) < 1e-9)
    // What is missing is missing, and no zero.
    #expect(table.lines[3].figures.isEmpty && table.lines[4].figures.isEmpty)
    #expect(
      table.gaps.map { "\($0.run) \($0.targets) \($0.reason)" } == [
        "cifar10-rtl-3 [0.25, 0.5] not begun",
        "cifar10-imp_multiple-1 [0.5] not finished: interrupted",
        "cifar10-dense_joint-1 [0.0] not begun",
      ])
  }

  @Test("a run that finished without a figure is a gap, too")
  func finishedWithout() throws {
    let table = ReproductionTable(
      rows: try rows("rtl"), sources: [source("rtl", 1, figures([0.25: 0.8]))])
    #expect(table.gaps.map(\.targets) == [[0.5]])
    #expect(table.gaps[0].reason.contains("without being judged"))
  }

  private func report() throws -> ReproductionReport {
    ReproductionReport(
      title: "CIFAR-10", facts: [.init("program", "rtl 1.2.3"), .init("seeds", "1, 2, 3")],
      rows: try rows("rtl", "imp_multiple", "dense_joint"), settings: "batch_size: 320\n",
      table: try table())
  }

  @Test("Markdown") func markdown() throws {
    try expectGolden(try report().markdown, "table.md")
  }

  @Test("CSV has every figure unrounded, and nothing where there is none") func records() throws {
    let records = try report().records
    #expect(records.count == 6 && Set(records.map(\.count)).count == 1)
    let header = try #require(records.first)
    func field(_ line: Int, _ name: String) throws -> String {
      records[line][try #require(header.firstIndex(of: name), "\(name)")]
    }
    #expect(try field(1, "label") == "rtl" && field(1, "n") == "2")
    #expect(Double(try field(1, "balanced_accuracy")) == (0.8 + 0.7) / 2)
    #expect(try field(1, "paper_parameters") == "103000.0")
    #expect(try field(3, "balanced_accuracy_deviation") == "")
    #expect(try field(4, "balanced_accuracy") == "" && field(4, "n") == "0")
    #expect(try field(4, "paper_recall") == "0.702" && field(5, "paper_recall") == "")
    #expect(try field(3, "masks_from") == "rtl")
  }

  @Test("JSON has the table, the gaps and the circumstances") func json() throws {
    let text = try ExperimentJSON.pretty(try report())
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let table = try #require(object["table"] as? [String: Any])
    let lines = try #require(table["lines"] as? [[String: Any]])
    #expect(lines.count == 5 && (table["gaps"] as? [Any])?.count == 3)
    let figures = try #require(lines[0]["figures"] as? [String: [String: Any]])
    #expect(figures["balanced_accuracy"]?["mean"] as? Double == 0.75)
    #expect((lines[4]["figures"] as? [String: Any])?.isEmpty == true)
    #expect(object["settings"] as? String == "batch_size: 320\n")
  }

  /// Compares with a text file; `RTL_UPDATE_GOLDENS=1` writes it anew.
  private func expectGolden(_ text: String, _ name: String) throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Goldens/\(name)")
    if ProcessInfo.processInfo.environment["RTL_UPDATE_GOLDENS"] == "1" {
      try Data(text.utf8).write(to: path)
    }
    #expect(try String(contentsOf: path, encoding: .utf8) == text)
  }
}
