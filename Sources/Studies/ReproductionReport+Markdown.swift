internal import Experiments
internal import Foundation

/// The report as Markdown, with columns that line up in a terminal, too.
extension ReproductionReport {
  /// The whole report.
  public var markdown: String {
    var text = "# \(title)\n\n"
    for fact in facts { text += "- \(fact.name): \(fact.value)\n" }
    text += "\n" + tables + "\n"
    text += "## Rows\n\n" + rowList + "\n"
    text += "## Settings of all rows\n\n```yaml\n\(settings)```\n"
    return text
  }

  /// The tables and what is missing in them; what is printed at the end.
  public var tables: String {
    var text = "## Quality beside the paper's\n\n" + qualityTable
    text += "\nMeans over the subnetworks; ± is the standard deviation over n seeds. "
    text += "`paper` is the paper's figure, `Δ` ours less the paper's.\n\n"
    text += "## Size and cost\n\n" + costTable
    text +=
      "\n`union` counts a weight once, however many subnetworks use it; `all models` adds up the "
    text +=
      "subnetworks of rows that share nothing. Hours of work from a run's beginning until it was "
    text += "judged, without pauses; of rows with the masks of another, without making them.\n"
    if !table.gaps.isEmpty {
      text += "\n## Missing\n\n"
      for gap in table.gaps {
        let targets =
          gap.targets.isEmpty ? "" : " (\(gap.targets.map(Self.sparsity).joined(separator: ", ")))"
        text += "- \(gap.run)\(targets): \(gap.reason)\n"
      }
    }
    return text
  }

  private var rowList: String {
    var seen: Set<String> = []
    return table.lines.filter { seen.insert($0.label).inserted }.map { line in
      let own = changes[line.label].map { " (`\($0.joined(separator: "`, `"))`)" } ?? ""
      return "- `\(line.label)`: \(line.meaning)\(own)\n"
    }.joined()
  }

  // MARK: - Tables

  private var qualityTable: String {
    let figures: [(name: String, figure: ReproductionFigure)] = [
      ("balanced accuracy", .balancedAccuracy), ("precision", .precision), ("recall", .recall),
    ]
    let header =
      ["row", "sparsity", "n"] + figures.flatMap { [$0.name, "paper", "Δ"] } + ["F1", "argmax"]
    return MarkdownTable.text(
      header,
      table.lines.map { line in
        place(of: line)
          + figures.flatMap { _, figure in
            let (own, paper) = (line[figure], figure.paper(line))
            return [
              Self.ratio(own), Self.ratio(paper), Self.difference(own?.mean, paper),
            ]
          } + [Self.ratio(line[.f1]), Self.ratio(line[.argmaxAccuracy])]
      })
  }

  private var costTable: String {
    let header = [
      "row", "sparsity", "n", "union", "all models", "paper", "mean J", "hours", "samples/s",
    ]
    return MarkdownTable.text(
      header,
      table.lines.map { line in
        place(of: line) + [
          Self.thousands(line[.unionParameters]?.mean),
          line.method.isIndependent ? Self.thousands(line[.allParameters]?.mean) : "–",
          Self.thousands(line.paper?.parameters), Self.ratio(line[.meanJaccard]),
          Self.decimal(line[.hours], 2), Self.decimal(line[.samplesPerSecond], 0),
        ]
      })
  }

  private func place(of line: ReproductionTable.Line) -> [String] {
    [line.label, Self.sparsity(line.target), "\(line.runs.count)"]
  }

  // MARK: - Numbers

  private static func sparsity(_ target: Double) -> String { Percent.text(target) }

  private static func ratio(_ value: Double?) -> String { decimal(value, 3) }

  private static func ratio(_ value: MeanDeviation?) -> String { decimal(value, 3) }

  private static func decimal(_ value: MeanDeviation?, _ places: Int) -> String {
    guard let value else { return "–" }
    let deviation = value.deviation.map { " ± \(decimal($0, places))" } ?? ""
    return decimal(value.mean, places) + deviation
  }

  private static func decimal(_ value: Double?, _ places: Int) -> String {
    guard let value, value.isFinite else { return "–" }
    return String(format: "%.\(places)f", value)
  }

  private static func difference(_ own: Double?, _ paper: Double?) -> String {
    guard let own, let paper, own.isFinite else { return "–" }
    return String(format: "%+.3f", own - paper)
  }

  private static func thousands(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "–" }
    return String(format: "%.1f K", value / 1000)
  }
}
