import ArgumentParser
import Catalogue
import Experiments

/// `rtl runs`: the runs in the folder, all or those that meet a condition.
struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List the runs.",
    discussion: """
      A condition compares columns with numbers, 'texts' or each other, by = != < <= > >= and, for \
      text, ~ (contains) and like (% is any text), joined by and, or, not and parentheses. A figure \
      that is missing meets no comparison; '= none' asks for it. Means are over the subnetworks.

      Columns: \(CatalogueColumn.names.joined(separator: ", ")).

      Example: rtl runs --where "sparsity >= 0.75 and not tag = 'draft'" --sort mean_jaccard
      Example: rtl runs --where "started_at > '2026-01-30'" --csv
      """)

  @OptionGroup var runs: RunsOption

  @Option(name: .customLong("where"), help: "Only runs that meet this condition.")
  var condition: String?

  @Option(help: "Order by this column (default: name).")
  var sort: String?

  @Flag(help: "The largest first.")
  var descending = false

  @Option(help: "At most so many runs.")
  var limit: Int?

  @Flag(help: "List the finished rounds of the runs.")
  var rounds = false

  @Flag(help: "Print JSON.")
  var json = false

  @Flag(help: "Print comma-separated values (RFC 4180), every column.")
  var csv = false

  mutating func validate() throws {
    if let limit, limit < 0 {
      throw ValidationError("--limit \(limit): expected a number from 0")
    }
    guard !(json && csv) else {
      throw ValidationError("--json and --csv: expected one of them")
    }
  }

  mutating func run() throws {
    let filter = try condition.map { try RunFilter(parsing: $0) }
    let order = try RunOrder(by: sort ?? "name", isDescending: descending)
    let catalogue = RunCatalogue(runsFolder: runs.folder)
    let entries = try catalogue.runs(where: filter, order: order, limit: limit)
    defer { for remark in catalogue.remarks { ErrorReport.write("rtl: \(remark)") } }
    if rounds {
      try printRounds(try catalogue.rounds(of: entries.map(\.name)))
    } else if json {
      print(try ExperimentJSON.pretty(summaries(of: entries)))
    } else if csv {
      let records = entries.map { $0.values.map(\.plainText) }
      print(CSV.text([CatalogueColumn.names] + records), terminator: "")
    } else if entries.isEmpty {
      print(
        filter == nil
          ? "no runs in \(Printable.line(runs.folder)); start one with: rtl run demo"
          : "no runs in \(Printable.line(runs.folder)) meet the condition")
    } else {
      print(table(of: entries))
    }
  }

  /// What `rtl show --json` prints, for each run; from the runs themselves.
  private func summaries(of entries: [CatalogueEntry]) -> [LabelledSummary] {
    entries.compactMap { entry in
      do {
        let directory = try RunDirectory.open(entry.name, in: runs.folder)
        // Labels that cannot be read are among the remarks already.
        return LabelledSummary(
          summary: try directory.summary(), labels: (try? directory.labels()) ?? RunLabels())
      } catch {
        ErrorReport.write("rtl: \(entry.name): \(error)")
        return nil
      }
    }
  }

  private func table(of entries: [CatalogueEntry]) -> String {
    let isLabelled = entries.contains { $0["tag"] != .missing || $0["note"] != .missing }
    let quality = Figure.column(entries.map(\.quality))
    let rows = zip(entries, quality.figures).map { entry, quality in
      [
        entry.name, word(for: entry), entry["dataset"].plainText,
        entry["model"].plainText, entry["rounds"].plainText,
        Figure.percent(entry["sparsity"].double),
        quality, Figure.decimal(entry["mean_jaccard"].double), entry["alarm"].plainText,
        Figure.duration(entry["seconds"].double ?? 0),
      ] + (isLabelled ? [entry["tag"].plainText, shortened(entry["note"].plainText)] : [])
    }
    return TextTable.render(
      header: [
        "run", "state", "dataset", "model", "rounds", "sparsity", quality.head, "mean J", "alarm",
        "time",
      ] + (isLabelled ? ["tags", "note"] : []), rows: rows, leftAligned: [0, 1, 2, 3, 8, 10, 11])
  }

  /// The catalogue knows what a run said last; whether an engine holds it is asked here.
  private func word(for entry: CatalogueEntry) -> String {
    let said = entry["state"].plainText
    guard let state = RunState(rawValue: said), !state.isFinal else { return said }
    let directory = try? RunDirectory.open(entry.name, in: runs.folder, suggests: false)
    return state.word(isHeld: directory.flatMap(RunLock.holder) != nil)
  }

  private func shortened(_ note: String) -> String {
    note.count <= 40 ? note : note.prefix(39) + "…"
  }

  // MARK: - Rounds

  /// A round with the run it belongs to.
  private struct RoundListing: Encodable {
    let run: String
    let figures: RoundFigures

    private enum Key: String, CodingKey {
      case run
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(run, forKey: .run)
      try figures.encode(to: encoder)
    }
  }

  private func printRounds(_ rounds: [(run: String, figures: RoundFigures)]) throws {
    guard !json else {
      print(
        try ExperimentJSON.pretty(
          rounds.map { RoundListing(run: $0.run, figures: $0.figures) }))
      return
    }
    if csv {
      func text(_ value: Double?) -> String { value.map { $0.isFinite ? "\($0)" : "" } ?? "" }
      let header = [
        "run", "round", "sparsity", "mean_jaccard", "excess", "union_parameters",
        "balanced_accuracy", "joint_balanced_accuracy", "target",
      ]
      let others = QualityMetric.allCases.filter { $0 != .balancedAccuracy }
      let records = rounds.map { run, figures in
        [
          run, "\(figures.round)", text(figures.sparsity), text(figures.meanJaccard),
          text(figures.excess), figures.unionParameters.map { "\($0)" } ?? "",
          text(figures.balancedAccuracy), text(figures.jointBalancedAccuracy),
          text(figures.target),
        ]
          + others.flatMap { metric in
            [figures.score, figures.jointScore].map { $0?.metric == metric ? text($0?.value) : "" }
          }
      }
      let scores = others.flatMap { [$0.rawValue, "joint_\($0.rawValue)"] }
      print(CSV.text([header + scores] + records), terminator: "")
      return
    }
    guard !rounds.isEmpty else { return print("no finished rounds") }
    let quality = Figure.column(rounds.map(\.figures.quality) + rounds.map(\.figures.jointQuality))
    let rows = rounds.enumerated().map { index, listed in
      let (run, figures) = listed
      return [
        run, "\(figures.round)", Figure.percent(figures.sparsity),
        Figure.decimal(figures.meanJaccard), Figure.decimal(figures.excess),
        figures.unionParameters.map { "\($0)" } ?? "–", quality.figures[index],
        quality.figures[rounds.count + index], Figure.percent(figures.target),
      ]
    }
    print(
      TextTable.render(
        header: [
          "run", "round", "sparsity", "mean J", "J−chance", "union", quality.head, "joint",
          "target",
        ], rows: rows, leftAligned: [0]))
  }
}
