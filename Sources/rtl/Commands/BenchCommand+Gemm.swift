import ArgumentParser
import Experiments
import LotteryEngine

extension BenchCommand {
  /// `rtl bench gemm`: layers that are matrix products, beside what the machine can do.
  struct Gemm: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "gemm",
      abstract:
        "Compare dense layers, convolutions and the U-Net with the peak and with OpenBLAS.",
      discussion: """
        Peak: independent multiply-adds in registers. SGEMM: OpenBLAS' product of two square \
        matrices of side 1024, one product per thread. All are measured in alternation; shares are \
        medians over the rounds. The last rows are the kernels of a GhostNet step on maps that stay \
        in the cache.

        Example: rtl bench gemm --threads 1
        """)

    @Option(help: "Counted rounds of each layer, after a warm-up.")
    var rounds = 20

    @OptionGroup var threads: ThreadsOption

    @Flag(help: "Print JSON.")
    var json = false

    mutating func validate() throws {
      guard (1...100_000).contains(rounds) else {
        throw ValidationError("--rounds \(rounds): expected a number from 1 to 100000")
      }
    }

    mutating func run() throws {
      let result = GemmBenchmark.run(rounds: rounds, threads: threads.count)
      if json {
        print(try ExperimentJSON.pretty(result))
        return
      }
      print(
        TextTable.render(
          header: ["GFLOP/s at best", "one thread", Figure.count(result.threads, "thread")],
          rows: [
            row("multiply-adds in registers (peak)", result.peak),
            row("OpenBLAS SGEMM (\(result.openblasKernels))", result.sgemm),
          ], leftAligned: [0]))
      print()
      print(
        TextTable.render(
          header: [Figure.count(result.threads, "thread"), "ms", "GFLOP/s", "of peak", "of SGEMM"],
          rows: result.layers.map {
            [
              $0.name, Figure.decimal($0.milliseconds.median),
              Figure.decimal($0.gigaflopsPerSecond), Figure.percent($0.shareOfPeak.median),
              Figure.percent($0.shareOfSgemm.median),
            ]
          }, leftAligned: [0]))
    }

    private func row(_ name: String, _ rate: GemmBenchmark.Rate) -> [String] {
      [name, Figure.decimal(rate.oneThread), Figure.decimal(rate.allThreads)]
    }
  }
}
