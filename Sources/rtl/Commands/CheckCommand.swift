import ArgumentParser
import Experiments
import Foundation
import LotteryEngine
import Workbench

/// `rtl check`: reads a config, reports every problem, and says what the run would be.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check a config without running it.",
    discussion: "Example: rtl check sample-configs/cifar10-quick.yaml")

  @Argument(help: "A config file, or the name of an embedded one (demo, inr-demo, speech-demo).")
  var config: String

  @OptionGroup var changes: ChangesOption

  @Flag(help: "Print the resolved config with every default filled in.")
  var resolved = false

  @Flag(help: "Print the network's layers with their shapes and counts.")
  var layers = false

  /// Where the masks come from, in words.
  private func masks(_ config: ExperimentConfig) -> String {
    guard config.extractsMasks else {
      return config.masksFrom == nil ? "masks without training" : "masks of another run"
    }
    return "\(Figure.count(config.defaultRound.epochs, "epoch")) a round, "
      + "\(config.extraction.pruneCount) weights pruned a round"
  }

  /// What the run will read; it may be somewhere else than the config is looked at.
  private static func files(of config: ExperimentConfig) -> [(name: String, path: String)] {
    [
      ("data", config.dataset.path), ("regions", config.dataset.regions),
      ("embedding", config.subsets.embedding), ("masks", config.masksFrom),
      ("initial weights", config.model.initial),
    ].compactMap { name, path in path.map { (name, $0) } }
  }

  mutating func run() throws {
    let (config, _) = try ConfigurationSource.find(config).load(overrides: changes.overrides)
    if resolved {
      print(config.yaml(), terminator: "")
    } else {
      print(
        "\(self.config): ok: \(config.model.kind.rawValue) on \(config.dataset.kind.rawValue), "
          + "method \(config.method.rawValue), "
          + "targets \(config.targets.map { "\(Figure.percent($0))" }.joined(separator: " / ")), "
          + masks(config))
      for (name, path) in Self.files(of: config) {
        print(
          "\(name): \(path)" + (FileManager.default.fileExists(atPath: path) ? "" : " (not there)"))
      }
    }
    if layers { show(ModelReport(config), config) }
  }

  private func show(_ model: ModelReport, _ config: ExperimentConfig) {
    func row(_ name: String, _ kind: String, _ output: String, _ counts: [Int]) -> [String] {
      [name, kind, output] + counts.map { Figures.grouped($0) }
    }
    print(
      TextTable.render(
        header: ["layer", "", "output", "prunable", "other", "multiply-adds"],
        rows: model.layers.map {
          row($0.name, $0.kind, $0.output, [$0.prunable, $0.dense, $0.multiplyAdds])
        } + [row("all", "", "", [model.prunable, model.dense, model.multiplyAdds])],
        leftAligned: [0, 1, 2]))
    print(
      "input \(model.input); with \(model.outputs == 1 ? "one output unit" : "\(model.outputs) outputs"); "
        + "a batch of \(config.batchSize) takes \(model.memoryBytes >> 20) MiB a worker")
  }
}
