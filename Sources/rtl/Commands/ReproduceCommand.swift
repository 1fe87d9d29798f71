import ArgumentParser
import Attachment
import Experiments
import Foundation
import Studies

/// `rtl reproduce`: a table of the paper, computed again.
struct ReproduceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce",
    abstract: "Compute a table of the paper again: all its methods, over several seeds.",
    discussion: """
      Example: rtl reproduce cifar10 --quick
      Example: rtl reproduce cifar10 --seeds 3 --methods rtl,imp_single,imp_multiple
      Example: rtl reproduce cifar10 --methods ablation
      Example: rtl reproduce cifar10 --report

      One run after the other, named cifar10-METHOD-SEED. What has finished is not run again, what was \
      interrupted goes on, bit for bit; Ctrl-C saves the present run. The present run is an ordinary \
      one: rtl attach, watch, status and ctl work on it. Several of these commands can share a runs \
      folder: each takes what no other is working on.

      The table is written to reproduce-cifar10.md, .csv and .json in the runs folder, with the \
      paper's figures beside ours; docs/experiments.md says what the rows mean.

      Methods: \(Reproduction.cifar10.methods.map(\.label).joined(separator: ", ")). Group \
      'ablation': \(Reproduction.cifar10.ablation.map(\.label).joined(separator: ", ")).
      """)

  @Argument(help: ArgumentHelp("The table: cifar10.", valueName: "table"))
  var name: String

  @Flag(help: "Smaller settings: a method within minutes, and worse.")
  var quick = false

  @Option(help: "How many seeds, from 1 on (default: 1).")
  var seeds: Int?

  @Option(
    help: ArgumentHelp(
      "Only these methods or groups (default: all methods).", valueName: "a,b,…"))
  var methods: String?

  @Option(
    name: .customLong("data"),
    help: """
      The folder of the data, or the one that holds cifar-10-batches-bin (default: data, or RTL_DATA).
      """)
  var dataFolder: String?

  @Flag(help: "Run nothing: write and print the table of what is there.")
  var report = false

  @OptionGroup var changes: ChangesOption
  @OptionGroup var runs: RunsOption
  @OptionGroup var threads: ThreadsOption

  mutating func validate() throws {
    if let seeds, !(1...1000).contains(seeds) {
      throw ValidationError("--seeds \(seeds): expected a number from 1 to 1000")
    }
  }

  @MainActor
  mutating func run() async throws {
    guard let reproduction = Reproduction.all.first(where: { $0.name == name }) else {
      throw StudyError.unknownReproduction(name, known: Reproduction.all.map(\.name))
    }
    let plan = try ReproductionPlan(
      reproduction,
      rows: methods?.split(separator: ",", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      },
      seedCount: seeds ?? 1, isQuick: quick, settings: settings(of: reproduction))
    let files = ReproductionFiles(
      plan: plan, runsFolder: runs.folder, threads: threads.count, command: wayOn)
    try files.checkConfigs()
    guard !report else {
      return try QueueSession.report(
        on: plan.runs, runsFolder: runs.folder, hasOthers: try files.hasOtherRuns, wayOn: wayOn
      ) { try Self.finish(files) }
    }
    try await QueueSession.carryOut(
      plan.runs, runsFolder: runs.folder, threads: threads.count, wayOn: wayOn,
      save: { _ = try files.write(files.report()) }, finish: { try Self.finish(files) })
  }

  /// Writes the report's files and prints its tables.
  private static func finish(_ files: ReproductionFiles) throws {
    let report = try files.report()
    let paths = try files.write(report)
    print(report.tables)
    print("written: \(paths.joined(separator: ", "))")
  }

  private func settings(of reproduction: Reproduction) -> ReproductionPlan.Settings {
    ReproductionPlan.Settings(
      yaml: String(decoding: PackageResources.cifar10_paper_yaml, as: UTF8.self),
      file: "cifar10-paper.yaml (embedded)",
      dataFolder: Self.absolute(dataFolder.map(Self.cifarFolder) ?? Self.standardDataFolder),
      overrides: changes.overrides, runsFolder: Self.absolute(runs.folder))
  }

  /// The folder of the files: the one that is named, or CIFAR's own in it.
  private static func cifarFolder(_ path: String) -> String {
    let own = path + "/cifar-10-batches-bin"
    return FileManager.default.fileExists(atPath: own) ? own : path
  }

  /// `data` in the working folder, or the like below `RTL_DATA`.
  private static var standardDataFolder: String {
    FileManager.default.fileExists(atPath: "data")
      ? cifarFolder("data") : DataFolder.place(of: "data/cifar-10-batches-bin")
  }

  private static func absolute(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.path
  }

  /// The command line that goes on with this one.
  private var wayOn: String {
    var words = ["rtl", "reproduce", name]
    if quick { words.append("--quick") }
    if let seeds { words += ["--seeds", "\(seeds)"] }
    if let methods { words += ["--methods", methods] }
    if let dataFolder { words += ["--data", dataFolder] }
    if runs.folder != RunsOption.standardFolder { words += ["--runs", runs.folder] }
    if let count = threads.requested { words += ["--threads", "\(count)"] }
    for change in changes.overrides { words += ["--set", change] }
    return words.map(WayBack.quoted).joined(separator: " ")
  }
}
