import ArgumentParser
import Datasets
import Experiments
import Foundation
import LotteryEngine

/// `rtl enhance`: takes the noise out of a sound file.
struct EnhanceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enhance",
    abstract: "Take the noise out of a sound file with a run's subnetwork for its scene.",
    discussion: """
      For runs with task.kind: speech. Reads WAV and FLAC of any rate and up to an hour, and writes WAV of the \
      same rate and length; the subnetwork works at the run's rate, so what is above half of that is lost.

      Example: rtl enhance speech-demo --scene indoor noisy.wav -o clean.wav
      """)

  @Argument(help: ArgumentHelp("The run's name.", valueName: "run"))
  var runName: String

  @Argument(help: ArgumentHelp("The sound file, WAV or FLAC.", valueName: "file"))
  var file: String

  @OptionGroup var runs: RunsOption
  @OptionGroup var threads: ThreadsOption

  @Option(help: "The scene whose subnetwork to ask; not needed where there is only one.")
  var scene: String?

  @Option(name: .shortAndLong, help: "The WAV file to write.")
  var output: String

  @Option(help: "The target sparsity whose weights to use, such as 0.5.")
  var target: Double?

  @Option(help: "The round whose retrained weights to use (default: the last retrained).")
  var round: Int?

  @Option(help: "A file with the speech alone: the SI-SNR before and after is told.")
  var clean: String?

  @Option(help: "A PNG file for the spectrograms: noisy, clean if it is given, enhanced.")
  var spectrogram: String?

  @OptionGroup var force: ForceOption

  func validate() throws {
    guard target == nil || round == nil else {
      throw ValidationError("--target and --round both choose the weights; give one of them")
    }
    func place(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
    guard spectrogram.map(place) != place(output) else {
      throw ValidationError("--output and --spectrogram name the same file; give different ones")
    }
    for read in [file, clean].compactMap(\.self) {
      guard ![output, spectrogram].contains(where: { $0.map(place) == place(read) }) else {
        throw ValidationError("\(read) would be read and written over; name another file to write")
      }
    }
  }

  mutating func run() throws {
    try OutputEnding.check(output, "wav")
    if let spectrogram { try OutputEnding.check(spectrogram, "png") }
    try force.check([output, spectrogram].compactMap(\.self))
    let stored = try StoredRun.open(runName, in: runs.folder)
    let result: StoredRun.Enhancement
    do {
      result = try stored.enhance(
        file, scene: scene, clean: clean, round: round, target: target,
        drawsSpectrogram: spectrogram != nil, threads: threads.count)
    } catch DatasetError.missing(let path, let expected) where path == file || path == clean {
      // Not a dataset's, so nothing is said of where those are.
      throw UsageError("\(path): not found; expected \(expected)")
    }
    try ExperimentFiles.writeOutput(try AudioFile.wav(result.enhanced), to: output)
    if let spectrogram, let picture = result.spectrogram {
      try ExperimentFiles.writeOutput(try PictureFile.png(picture), to: spectrogram)
    }
    let clipped = result.enhanced.samples.count { abs($0) > 1 }
    if clipped > 0 {
      ErrorReport.write(
        "rtl: \(clipped) of \(result.enhanced.samples.count) samples exceed full scale and are clipped"
      )
    }
    let place = result.target.map { ", target \(Figure.percent($0))" } ?? ""
    let rate =
      result.workingRate == result.noisy.rate ? "" : ", worked on at \(result.workingRate) Hz"
    print(
      Printable.line(
        "\(output): \(Figure.decimal(result.enhanced.seconds)) s at \(result.enhanced.rate) Hz\(rate), "
          + "subnetwork \(result.subnetwork), round \(result.round)\(place)"))
    if let decibels = result.decibels {
      let gain = decibels.enhanced - decibels.noisy
      print(
        "SI-SNR \(Figure.decimal(decibels.noisy)) dB → \(Figure.decimal(decibels.enhanced)) dB "
          + "(\(gain < 0 ? "" : "+")\(Figure.decimal(gain)) dB)")
    }
  }
}
