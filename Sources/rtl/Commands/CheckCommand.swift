import ArgumentParser
import Experiments

/// `rtl check`: reads a config, reports every problem, and says what the run would be.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check a config without running it.",
    discussion: "Example: rtl check sample-configs/cifar10-quick.yaml")

  @Argument(help: "A config file, or the name of an embedded one (demo).")
  var config: String

  @OptionGroup var changes: ChangesOption

  @Flag(help: "Print the resolved config with every default filled in.")
  var resolved = false

  /// Where the masks come from, in words.
  private func masks(_ config: ExperimentConfig) -> String {
    guard config.extractsMasks else {
      return config.masksFrom.map { "masks of \($0)" } ?? "masks without training"
    }
    return "\(config.defaultRound.epochs) epoch(s) a round, "
      + "\(config.extraction.pruneCount) weights pruned a round"
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
    }
  }
}
