import ArgumentParser
import LotteryEngine

/// `rtl export`: masks and weights for PyTorch.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a run's weights, masks and batch-norm statistics for PyTorch.",
    discussion: "Example: rtl export demo --format safetensors -o exported")

  @Argument(help: ArgumentHelp("The run's name.", valueName: "run"))
  var runName: String

  @OptionGroup var runs: RunsOption

  @Option(help: "The file format.")
  var format = Format.safetensors

  @Option(name: [.customShort("o"), .customLong("output")], help: "The folder to write into.")
  var output: String

  @OptionGroup var force: ForceOption

  @Option(help: "The round whose retrained weights to export (default: the last retrained).")
  var round: Int?

  /// The formats that can be written.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case safetensors
  }

  mutating func run() throws {
    let stored = try StoredRun.open(runName, in: runs.folder)
    try force.check(stored.exportedFiles(in: output))
    for file in try stored.export(to: output, round: round) { print(Printable.line(file)) }
  }
}
