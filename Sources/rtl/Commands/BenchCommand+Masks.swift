import ArgumentParser
import Experiments
import LotteryEngine

extension BenchCommand {
  /// `rtl bench masks`: comparing and pruning masks at scale.
  struct Masks: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "masks",
      abstract: "Time the comparison of masks and the choice of the weights to prune.",
      discussion: """
        Eight large masks and the weights are held in memory, one after the other: as many bytes as
        BITS, then four times WEIGHTS.

        Example: rtl bench masks --threads 1 --json
        """)

    @Option(help: "Bits of a large mask.")
    var bits = 1_000_000_000

    @Option(help: "Weights of the large pruning.")
    var weights = 100_000_000

    @Option(help: "How often each figure is taken.")
    var rounds = 5

    @OptionGroup var threads: ThreadsOption

    @Flag(help: "Print JSON.")
    var json = false

    mutating func validate() throws {
      guard (1...100_000_000_000).contains(bits) else {
        throw ValidationError("--bits \(bits): expected a number from 1 to 100000000000")
      }
      guard (1...10_000_000_000).contains(weights) else {
        throw ValidationError("--weights \(weights): expected a number from 1 to 10000000000")
      }
      guard (1...1000).contains(rounds) else {
        throw ValidationError("--rounds \(rounds): expected a number from 1 to 1000")
      }
    }

    mutating func run() throws {
      let result = MaskBenchmark.run(
        bits: bits, weights: weights, rounds: rounds, threads: threads.count)
      if json { return print(try ExperimentJSON.pretty(result)) }
      let (pairs, large, pruning) = (result.pairs, result.streaming, result.pruning)
      print(
        "median (lowest to highest) of \(rounds) rounds, \(Figure.count(large.threads, "thread"))\n"
      )
      print(
        TextTable.render(
          header: ["what", "", "median", ""],
          rows: [
            row("all pairs of \(pairs.masks) masks × \(pairs.bits) bits", "ms", pairs.milliseconds),
            row("all pairs of \(large.masks) masks × \(large.bits) bits", "ms", large.milliseconds),
            row("", "GB/s", large.gigabytesPerSecond),
            row("  reading them", "GB/s", large.readGigabytesPerSecond),
            row("  share of reading", "", large.shareOfReading),
            row(
              "pruning \(pruning.removed) of \(pruning.weights) weights", "ms",
              pruning.milliseconds),
            row("  of \(pruning.sortedWeights)", "ms", pruning.millisecondsThere),
            row("  sorting \(pruning.sortedWeights)", "ms", pruning.sortMilliseconds),
            row("  sorting / pruning", "", pruning.ratio),
          ], leftAligned: [0, 1, 3]))
    }

    private func row(_ name: String, _ unit: String, _ figure: Spread) -> [String] {
      [
        name, unit, Figure.decimal(figure.median),
        "(\(Figure.decimal(figure.min)) to \(Figure.decimal(figure.max)))",
      ]
    }
  }
}
