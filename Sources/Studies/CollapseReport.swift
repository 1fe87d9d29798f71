internal import Experiments
internal import Foundation

/// A study of alarms for people and for programs.
public struct CollapseReport: Sendable {
  /// What it tells of.
  public let study: CollapseStudy

  /// The report of a study.
  public init(_ study: CollapseStudy) {
    self.study = study
  }

  // MARK: - Markdown

  /// The table of the criteria, and what its words mean.
  public var markdown: String {
    let rule = study.rule
    let runs = study.sources.map(\.run).joined(separator: ", ")
    return """
      ## When the alarm is given

      Runs: \(runs).

      \(table)
      Quality counts as fallen from the round on from which a subnetwork's score stays below its own best
      by \(Percent.text(rule.lostShare)) of what the best is above chance (in dB: by \
      \(MarkdownTable.decimal(rule.lostDecibels, 1))). An alarm is true if the
      fall comes in its round or in one of the \(rule.horizon) after it, false if none comes so soon; a fall \
      is missed without an
      alarm, or with one that comes after it. `lead` is in rounds, over the true alarms; `healthy` is the
      highest figure of a subnetwork more than \(rule.horizon) rounds before its fall, or without one.

      \(meanings)
      ## By subnetwork

      \(subnetworkTable)
      """
  }

  /// The table of the criteria alone.
  public var table: String {
    MarkdownTable.text(
      ["criterion", "limit", "subnetworks", "fell", "true", "false", "missed", "lead", "healthy"],
      study.lines.map { line in
        [
          line.criterion.key, MarkdownTable.decimal(line.criterion.limit, 3),
          "\(line.subnetworks)", "\(line.falls)", "\(line.trueAlarms)", "\(line.falseAlarms)",
          "\(line.missed)", MarkdownTable.decimal(line.lead, 1),
          MarkdownTable.decimal(line.highestHealthy, 3),
        ]
      })
  }

  private var meanings: String {
    study.criteria.map { "- `\($0.key)`: \($0.meaning)\n" }.joined()
  }

  private var subnetworkTable: String {
    let outcomes = study.outcomes
    let rows = study.sources.flatMap { source in
      source.course.subnetworks.map { name -> [String] in
        let own = outcomes.filter { $0.run == source.run && $0.subnetwork == name }
        let fall = own.first?.fall.map { "\($0)" } ?? "–"
        return [source.run, name, fall] + own.map { $0.alarm.map { "\($0)" } ?? "–" }
      }
    }
    return MarkdownTable.text(
      ["run", "subnetwork", "fall"] + study.criteria.map(\.key), rows, leftAligned: 2)
  }

  // MARK: - Values

  /// The courses, unrounded: a record per run, round and subnetwork.
  public var records: [[String]] {
    [["run"] + CollapseCourse.columns]
      + study.sources.flatMap { source in source.course.records.map { [source.run] + $0 } }
  }

  /// The outcomes: a record per run, subnetwork and criterion.
  public var outcomeRecords: [[String]] {
    func text(_ value: Int?) -> String { value.map { "\($0)" } ?? "" }
    return [["run", "subnetwork", "criterion", "alarm_round", "fall_round", "lead", "verdict"]]
      + study.outcomes.map { outcome in
        let verdict =
          outcome.isTrue
          ? "true" : outcome.isFalse ? "false" : outcome.isMissed ? "missed" : "quiet"
        return [
          outcome.run, outcome.subnetwork, outcome.criterion, text(outcome.alarm),
          text(outcome.fall), text(outcome.lead), verdict,
        ]
      }
  }
}
