import ArgumentParser
import Experiments
import LotteryEngine

/// `rtl bench`: how fast the kernels are here.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure how fast steps, layers, masks, rounds and screens are on this machine.",
    discussion: "Example: rtl bench step --model ghostnet --batch 320 --threads 2",
    subcommands: [
      Step.self, Gemm.self, Masks.self, Extraction.self, CatalogueBenchmark.self,
      ScreenBenchmark.self,
    ])

  /// `rtl bench step`: forward, backward and masked Adam on one mini-batch.
  struct Step: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "step",
      abstract: "Time whole training steps: masking, forward, backward, masked Adam.",
      discussion: "Example: rtl bench step --model small_cnn --json")

    @Option(help: "The network: \(StepBenchmark.modelNames.joined(separator: " or ")).")
    var model = "ghostnet"

    @Option(help: "What GhostNet's widths are multiplied by.")
    var width = 1.0

    @Option(help: "Pixels of a row and of a column of the images.")
    var imageSize = 32

    @Option(help: "Samples in the mini-batch.")
    var batch = 320

    @Option(help: "Counted steps, after a warm-up.")
    var steps = 20

    @Option(help: "Fraction of the prunable weights outside the mask.")
    var sparsity = 0.0

    @OptionGroup var threads: ThreadsOption

    @Flag(help: "Print JSON.")
    var json = false

    mutating func validate() throws {
      guard (2...4096).contains(batch) else {
        throw ValidationError("--batch \(batch): expected a number from 2 to 4096")
      }
      guard (0.25...2).contains(width) else {
        throw ValidationError("--width \(width): expected a number from 0.25 to 2")
      }
      guard (8...256).contains(imageSize) else {
        throw ValidationError("--image-size \(imageSize): expected a number from 8 to 256")
      }
      guard (1...100_000).contains(steps) else {
        throw ValidationError("--steps \(steps): expected a number from 1 to 100000")
      }
      guard (0..<1).contains(sparsity) else {
        throw ValidationError(
          "--sparsity \(sparsity): expected a number from 0 up to, not including, 1")
      }
    }

    mutating func run() throws {
      let result = try StepBenchmark.run(
        model: model, width: width, imageSize: imageSize, batch: batch, steps: steps,
        sparsity: sparsity, threads: threads.count)
      if json {
        print(try ExperimentJSON.pretty(result))
      } else {
        let time = result.millisecondsPerStep
        print(
          """
          \(result.model), \(imageSize)×\(imageSize), batch \(result.batch), \(Figure.count(result.threads, "thread")), \
          sparsity \(Figure.percent(result.sparsity)), \(result.steps) steps
          ms per step   min \(Figure.decimal(time.min))  median \(Figure.decimal(time.median))  \
          max \(Figure.decimal(time.max))
          samples/s     \(Int(result.samplesPerSecond))
          GFLOP/s       \(Figure.decimal(result.gigaflopsPerSecond)) \
          (forward and backward, dense count)
          peak GFLOP/s  \(Figure.decimal(result.peakGigaflopsPerSecond)), of which \
          \(Figure.percent(result.shareOfPeak))

          """)
        print(
          TextTable.render(
            header: ["kernel", "ms per step, all threads"],
            rows: result.breakdown.map { [$0.name, Figure.decimal($0.milliseconds)] },
            leftAligned: [0]))
      }
    }
  }
}
