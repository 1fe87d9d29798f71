import ArgumentParser
import Datasets
import Experiments
import LotteryEngine

/// `rtl render`: the picture that a run's subnetworks show.
struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Write the picture that a run's subnetworks show, as PNG, in any size.",
    discussion: """
      For runs with task.kind: inr. Each retrained subnetwork draws its region. The figures are those of the \
      drawing in eight bits, against the original in its size. Between the points that it was trained on, a \
      picture of fewer than 256 pixels a side leaves the highest frequencies free: drawn larger, it shows them as \
      a pattern.

      Example: rtl render street -o picture.png --scale 2 --borders
      """)

  @Argument(help: ArgumentHelp("The run's name.", valueName: "run"))
  var runName: String

  @OptionGroup var runs: RunsOption
  @OptionGroup var threads: ThreadsOption

  @Option(name: .shortAndLong, help: "The PNG file to write.")
  var output: String

  @OptionGroup var force: ForceOption

  @Option(help: "Pixels per pixel of the picture, in each direction; above 0.")
  var scale = 1.0

  @Option(help: "The target sparsity whose weights to use, such as 0.5.")
  var target: Double?

  @Option(help: "The round whose retrained weights to use (default: the last retrained).")
  var round: Int?

  @Flag(help: "Draw how far the picture is from the original instead: black is the same.")
  var error = false

  @Flag(help: "Draw the borders of the regions.")
  var borders = false

  func validate() throws {
    guard scale > 0, scale.isFinite else {
      throw ValidationError("--scale: found \(scale), expected a number above 0")
    }
    guard target == nil || round == nil else {
      throw ValidationError("--target and --round both choose the weights; give one of them")
    }
  }

  mutating func run() throws {
    try OutputEnding.check(output, "png")
    try force.check([output])
    let stored = try StoredRun.open(runName, in: runs.folder)
    let rendering = try stored.render(
      round: round, target: target, scale: scale, style: error ? .error : .colors,
      hasBorders: borders, threads: threads.count)
    try ExperimentFiles.writeOutput(try PictureFile.png(rendering.picture), to: output)
    let place = rendering.target.map { ", target \(Figure.percent($0))" } ?? ""
    print(
      Printable.line(
        "\(output): \(rendering.picture.width) × \(rendering.picture.height), "
          + "round \(rendering.round)\(place)"))
    print(
      TextTable.render(
        header: ["region", "PSNR dB"],
        rows: rendering.regions.map { [$0.name, Figure.decimal($0.score.value)] }
          + [["all", Figure.decimal(rendering.overall.value)]], leftAligned: [0]))
  }
}
