import ArgumentParser
import Attachment
import Experiments
import Foundation
import Studies

/// `rtl sweep`: what settings are worth, or what becomes of masks up to a high sparsity.
struct SweepCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Run a config with several values of its keys, or on to a high sparsity.",
    discussion: """
      Example: rtl sweep demo --vary prune_count=1024,2048 --vary epochs_per_round=1,3 --seeds 3
      Example: rtl sweep demo --vary criterion=magnitude,movement,taylor,random
      Example: rtl sweep collapse.yaml --to 0.99 --seeds 3
      Example: rtl sweep demo --vary prune_count=1024,2048 --report

      Every combination of the values, over the seeds, one run after the other. What has finished is \
      not run again, what was interrupted goes on, bit for bit; Ctrl-C saves the present run. Several \
      of these commands can share a runs folder: each takes what no other is working on.

      The table is written to sweep-….md, .csv and .json in the runs folder whenever a run ends, the \
      main effects as a picture to .svg. With --to the course of quality and overlap is written, too, \
      with a picture for each run (rtl collapse); docs/experiments.md explains the columns.
      """)

  @Argument(help: ArgumentHelp("A config file, or an embedded config: demo.", valueName: "config"))
  var configName: String

  @Option(
    name: .customLong("vary"), parsing: .singleValue,
    help: ArgumentHelp(
      "A key and the values to try, e.g. extraction.prune_count=512,1024; may be repeated.",
      valueName: "key=a,b,…"))
  var factors: [String] = []

  @Option(
    name: .customLong("to"),
    help: ArgumentHelp("Prune on to this sparsity, e.g. 0.99.", valueName: "sparsity"))
  var goal: Double?

  @Option(help: "How many seeds, from 1 on.")
  var seeds = 1

  @Flag(help: "Run nothing: write and print the table of what is there.")
  var report = false

  @OptionGroup var changes: ChangesOption
  @OptionGroup var runs: RunsOption
  @OptionGroup var threads: ThreadsOption

  mutating func validate() throws {
    guard (1...1000).contains(seeds) else {
      throw ValidationError("--seeds \(seeds): expected a number from 1 to 1000")
    }
    if let goal, !(goal > 0 && goal < 1) {
      throw ValidationError("--to \(goal): expected a sparsity above 0 and below 1")
    }
    if factors.isEmpty, goal == nil {
      throw ValidationError("nothing to sweep: expected --vary KEY=VALUE,VALUE,… or --to SPARSITY")
    }
  }

  @MainActor
  mutating func run() async throws {
    let source = try ConfigurationSource.find(configName)
    let plan = try SweepPlan(
      factors: try factors.map(SweepFactor.init), seedCount: seeds, goal: goal,
      overrides: changes.overrides
    ) { try source.load(overrides: $0).config }
    let files = SweepFiles(
      plan: plan, runsFolder: runs.folder, threads: threads.count, command: wayOn)
    try files.checkConfigs()
    guard !report else {
      return try QueueSession.report(on: plan.runs, runsFolder: runs.folder, wayOn: wayOn) {
        try Self.finish(files)
      }
    }
    try await QueueSession.carryOut(
      plan.runs, runsFolder: runs.folder, threads: threads.count, wayOn: wayOn,
      save: { _ = try files.write() }, finish: { try Self.finish(files) })
  }

  /// Writes the reports' files and prints their tables.
  private static func finish(_ files: SweepFiles) throws {
    let paths = try files.write()
    print(try files.report().tables)
    if let study = try files.collapse() { print(CollapseReport(study).table) }
    print("written: \(paths.joined(separator: ", "))")
  }

  /// The command line that goes on with this one.
  private var wayOn: String {
    var words = ["rtl", "sweep", configName]
    for factor in factors { words += ["--vary", factor] }
    if let goal { words += ["--to", "\(goal)"] }
    if seeds != 1 { words += ["--seeds", "\(seeds)"] }
    if runs.folder != RunsOption.standardFolder { words += ["--runs", runs.folder] }
    if let count = threads.requested { words += ["--threads", "\(count)"] }
    for change in changes.overrides { words += ["--set", change] }
    return words.map(WayBack.quoted).joined(separator: " ")
  }
}
