internal import Experiments
internal import Foundation

/// A sweep's table with the circumstances it was made in, for people and for programs.
public struct SweepReport: Sendable, Encodable {
  /// What it is about.
  public let title: String
  /// The circumstances.
  public let facts: [ReproductionReport.Fact]
  /// The settings of the first combination, as YAML.
  public let settings: String
  /// The figures.
  public let table: SweepTable

  /// A report.
  public init(
    title: String, facts: [ReproductionReport.Fact], settings: String, table: SweepTable
  ) {
    self.title = title
    self.facts = facts
    self.settings = settings
    self.table = table
  }

  /// Comma-separated values, unrounded: a header and a record per run and target.
  public var records: [[String]] {
    let header =
      ["run", "seed"] + table.factors.map(\.key) + ["target", "metric"] + SweepFigure.all.map(\.key)
    return [header]
      + table.lines.map { line in
        ["\(line.run)", "\(line.seed)"] + line.values
          + ["\(line.target)", table.metric?.rawValue ?? ""]
          + SweepFigure.all.map { MarkdownTable.unrounded(line.figures[$0.key]) }
      }
  }

  // MARK: - Markdown

  /// The whole report.
  public var markdown: String {
    var text = "# \(title)\n\n"
    for fact in facts { text += "- \(fact.name): \(fact.value)\n" }
    return text + "\n" + tables + "\n## Settings\n\nThose of the first combination, seed 1:\n\n"
      + "```yaml\n\(settings)```\n"
  }

  /// The tables, the recommendation, and what is missing; what is printed at the end.
  public var tables: String {
    var text = "## Runs\n\n" + runTable
    if !table.effects.isEmpty {
      text += "\n## Main effects\n\n" + effectTable
      text += "\nMean ± standard deviation over the settings with this value, each the mean of its "
      text += "seeds: what the other factors\nmake of it is in the ±.\n"
    }
    if !table.factors.isEmpty { text += "\n## Recommended\n\n" + recommendation + "\n" }
    if !table.gaps.isEmpty {
      text += "\n## Missing\n\n"
      for gap in table.gaps {
        let targets = gap.targets.map(Percent.text).joined(separator: ", ")
        text += "- \(gap.run)" + (targets.isEmpty ? "" : " (\(targets))") + ": \(gap.reason)\n"
      }
    }
    return text
  }

  var scoreTitle: String {
    guard let metric = table.metric else { return "score" }
    return metric.title + metric.unit
  }

  var places: Int { table.metric?.decimals ?? 3 }

  private var runTable: String {
    let isClassifier = table.metric == .balancedAccuracy
    let header =
      (table.factors.isEmpty ? ["run"] : table.factors.map(\.ownName))
      + ["seed", "sparsity", scoreTitle] + (isClassifier ? ["precision", "recall", "F1"] : [])
      + ["union", "mean J", "J − chance", "hours"]
    let rows = table.lines.map { line -> [String] in
      func figure(_ key: String, _ places: Int) -> String {
        MarkdownTable.decimal(line.figures[key], places)
      }
      return (table.factors.isEmpty ? [line.run] : line.values)
        + ["\(line.seed)", Percent.text(line.target), figure("score", places)]
        + (isClassifier ? ["precision", "recall", "f1"].map { figure($0, 3) } : [])
        + [
          MarkdownTable.thousands(line.figures["union_parameters"]), figure("mean_jaccard", 3),
          figure("excess", 3), figure("hours", 2),
        ]
    }
    return MarkdownTable.text(header, rows, leftAligned: max(1, table.factors.count))
  }

  private var effectTable: String {
    MarkdownTable.text(
      ["factor", "value", "sparsity", "settings", scoreTitle, "mean J", "J − chance"],
      table.effects.map { effect in
        [
          effect.key, effect.value, Percent.text(effect.target), "\(effect.score.count)",
          MarkdownTable.decimal(effect.score, places),
          MarkdownTable.decimal(effect.meanJaccard, 3), MarkdownTable.decimal(effect.excess, 3),
        ]
      }, leftAligned: 2)
  }

  /// The best setting in words, with how far it stands out.
  public var recommendation: String {
    guard let best = table.ranking.first else {
      return "None yet: no setting has been judged at all of its targets with all seeds."
    }
    func named(_ standing: SweepTable.Standing) -> String {
      let words = zip(table.factors, standing.values).map { "\($0.key)=\($1)" }
      return words.map { "`\($0)`" }.joined(separator: " ")
    }
    func score(_ standing: SweepTable.Standing) -> String {
      MarkdownTable.decimal(standing.score, places)
    }
    let targets = table.commonTargets.map(Percent.text).joined(separator: ", ")
    let seeds = best.score.count == 1 ? "one seed" : "\(best.score.count) seeds"
    var text = "\(named(best)): \(scoreTitle) \(score(best)), the mean over \(targets), \(seeds)."
    text += " It is chosen by the images that judge it, so its score flatters a little."
    guard table.ranking.count > 1 else { return text }
    let next = table.ranking[1]
    let gap = best.score.mean - next.score.mean
    text += " Next is \(named(next)) with \(score(next)): "
    let difference = MarkdownTable.decimal(gap, places)
    text +=
      difference == MarkdownTable.decimal(0, places) ? "as good as the same" : "\(difference) less"
    guard let spread = best.score.deviation, let other = next.score.deviation else {
      return text + ". With one seed nothing is known of the spread: more may turn it round."
    }
    let noise = ((spread * spread + other * other) / Double(best.score.count)).squareRoot()
    return text
      + (gap > 2 * noise
        ? ", more than twice the standard error of that difference "
        : ", which is within twice the standard error of that difference ")
      + "(\(MarkdownTable.decimal(noise, places)))"
      + (gap > 2 * noise ? "." : ": the two cannot be told apart.")
  }
}
