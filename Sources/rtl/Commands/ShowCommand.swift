import ArgumentParser
import Experiments

/// `rtl show`: what one run amounts to.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a run: state, sizes, quality and overlap of its subnetworks.",
    discussion: "Example: rtl show demo --json")

  @Argument(help: ArgumentHelp("The run's name.", valueName: "run"))
  var runName: String

  @OptionGroup var runs: RunsOption

  @Flag(help: "Print JSON.")
  var json = false

  mutating func run() throws {
    let directory = try RunDirectory.open(runName, in: runs.folder)
    let summary = try directory.summary()
    var labels = RunLabels()
    do {
      labels = try directory.labels()
    } catch {
      // Labels that cannot be read must not hide the run.
      ErrorReport.write("rtl: \(error)")
    }
    guard !json else {
      print(try ExperimentJSON.pretty(LabelledSummary(summary: summary, labels: labels)))
      return
    }
    reportLosses(of: directory)
    let state = summary.state.word(isHeld: RunLock.holder(of: directory) != nil)
    print(
      """
      \(Printable.line(summary.name)): \(state) after \(Figure.count(summary.rounds, "round")), \
      \(Figure.duration(summary.seconds)); \(Printable.line(summary.model)) on \(Printable.line(summary.dataset)), \
      seed \(summary.seed)
      union of the masks: \(summary.unionParameters) of \(summary.prunableParameters) prunable \
      weights

      """)
    if !labels.tags.isEmpty { print(Printable.line("tags: " + labels.tags.joined(separator: " "))) }
    if let note = labels.note { print(Printable.line("note: " + note)) }
    let metric = summary.subnetworks.lazy.compactMap { $0.score?.metric }.first
    let rows = summary.subnetworks.map { row in
      if metric != nil {
        return [
          row.name, Figure.percent(row.sparsity), "\(row.weightsLeft)",
          Figure.decimal(row.score?.value), Figure.decimal(row.meanJaccard),
        ]
      }
      return [
        row.name, Figure.percent(row.sparsity), "\(row.weightsLeft)",
        Figure.decimal(row.balancedAccuracy), Figure.decimal(row.precision),
        Figure.decimal(row.recall), Figure.decimal(row.f1), Figure.decimal(row.meanJaccard),
      ]
    }
    print(
      TextTable.render(
        header: metric.map {
          ["subnetwork", "sparsity", "weights", $0.title + $0.unit, "mean J"]
        } ?? [
          "subnetwork", "sparsity", "weights", "bal. acc.", "precision", "recall", "F1", "mean J",
        ], rows: rows, leftAligned: [0]))
    for line in summary.alarmLines { print(Printable.line(line)) }
    if let last = summary.evaluations.last, last.round != summary.rounds {
      print(
        "quality as of round \(last.round); the masks of round \(summary.rounds) are not retrained")
    }
    for evaluation in summary.evaluations {
      let accuracy = Figure.mean(evaluation.subnetworks.map(\.balancedAccuracy))
      let place = evaluation.target.map { "target \(Figure.percent($0))" } ?? "no target"
      if let score = evaluation.meanScore, score.metric != .balancedAccuracy {
        print("round \(evaluation.round) (\(place)): \(Figure.score(score)) over all")
        continue
      }
      print(
        "round \(evaluation.round) (\(place)): mean balanced accuracy "
          + "\(Figure.decimal(accuracy)), precision "
          + "\(Figure.decimal(Figure.mean(evaluation.subnetworks.map(\.precision)))), recall "
          + "\(Figure.decimal(Figure.mean(evaluation.subnetworks.map(\.recall)))), argmax accuracy "
          + Figure.decimal(evaluation.argmaxAccuracy))
    }
    for note in summary.notes ?? [] {
      let place = note.place.map { place in
        let name =
          summary.subnetworks.indices.contains(place.subnetwork)
          ? " of " + Printable.line(summary.subnetworks[place.subnetwork].name) : ""
        return "\(place.stage.rawValue), round \(place.round), step \(place.step)\(name)"
      }
      print("noted (\(place ?? "before the first step")): " + Printable.line(note.text))
    }
  }

  /// Says what of the run's log cannot be read.
  private func reportLosses(of directory: RunDirectory) {
    // A missing log is none: the summary is there.
    let losses = try? EventLog.scan(directory.eventsPath, keepsProgress: false) { _ in }
    if let text = losses?.description {
      ErrorReport.write("rtl: \(directory.eventsPath): \(text)")
    }
  }
}
