import ArgumentParser
import Experiments
import Foundation
import LotteryEngine
import Studies

/// Which images calibrate; shared by the verbs that need a calibration.
struct SplitOption: ParsableArguments {
  @Option(
    name: .customLong("split"),
    help: ArgumentHelp(
      "The images that calibrate: calibration (set aside by dataset.calibration_fraction) or test-half.",
      valueName: "images"),
    transform: Self.split(named:))
  var split = CalibrationReport.Split.calibration

  private static func split(named text: String) throws -> CalibrationReport.Split {
    guard let split = CalibrationReport.Split(rawValue: text) else {
      let names = CalibrationReport.Split.allCases.map(\.rawValue).joined(separator: " or ")
      throw ValidationError("found '\(text)', expected \(names)")
    }
    return split
  }
}

/// `rtl calibrate`: scores that come true, and thresholds, for a run's retrained subnetworks.
struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Calibrate a run's retrained subnetworks: temperature and threshold of each.",
    discussion: """
      Fits them on images that no training touched, and judges before and after on the test images. Writes \
      tables, figures and a reliability diagram to the run's folder analysis/, from which rtl predict and \
      the workbench take them.

      Example: rtl calibrate demo --recall 0.8
      """)

  @Argument(help: ArgumentHelp("The run's name.", valueName: "run"))
  var runName: String

  @OptionGroup var runs: RunsOption
  @OptionGroup var threads: ThreadsOption
  @OptionGroup var split: SplitOption

  @Option(help: "Choose thresholds for this recall, above 0 and up to 1 (default: the best F1).")
  var recall: Double?

  @Flag(help: "Print JSON.")
  var json = false

  mutating func validate() throws {
    if let recall, !(recall > 0 && recall <= 1) {
      throw ValidationError("--recall \(recall): expected a number above 0 and up to 1")
    }
  }

  mutating func run() throws {
    let stored = try StoredRun.open(runName, in: runs.folder)
    let progress = AnalysisProgress("calibrated")
    let report = try stored.calibrate(
      split.split, recall: recall, threads: threads.count, progress: { progress.tell($0, of: $1) })
    let text = try ExperimentJSON.pretty(report) + "\n"
    let paths = try stored.directory.writeAnalysis([
      ("calibration.md", report.markdown), ("calibration.csv", CSV.text(report.records)),
      ("calibration.svg", report.reliabilityDiagram), ("calibration.json", text),
    ])
    if json {
      print(text, terminator: "")
    } else {
      print(Printable.message(report.summary))
      for path in paths { print(Printable.line(path)) }
    }
  }
}
