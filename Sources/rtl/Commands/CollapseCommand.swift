import ArgumentParser
import Experiments
import Foundation
import Studies

/// `rtl collapse`: quality and overlap over the sparsity of recorded runs, and when alarms are given.
struct CollapseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collapse",
    abstract: "Show how quality and overlap went with sparsity, and when an alarm would have come.",
    discussion: """
      Example: rtl collapse demo
      Example: rtl collapse demo -o collapse.svg
      Example: rtl collapse first second third -o rounds.csv
      Example: rtl collapse first --limit rise=0.03 --limit layer=0.2

      Reads recorded runs, also ones that go on. FILE.svg is a picture with a panel per subnetwork \
      (one run), FILE.csv has every round and subnetwork, FILE.md the tables of alarms; of one run all \
      three go to its folder analysis/ where no FILE is given. Criteria: \
      \(CollapseCriterion.all.map { "\($0.key) (\($0.meaning))" }.joined(separator: "; ")).
      """)

  @Argument(help: ArgumentHelp("The runs' names.", valueName: "run"))
  var names: [String]

  @Option(name: .shortAndLong, help: "The file to write: .svg, .csv or .md.")
  var output: String?

  @OptionGroup var force: ForceOption

  @Option(
    name: .customLong("limit"), parsing: .singleValue,
    help: ArgumentHelp(
      "Another limit of a criterion; may be repeated.", valueName: "criterion=number"))
  var limits: [String] = []

  @Option(help: "The share of what is above chance whose loss counts as a fall.")
  var lostShare = CollapseRule().lostShare

  @Option(help: "How many rounds before the fall an alarm may come to be about it.")
  var horizon = CollapseRule().horizon

  @OptionGroup var runs: RunsOption

  func validate() throws {
    guard lostShare > 0, lostShare < 1 else {
      throw ValidationError("--lost-share \(lostShare): expected a number above 0 and below 1")
    }
    guard (0...10_000).contains(horizon) else {
      throw ValidationError("--horizon \(horizon): expected a number from 0 to 10000")
    }
  }

  mutating func run() throws {
    let ending = output.map { ($0 as NSString).pathExtension.lowercased() }
    if let output, let ending, !["svg", "csv", "md"].contains(ending) {
      throw UsageError("\(output): found the ending '\(ending)', expected .svg, .csv or .md")
    }
    if ending == "svg", names.count > 1 {
      throw UsageError("-o: a picture is of one run, found \(names.count)")
    }
    try force.check([output].compactMap(\.self))
    guard Set(names).count == names.count else {
      throw UsageError("a run is named twice; each counts once")
    }
    var rule = CollapseRule()
    (rule.lostShare, rule.horizon) = (lostShare, horizon)
    let sources = try names.map { name in
      let course = try CollapseCourse(of: RunDirectory.open(name, in: runs.folder))
      guard !course.rounds.isEmpty else {
        throw UsageError("\(name): no round has compared its masks yet")
      }
      guard course.subnetworks.count > 1 else {
        throw UsageError("\(name): one subnetwork has nothing to overlap with")
      }
      return CollapseStudy.Source(run: name, course: course)
    }
    let study = CollapseStudy(
      sources, criteria: try CollapseCriterion.all(limits: limits), rule: rule)
    let report = CollapseReport(study)
    guard let output else {
      print(Printable.message(report.markdown), terminator: "")
      if names.count == 1 {
        for path in try report.write(into: runs.folder) { print(Printable.line(path)) }
      }
      return
    }
    let text =
      switch ending {
      case "svg": CollapseFigure(title: names[0], course: sources[0].course, rule: rule).svg
      case "csv": CSV.text(report.records)
      default: report.markdown
      }
    try ExperimentFiles.writeOutput(Data(text.utf8), to: output)
    print(Printable.message(report.table), terminator: "")
    print(Printable.line("written: \(output)"))
  }
}
