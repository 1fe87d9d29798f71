import Experiments
import Foundation
import Studies

/// The runs of a sweep in their folder, and the reports made of them.
struct SweepFiles: Sendable {
  let plan: SweepPlan
  let runsFolder: String
  let threads: Int
  /// The command line that makes the report.
  let command: String

  private var folder: PlannedFolder { PlannedFolder(runsFolder: runsFolder) }

  /// Makes sure that no run of the plan is there with another config.
  /// - Throws: `StudyError.otherConfig` for the first, `ExperimentError` for one that cannot be read.
  func checkConfigs() throws { try folder.checkConfigs(plan.runs) }

  /// The report of what is there.
  /// - Throws: `ExperimentError` for a config that cannot be read.
  func report() throws -> SweepReport {
    let sources = try plan.runs.map(folder.source(of:))
    return SweepReport(
      title: "Sweep of \(plan.base.name)" + (plan.goal.map { " to \($0)" } ?? ""),
      facts: PlannedFolder.facts(
        command: command, threads: threads, sources: sources, seeds: plan.seeds),
      settings: plan.runs.first?.config.yaml() ?? "",
      table: SweepTable(plan, sources: sources))
  }

  /// When alarms were given, over the runs that have compared masks; `nil` unless pruning is driven on.
  /// - Throws: `ExperimentError` for a log that cannot be read.
  func collapse() throws -> CollapseStudy? {
    guard plan.goal != nil else { return nil }
    return CollapseStudy(
      try plan.runs.compactMap { run in
        guard RunStanding.of(run.name, in: runsFolder) != .absent else { return nil }
        let directory = try RunDirectory.open(run.name, in: runsFolder, suggests: false)
        guard FileManager.default.fileExists(atPath: directory.eventsPath) else { return nil }
        let course = try CollapseCourse(of: directory)
        return course.rounds.isEmpty ? nil : CollapseStudy.Source(run: run.name, course: course)
      })
  }

  /// Writes Markdown, CSV, JSON and the picture of the main effects; of a sweep to a sparsity also the course,
  /// with tables and a picture in every run.
  /// - Returns: the paths.
  /// - Throws: `ExperimentError` if one cannot be written, or a run cannot be read.
  func write() throws -> [String] {
    let report = try report()
    var paths = try folder.write(
      [
        ("md", report.markdown), ("csv", CSV.text(report.records)),
        ("json", try ExperimentJSON.pretty(report) + "\n"),
      ] + (report.effectsSVG.map { [("svg", $0)] } ?? []), name: plan.reportName)
    guard let study = try collapse(), !study.sources.isEmpty else { return paths }
    let course = CollapseReport(study)
    paths += try folder.write(
      [
        ("collapse.md", course.markdown), ("collapse.csv", CSV.text(course.records)),
        ("alarms.csv", CSV.text(course.outcomeRecords)),
      ], name: plan.reportName)
    for source in study.sources {
      paths += try CollapseReport(CollapseStudy([source])).write(into: runsFolder)
    }
    return paths
  }
}

extension CollapseReport {
  /// Writes the report of one run to its folder of what was found out: tables, figures and picture.
  /// - Returns: the paths.
  /// - Throws: `ExperimentError` if one cannot be written.
  func write(into runsFolder: String) throws -> [String] {
    try study.sources.flatMap { source in
      try RunDirectory.open(source.run, in: runsFolder).writeAnalysis([
        ("collapse.md", markdown), ("collapse.csv", CSV.text(records)),
        (
          "collapse.svg",
          CollapseFigure(title: source.run, course: source.course, rule: study.rule).svg
        ),
      ])
    }
  }
}
