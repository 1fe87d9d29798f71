internal import Experiments

/// A reproduction's table with the circumstances it was made in, for people and for programs.
public struct ReproductionReport: Sendable, Encodable {
  /// What it is about.
  public let title: String
  /// The circumstances: program, machine, command, seeds, …
  public let facts: [Fact]
  /// What the rows' configs have differently from the settings.
  public let changes: [String: [String]]
  /// The settings that all rows share, as YAML.
  public let settings: String
  /// The figures.
  public let table: ReproductionTable

  /// A circumstance.
  public struct Fact: Sendable, Encodable, Equatable {
    /// What it is.
    public let name: String
    /// What it was.
    public let value: String

    /// A named circumstance.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// A report.
  public init(
    title: String, facts: [Fact], rows: [ReproductionRow], settings: String,
    table: ReproductionTable
  ) {
    self.title = title
    self.facts = facts
    changes = Dictionary(uniqueKeysWithValues: rows.map { ($0.label, $0.changes) })
      .filter { !$0.value.isEmpty }
    self.settings = settings
    self.table = table
  }

  /// Comma-separated values, unrounded: a header and a record per line of the table. A figure that is
  /// not there is an empty field.
  public var records: [[String]] {
    let text = MarkdownTable.unrounded
    let header =
      ["label", "method", "masks_from", "target", "n"]
      + ReproductionFigure.all.flatMap { ["\($0.key)", "\($0.key)_deviation"] }
      + ["balanced_accuracy", "precision", "recall", "parameters"].map { "paper_\($0)" }
    return [header]
      + table.lines.map { line in
        let paper = line.paper
        return [
          line.label, line.method.rawValue, line.masksFrom ?? "", "\(line.target)",
          "\(line.runs.count)",
        ]
          + ReproductionFigure.all.flatMap { [text(line[$0]?.mean), text(line[$0]?.deviation)] }
          + [
            text(paper?.balancedAccuracy), text(paper?.precision), text(paper?.recall),
            text(paper?.parameters),
          ]
      }
  }
}
