import ArgumentParser
import Datasets
import Experiments
import LotteryEngine

/// `rtl features`: the mean features of each class, for partitions made by clustering.
struct FeaturesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "features",
    abstract: "Write the mean features of each class in a trained network, as an .npy file.",
    discussion: """
      The file is an embedding of the classes for subsets.by: k_means or agglomerative.

      Example: rtl features dense -o classes.npy
      """)

  @Argument(help: ArgumentHelp("The run's name.", valueName: "run"))
  var runName: String

  @OptionGroup var runs: RunsOption
  @OptionGroup var threads: ThreadsOption

  @Option(help: "The subnetwork, by name (default: the only one).")
  var subnetwork: String?

  @Option(help: "The round whose retrained weights to use (default: the last retrained).")
  var round: Int?

  @Option(name: .shortAndLong, help: "The file to write.")
  var output: String

  @OptionGroup var force: ForceOption

  mutating func run() throws {
    try force.check([output])
    let stored = try StoredRun.open(runName, in: runs.folder)
    let embedding = try stored.classFeatures(
      of: subnetwork, round: round, threads: threads.count)
    try ExperimentFiles.writeOutput(embedding.npy(), to: output)
    print("\(embedding.vectors.count) classes × \(embedding.dimensions) features in \(output)")
  }
}
