import ArgumentParser
import Experiments
import LotteryEngine
import Workbench

/// `rtl import`: PyTorch's weights as θ₀.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Check weights of PyTorch's against a config's network, and write them as θ₀.",
    discussion: """
      The file has PyTorch's names and shapes, as `rtl export` writes them and `rtl check --layers` \
      shows them. A run begins with the result by model.initial.

      Example: rtl import pretrained.safetensors sample-configs/cifar10-quick.yaml -o theta0.safetensors
      """)

  @Argument(help: "A safetensors file.")
  var file: String

  @Argument(help: "The config whose network it is for.")
  var config: String

  @Option(name: [.customShort("o"), .customLong("output")], help: "The file to write.")
  var output: String

  @OptionGroup var force: ForceOption

  @Flag(
    help: "Draw the classifier from the seed where the file has one with other outputs.")
  var reinitializeHead = false

  @OptionGroup var changes: ChangesOption

  mutating func run() throws {
    try force.check([output])
    let (config, _) = try ConfigurationSource.find(config).load(overrides: changes.overrides)
    let result = try WeightsImport.run(
      file: file, config: config, reinitializesHead: reinitializeHead, output: output)
    print(
      "\(Figures.grouped(result.parameters)) parameters in \(result.tensors) tensors from "
        + "\(Printable.line(file)), SHA-256 \(result.hash)")
    for remark in result.remarks { print(Printable.line(remark)) }
    print(
      "written to \(Printable.line(output)), SHA-256 \(result.writtenHash); a config takes it as "
        + "model.initial, and the hash as model.initial_sha256")
  }
}
