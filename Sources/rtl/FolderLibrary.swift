import Attachment
import Catalogue
import Experiments
import Foundation
import Studies

/// The runs of a runs folder for the workbench, through the catalogue.
struct FolderLibrary: RunLibrary {
  /// The folder, which may not exist yet.
  let runsFolder: String

  /// A condition as `rtl runs --where` takes it, or a part of a name; the newest runs come first.
  func runs(matching text: String) async throws -> [RunListing] {
    let text = text.trimmingCharacters(in: .whitespaces)
    let isCondition = text.contains { "=<>~!()'\"".contains($0) } || text.contains(" like ")
    let filter: RunFilter?
    do {
      filter = isCondition ? try RunFilter(parsing: text) : nil
    } catch CatalogueError.expression(_, let column, let found, let expected, let nearest) {
      throw RunQueryError(
        column: column,
        description: "column \(column): found \(found), expected \(expected)"
          + (nearest.map { "; did you mean '\($0)'?" } ?? ""))
    }
    let order = try RunOrder(by: "started_at", isDescending: true)
    return try RunCatalogue(runsFolder: runsFolder).runs(where: filter, order: order)
      .filter { isCondition || text.isEmpty || $0.name.localizedCaseInsensitiveContains(text) }
      .map(listing)
  }

  private func listing(_ entry: CatalogueEntry) -> RunListing {
    let directory = try? RunDirectory.open(entry.name, in: runsFolder, suggests: false)
    return RunListing(
      name: entry.name, state: RunState(rawValue: entry["state"].plainText) ?? .failed,
      isLive: directory.map { RunLock.holder(of: $0) != nil } ?? false,
      rounds: Int(entry["rounds"].double ?? 0),
      sparsity: entry["sparsity"].double, quality: entry.quality,
      meanJaccard: entry["mean_jaccard"].double, startedAt: entry["started_at"].double,
      tags: entry["tag"].plainText.split(separator: " ").map(String.init))
  }

  func open(_ run: String) async throws -> any ExperimentRunner {
    let directory = try RunDirectory.open(run, in: runsFolder)
    guard RunLock.holder(of: directory) != nil else { return ReplayRunner(directory) }
    let wayBack = WayBack(run: run, runsFolder: runsFolder)
    do {
      return try await AttachedRunner.attach(to: directory, role: .control, wayBack: wayBack)
    } catch AttachmentError.controlled {
      return try await AttachedRunner.attach(to: directory, role: .watch, wayBack: wayBack)
    } catch AttachmentError.noEngine {
      // It has ended in this moment, or nobody can attach to it.
      return ReplayRunner(directory)
    }
  }

  func read<Value>(_ run: String, into fold: inout EventFold<Value>) throws -> Bool {
    try fold.read(RunDirectory.open(run, in: runsFolder).eventsPath)
  }

  func configuration(of run: String) -> [(key: String, value: String)] {
    (try? RunDirectory.open(run, in: runsFolder).resolvedConfig().values) ?? []
  }

  func analysis(of run: String) throws -> RunAnalysis {
    try RunAnalysis(of: RunDirectory.open(run, in: runsFolder))
  }

  func course(beforeBranch run: String) throws -> CollapseCourse? {
    guard let origin = try RunDirectory.open(run, in: runsFolder).origin(),
      let other = try? RunDirectory.open(origin.run, in: runsFolder, suggests: false)
    else { return nil }
    return try CollapseCourse(of: other)
  }
}
