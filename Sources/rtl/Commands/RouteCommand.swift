import ArgumentParser
import Experiments
import LotteryEngine
import Studies

/// `rtl route`: from image to decision when nobody says the subset.
struct RouteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "route",
    abstract: "Measure how well images find their subnetwork when nobody says which.",
    discussion: """
      By the argmax over all subnetworks, as trained and calibrated, and by a small gate that predicts the \
      subset; with multiply-adds and milliseconds per image, and what K subnetworks have in common. Writes \
      tables and figures to the run's folder analysis/.

      Example: rtl route cifar10-rtl-1 --baseline cifar10-imp_single-1 --split test-half
      """)

  @Argument(help: ArgumentHelp("The run's name.", valueName: "run"))
  var runName: String

  @OptionGroup var runs: RunsOption
  @OptionGroup var threads: ThreadsOption
  @OptionGroup var split: SplitOption

  @Option(help: ArgumentHelp("A run on the same data to compare with.", valueName: "run"))
  var baseline: String?

  @Option(name: .customLong("gate-epochs"), help: "Epochs of the gate's training.")
  var gateEpochs = 5

  @Flag(help: "Print JSON.")
  var json = false

  mutating func validate() throws {
    guard (1...10_000).contains(gateEpochs) else {
      throw ValidationError("--gate-epochs \(gateEpochs): expected a number from 1 to 10000")
    }
  }

  mutating func run() throws {
    let stored = try StoredRun.open(runName, in: runs.folder)
    let other = try baseline.map { try StoredRun.open($0, in: runs.folder) }
    let progress = AnalysisProgress("trained the gate and measured")
    let report = try stored.route(
      split.split, baseline: other, epochs: gateEpochs, threads: threads.count
    ) { progress.tell($0, of: $1) }
    let text = try ExperimentJSON.pretty(report) + "\n"
    let paths = try stored.directory.writeAnalysis([
      ("routing.md", report.markdown), ("routing.csv", CSV.text(report.records)),
      ("routing-layers.csv", CSV.text(report.sharingRecords)), ("routing.svg", report.svg),
      ("routing.json", text),
    ])
    if json {
      print(text, terminator: "")
    } else {
      print(Printable.message(report.summary))
      for path in paths { print(Printable.line(path)) }
    }
  }
}
