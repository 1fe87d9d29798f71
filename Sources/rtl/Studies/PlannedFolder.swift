import Experiments
import Foundation
import LotteryEngine
import Studies

/// The runs of a plan in the folder where they are, and the reports that are written beside them.
struct PlannedFolder {
  let runsFolder: String

  /// Makes sure that no run of the plan is there with another config.
  /// - Throws: `StudyError.otherConfig` for the first, `ExperimentError` for one that cannot be read.
  func checkConfigs(_ runs: [PlannedRun]) throws {
    for run in runs {
      if let difference = try difference(of: run) {
        throw StudyError.otherConfig(run: run.name, folder: runsFolder, difference)
      }
    }
  }

  /// What is known of a run of the plan.
  /// - Throws: `ExperimentError` for a config that cannot be read.
  func source(of run: PlannedRun) throws -> ReproductionTable.Source {
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

  /// Writes a report in several forms.
  /// - Parameter texts: endings and texts.
  /// - Returns: the paths.
  /// - Throws: `ExperimentError.file` if one cannot be written.
  func write(_ texts: [(ending: String, text: String)], name: String) throws -> [String] {
    _ = try ExperimentFiles.makeFolder(runsFolder)
    // Commands that share the folder may come to their reports at the same time.
    return try ExperimentFiles.withLock(onFolder: runsFolder) {
      try texts.map { ending, text in
        let path = "\(runsFolder)/\(name).\(ending)"
        try ExperimentFiles.writeAtomically(Data(text.utf8), to: path)
        return path
      }
    }
  }

  private func difference(of run: PlannedRun) throws -> ConfigDifference? {
    guard RunStanding.of(run.name, in: runsFolder) != .absent else { return nil }
    let directory = try RunDirectory.open(run.name, in: runsFolder)
    return ConfigDifference(found: try directory.resolvedConfig(), expected: run.config)
  }

  // MARK: - The circumstances

  /// Command, program, machine, instruction sets, seeds and date.
  static func facts(
    command: String, threads: Int, sources: [ReproductionTable.Source], seeds: [UInt64]
  ) -> [ReproductionReport.Fact] {
    let sets = Set(sources.compactMap { $0.figures?.computedWith }).sorted()
    return [
      .init("command", "`\(command)`"),
      .init("report written by", "rtl \(ProgramVersion.build)"),
      .init(
        "report written on", "\(processor), \(processors) processors; threads: \(threads)"),
      .init("computed with", sets.isEmpty ? "nothing yet" : sets.joined(separator: "; ")),
      .init("seeds", seeds.map { "\($0)" }.joined(separator: ", ")),
      .init("date", Date().formatted(.iso8601)),
    ]
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
