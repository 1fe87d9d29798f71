import Experiments
import Foundation
import Studies

/// The runs of a reproduction in their folder, and the report made of them.
struct ReproductionFiles {
  let plan: ReproductionPlan
  let runsFolder: String
  let threads: Int
  /// The command line that makes the report.
  let command: String

  private var folder: PlannedFolder { PlannedFolder(runsFolder: runsFolder) }

  /// Makes sure that no run of the plan is there with another config.
  /// - Throws: `StudyError.otherConfig` for the first, `ExperimentError` for one that cannot be read.
  func checkConfigs() throws { try folder.checkConfigs(plan.runs) }

  // MARK: - The report

  /// The report of what is there: of the plan, and of other rows and seeds with the same settings.
  /// - Throws: `ExperimentError` for a folder or a config that cannot be read.
  func report() throws -> ReproductionReport {
    let asked = try plan.runs.map { run in (run: run, source: try folder.source(of: run)) }
    let others = try otherRuns().map { run in (run: run, source: try folder.source(of: run)) }
    let order = plan.reproduction.rows.map(\.label)
    let all = (asked + others).sorted {
      let places = (order.firstIndex(of: $0.run.label), order.firstIndex(of: $1.run.label))
      return (places.0 ?? 0, $0.run.seed) < (places.1 ?? 0, $1.run.seed)
    }
    let labels = Set(all.map(\.run.label))
    let rows = plan.reproduction.rows.filter { labels.contains($0.label) }
    return ReproductionReport(
      title: plan.reproduction.title + (plan.isQuick ? " (quick settings)" : ""),
      facts: PlannedFolder.facts(
        command: command, threads: threads, sources: all.map(\.source),
        seeds: Set(all.map(\.run.seed)).sorted()), rows: rows,
      settings: settings, table: ReproductionTable(rows: rows, sources: all.map(\.source)))
  }

  /// Whether there are runs that the plan does not ask for and that belong to the table.
  var hasOtherRuns: Bool { get throws { try !otherRuns().isEmpty } }

  /// Writes Markdown, CSV and JSON.
  /// - Returns: their paths.
  /// - Throws: `ExperimentError.file` if one cannot be written.
  func write(_ report: ReproductionReport) throws -> [String] {
    try folder.write(
      [
        ("md", report.markdown), ("csv", CSV.text(report.records)),
        ("json", try ExperimentJSON.pretty(report) + "\n"),
      ], name: plan.reportName)
  }

  /// Runs that the plan does not ask for and that belong to the table.
  private func otherRuns() throws -> [PlannedRun] {
    let asked = Set(plan.runs.map(\.name))
    return try RunDirectory.list(in: runsFolder).compactMap { directory in
      guard directory.name.hasPrefix(plan.prefix), !asked.contains(directory.name) else {
        return nil
      }
      let parts = directory.name.dropFirst(plan.prefix.count)
      guard let dash = parts.lastIndex(of: "-"),
        let seed = UInt64(parts[parts.index(after: dash)...]),
        let row = plan.reproduction.row(String(parts[..<dash]))
      else { return nil }
      return try plan.run(row, seed: seed)
    }
  }

  /// What all rows share; the rest is named row by row.
  private var settings: String {
    plan.base.yaml().split(separator: "\n", omittingEmptySubsequences: false)
      .filter { line in !["name:", "seed:", "method:"].contains { line.hasPrefix($0) } }
      .joined(separator: "\n")
  }
}
