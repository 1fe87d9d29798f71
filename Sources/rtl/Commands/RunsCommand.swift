import ArgumentParser
import Experiments

/// `rtl runs`: every run in the folder.
struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List the runs.",
    discussion: "Example: rtl runs --json")

  @OptionGroup var runs: RunsOption

  @Flag(help: "Print JSON.")
  var json = false

  mutating func run() throws {
    var summaries: [RunSummary] = []
    for directory in try RunDirectory.list(in: runs.folder) {
      do {
        summaries.append(try directory.summary())
      } catch {
        // One run that cannot be read must not hide the others.
        ErrorReport.write("rtl: \(directory.name): \(error)")
      }
    }
    if json {
      print(try ExperimentJSON.pretty(summaries))
      return
    }
    guard !summaries.isEmpty else {
      print("no runs in \(runs.folder); start one with: rtl run demo")
      return
    }
    let rows = summaries.map { summary in
      [
        summary.name, summary.state.rawValue, summary.dataset, summary.model,
        "\(summary.rounds)", Figure.percent(Figure.mean(summary.subnetworks.map(\.sparsity))),
        Figure.decimal(Figure.mean(summary.subnetworks.compactMap(\.balancedAccuracy))),
        Figure.decimal(Figure.mean(summary.subnetworks.compactMap(\.meanJaccard))),
        Figure.duration(summary.seconds),
      ]
    }
    print(
      TextTable.render(
        header: [
          "run", "state", "dataset", "model", "rounds", "sparsity", "bal. acc.", "mean J", "time",
        ], rows: rows, leftAligned: [0, 1, 2, 3]))
  }
}
