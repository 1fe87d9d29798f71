import ArgumentParser
import Datasets
import Experiments
import LotteryEngine

/// `rtl predict`: what a run's subnetworks say of images.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Say what images show: class, the subnetwork that decided, its score.",
    discussion: """
      Images are PNG, JPEG, PPM or PGM files of any size, or folders of them. All subnetworks are asked and \
      the surest decides; scores are calibrated once rtl calibrate has been there. What is said last is kept \
      in the run's folder analysis/, where the workbench finds it (K).

      Example: rtl predict demo pictures/ --csv
      Example: rtl predict demo cat.png --subset disc
      """)

  @Argument(help: ArgumentHelp("The run's name.", valueName: "run"))
  var runName: String

  @Argument(help: ArgumentHelp("Pictures and folders of pictures.", valueName: "image"))
  var images: [String]

  @OptionGroup var runs: RunsOption
  @OptionGroup var threads: ThreadsOption

  @Option(help: ArgumentHelp("Ask the subnetwork of this subset alone.", valueName: "name"))
  var subset: String?

  @Option(help: "The round whose retrained weights to use (default: the last retrained).")
  var round: Int?

  @Flag(help: "Print JSON.")
  var json = false

  @Flag(help: "Print comma-separated values (RFC 4180).")
  var csv = false

  mutating func validate() throws {
    guard !(json && csv) else {
      throw ValidationError("--json and --csv: expected one of them")
    }
    guard !images.isEmpty else { throw ValidationError("no image: expected at least one") }
  }

  mutating func run() throws {
    let stored = try StoredRun.open(runName, in: runs.folder)
    // Not a dataset's, so nothing is said of where those are.
    let files: [String]
    do { files = try PictureList.files(images) } catch let error as DatasetError {
      throw UsageError("\(error)")
    }
    let predictor = try ImagePredictor(
      stored, subset: subset, round: round, threads: threads.count)
    let progress = AnalysisProgress("images")
    var predictions: [ImagePrediction] = []
    var broken: [String] = []
    for start in stride(from: 0, to: files.count, by: predictor.batchSize) {
      let some = files[start..<min(start + predictor.batchSize, files.count)]
      var pictures: [(file: String, picture: Picture)] = []
      for file in some {
        do {
          pictures.append((file, predictor.reduced(try PictureFile.read(file))))
        } catch let error as DatasetError {
          broken.append("\(error)")
        }
      }
      predictions += try predictor.predict(pictures)
      progress.tell(some.endIndex, of: files.count)
    }
    let report = PredictionReport(
      run: stored.directory.name, round: predictor.round, target: predictor.target,
      isCalibrated: predictor.isCalibrated, predictions: predictions)
    try show(report)
    if !predictions.isEmpty {
      _ = try stored.directory.writeAnalysis([
        ("predictions.csv", CSV.text(report.records)),
        ("predictions.json", try ExperimentJSON.pretty(report) + "\n"),
      ])
    }
    for reason in broken { ErrorReport.write("rtl: \(reason)") }
    if !broken.isEmpty {
      throw UsageError("\(broken.count) of \(files.count) image(s) cannot be read")
    }
  }

  private func show(_ report: PredictionReport) throws {
    if json { return print(try ExperimentJSON.pretty(report.predictions)) }
    if csv { return print(CSV.text(report.records), terminator: "") }
    guard !report.predictions.isEmpty else { return }
    print(
      TextTable.render(
        header: ["image", "class", "subnetwork", "score", "sure"],
        rows: report.predictions.map { prediction in
          [
            prediction.file, prediction.decision, prediction.subnetwork,
            Figure.decimal(prediction.score),
            prediction.isAccepted.map { $0 ? "yes" : "no" } ?? "–",
          ]
        }, leftAligned: [0, 1, 2, 4]))
    let place = report.target.map { ", target \(Figure.percent($0))" } ?? ""
    print("round \(report.round)\(place)")
    if !report.isCalibrated {
      ErrorReport.write(
        "rtl: scores are not calibrated: rtl calibrate \(runName) has not been there")
    }
  }
}
