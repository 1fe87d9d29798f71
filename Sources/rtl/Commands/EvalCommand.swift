import ArgumentParser
import Experiments
import Foundation
import LotteryEngine

/// `rtl eval`: judges the retrained subnetworks of a run on held-out data.
struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Judge a run's retrained subnetworks on held-out data.",
    discussion: "Example: rtl eval demo --predictions predictions.csv")

  @Argument(help: ArgumentHelp("The run's name.", valueName: "run"))
  var runName: String

  @OptionGroup var runs: RunsOption
  @OptionGroup var threads: ThreadsOption

  @Option(help: "The round whose retrained weights to judge (default: the last retrained).")
  var round: Int?

  @Option(help: "Write each held-out sample's label, scores and decision to a CSV file.")
  var predictions: String?

  @OptionGroup var force: ForceOption

  @Flag(help: "Print JSON.")
  var json = false

  mutating func run() throws {
    try force.check([predictions].compactMap(\.self))
    let stored = try StoredRun.open(runName, in: runs.folder)
    let (report, table) = try stored.evaluate(round: round, threads: threads.count)
    if let predictions {
      try ExperimentFiles.writeOutput(Data(table.utf8), to: predictions)
    }
    if json {
      print(try ExperimentJSON.pretty(report))
      return
    }
    let names = stored.subnetworkNames
    if let score = report.meanScore, score.metric != .balancedAccuracy {
      print("round \(report.round), \(report.samples) samples")
      print(
        TextTable.render(
          header: ["subnetwork", "loss", score.metric.title + score.metric.unit],
          rows: report.subnetworks.map { quality in
            [
              names[quality.subnetwork], Figure.decimal(quality.loss),
              Figure.decimal(quality.score.value),
            ]
          }, leftAligned: [0]))
      print("\(Figure.score(score)) over all")
      return
    }
    print("round \(report.round), \(report.samples) held-out samples")
    print(
      TextTable.render(
        header: ["subnetwork", "loss", "bal. acc.", "precision", "recall", "F1"],
        rows: report.subnetworks.map { quality in
          [
            names[quality.subnetwork], Figure.decimal(quality.loss),
            Figure.decimal(quality.balancedAccuracy), Figure.decimal(quality.precision),
            Figure.decimal(quality.recall), Figure.decimal(quality.f1),
          ]
        }, leftAligned: [0]))
    print(
      "mean balanced accuracy "
        + Figure.decimal(Figure.mean(report.subnetworks.map(\.balancedAccuracy)))
        + ", argmax accuracy " + Figure.decimal(report.argmaxAccuracy))
  }
}
