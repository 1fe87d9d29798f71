import Catalogue
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

  /// Makes sure that no run of the plan is there with another config.
  /// - Throws: `StudyError.otherConfig` for the first, `ExperimentError` for one that cannot be read.
  func checkConfigs() throws {
    for run in plan.runs {
      if let difference = try difference(of: run) {
        throw StudyError.otherConfig(run: run.name, folder: runsFolder, difference)
      }
    }
  }

  private func difference(of run: PlannedRun) throws -> ConfigDifference? {
    guard RunStanding.of(run.name, in: runsFolder) != .absent else { return nil }
    let directory = try RunDirectory.open(run.name, in: runsFolder)
    return ConfigDifference(found: try directory.resolvedConfig(), expected: run.config)
  }

  // MARK: - The report

  /// The report of what is there: of the plan, and of other rows and seeds with the same settings.
  /// - Throws: `ExperimentError` for a folder or a config that cannot be read.
  func report() throws -> ReproductionReport {
    let asked = try plan.runs.map { run in (run: run, source: try source(of: run)) }
    let others = try otherRuns().map { run in (run: run, source: try source(of: run)) }
    let order = plan.reproduction.rows.map(\.label)
    let all = (asked + others).sorted {
      let places = (order.firstIndex(of: $0.run.label), order.firstIndex(of: $1.run.label))
      return (places.0 ?? 0, $0.run.seed) < (places.1 ?? 0, $1.run.seed)
    }
    let labels = Set(all.map(\.run.label))
    let rows = plan.reproduction.rows.filter { labels.contains($0.label) }
    return ReproductionReport(
      title: plan.reproduction.title + (plan.isQuick ? " (quick settings)" : ""),
      facts: facts(all.map(\.source), seeds: Set(all.map(\.run.seed)).sorted()), rows: rows,
      settings: settings, table: ReproductionTable(rows: rows, sources: all.map(\.source)))
  }

  /// Writes Markdown, CSV and JSON.
  /// - Returns: their paths.
  /// - Throws: `ExperimentError.file` if one cannot be written.
  func write(_ report: ReproductionReport) throws -> [String] {
    _ = try ExperimentFiles.makeFolder(runsFolder)
    let texts = [
      ("md", report.markdown), ("csv", CSV.text(report.records)),
      ("json", try ExperimentJSON.pretty(report) + "\n"),
    ]
    // Commands that share the folder may come to their reports at the same time.
    return try ExperimentFiles.withLock(onFolder: runsFolder) {
      try texts.map { ending, text in
        let path = "\(runsFolder)/\(plan.reportName).\(ending)"
        try ExperimentFiles.writeAtomically(Data(text.utf8), to: path)
        return path
      }
    }
  }

  private func source(of run: PlannedRun) throws -> ReproductionTable.Source {
    let standing = RunStanding.of(run.name, in: runsFolder)
    if let difference = try difference(of: run) {
      return ReproductionTable.Source(
        run: run.name, label: run.label, targets: [], figures: nil,
        gap: "left out, as it was made with another config: \(difference.description)")
    }
    // A run that was only just begun has no log; it is a gap as one that is not there.
    let figures = (try? RunDirectory.open(run.name, in: runsFolder, suggests: false)).flatMap {
      try? RunFigures(of: $0)
    }
    return ReproductionTable.Source(
      run: run.name, label: run.label, targets: run.config.targets, figures: figures,
      gap: standing.gap)
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

  // MARK: - The circumstances

  private func facts(
    _ sources: [ReproductionTable.Source], seeds: [UInt64]
  ) -> [ReproductionReport.Fact] {
    let sets = Set(sources.compactMap { $0.figures?.computedWith }).sorted()
    return [
      .init("command", "`\(command)`"),
      .init("report written by", "rtl \(ProgramVersion.build)"),
      .init(
        "report written on", "\(Self.processor), \(Self.processors) processors; threads: \(threads)"
      ),
      .init("computed with", sets.isEmpty ? "nothing yet" : sets.joined(separator: "; ")),
      .init("seeds", seeds.map { "\($0)" }.joined(separator: ", ")),
      .init("date", Date().formatted(.iso8601)),
    ]
  }

  /// What all rows share; the rest is named row by row.
  private var settings: String {
    plan.base.yaml().split(separator: "\n", omittingEmptySubsequences: false)
      .filter { line in !["name:", "seed:", "method:"].contains { line.hasPrefix($0) } }
      .joined(separator: "\n")
  }

  private static var processors: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// The processor's name, as the system tells it.
  private static var processor: String {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    let name = line?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces)
    return name ?? "unknown processor"
  }
}
