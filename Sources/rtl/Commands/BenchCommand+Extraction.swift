import ArgumentParser
import Experiments
import LotteryEngine

extension BenchCommand {
  /// `rtl bench extraction`: subnetworks one after the other and side by side.
  struct Extraction: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "extraction",
      abstract: "Time extraction rounds with one worker and with several, in alternation.",
      discussion: "Example: rtl bench extraction --workers 2 --repetitions 5 --json")

    @Option(help: "The network: \(StepBenchmark.modelNames.joined(separator: " or ")).")
    var model = "ghostnet"

    @Option(help: "Samples in the mini-batch.")
    var batch = 320

    @Option(help: "Optimizer steps of each of the ten subnetworks.")
    var steps = 6

    @Option(help: "Subnetworks side by side.")
    var workers = 2

    @Option(help: "Pairs of rounds.")
    var repetitions = 5

    @Flag(help: "Print JSON.")
    var json = false

    mutating func validate() throws {
      guard (2...4096).contains(batch) else {
        throw ValidationError("--batch \(batch): expected a number from 2 to 4096")
      }
      guard (1...1000).contains(steps) else {
        throw ValidationError("--steps \(steps): expected a number from 1 to 1000")
      }
      guard (2...10).contains(workers) else {
        throw ValidationError("--workers \(workers): expected a number from 2 to 10")
      }
      guard (1...1000).contains(repetitions) else {
        throw ValidationError("--repetitions \(repetitions): expected a number from 1 to 1000")
      }
    }

    mutating func run() async throws {
      let result = try await ExtractionBenchmark.run(
        model: model, batch: batch, steps: steps, workers: workers, repetitions: repetitions)
      if json { return print(try ExperimentJSON.pretty(result)) }
      func text(_ figure: Spread, digits: Bool) -> String {
        let numbers = [figure.median, figure.min, figure.max]
          .map { digits ? Figure.decimal($0) : "\(Int($0))" }
        return "\(numbers[0])  (\(numbers[1]) to \(numbers[2]))"
      }
      print(
        """
        \(result.model), batch \(result.batch), \(result.subnetworks) subnetworks × \
        \(result.steps) steps, \(Figure.count(repetitions, "pair")) of rounds: median (lowest to highest)
        samples/s, 1 worker    \(text(result.samplesPerSecondAlone, digits: false))
        samples/s, \(result.workers) workers   \(text(result.samplesPerSecond, digits: false))
        ratio                  \(text(result.ratio, digits: true))
        processors, 1 worker   \(text(result.processorsAlone, digits: true))
        processors, \(result.workers) workers  \(text(result.processors, digits: true))
        efficiency             \(text(result.efficiency, digits: true)) \
        (processor time of the same work, 1 worker by \(result.workers))
        masks                  \(result.sameMasks ? "the same in all rounds" : "NOT the same")
        """)
      if !result.sameMasks { throw ExitStatus.failure }
    }
  }
}
