import Foundation
import Testing

/// `rtl sweep` and `rtl collapse` on runs of a second.
@Suite(
  "sweep", .serialized, .timeLimit(.minutes(5)),
  .enabled(if: Program.path != nil, Program.absence))
struct SweepTests {
  private let folder: TemporaryFolder
  private let runs: String

  init() throws {
    folder = try TemporaryFolder()
    runs = folder.path("runs")
  }

  private func rtl(_ arguments: [String], seconds: Double = 240) async throws -> Outcome {
    try await Program.run(
      try #require(Program.path), arguments, in: folder.path, seconds: seconds)
  }

  /// A sweep of the demo with settings of a second or less for a run.
  private func sweep(_ more: String...) async throws -> Outcome {
    let changes = [
      "dataset.train_samples=300", "dataset.test_samples=100", "batch_size=20",
      "extraction.epochs_per_round=1", "extraction.targets=[0.25, 0.5]", "retraining.epochs=1",
      "evaluation.round_samples=50",
    ]
    return try await rtl(
      ["sweep", "demo", "--runs", runs, "--threads", "1"] + changes.flatMap { ["--set", $0] } + more
    )
  }

  private func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: "\(runs)/\(name)")), as: UTF8.self)
  }

  @Test("a grid runs once, its tables hold every run and target, and the same again runs nothing")
  func grid() async throws {
    let arguments = ["--vary", "prune_count=6000,12000", "--vary", "criterion=magnitude,random"]
    let outcome = try await sweep(arguments[0], arguments[1], arguments[2], arguments[3])
    #expect(outcome.status == 0, "\(outcome.summary)")
    for count in [6000, 12_000] {
      for criterion in ["magnitude", "random"] {
        let name = "demo-prune_count=\(count),criterion=\(criterion)-1"
        #expect(DurableExperiment.state(of: "\(runs)/\(name)") == "finished", "\(name)")
      }
    }
    #expect(outcome.output.contains("[4/4] demo-prune_count=12000,criterion=random-1"))
    #expect(outcome.output.contains("## Recommended"), "\(outcome.summary)")
    #expect(!outcome.output.contains("\u{1b}") && !outcome.output.contains("queued"))
    let name = "sweep-demo-prune_count=6000,12000,criterion=magnitude,random"
    let csv = try text("\(name).csv")
    #expect(csv.split(separator: "\r\n").count == 1 + 4 * 2)
    let written = try TinyExperiment.object(try text("\(name).json"))
    let table = try #require(written["table"] as? [String: Any])
    #expect((table["effects"] as? [Any])?.count == 8 && (table["ranking"] as? [Any])?.count == 4)
    #expect(try text("\(name).md").contains("## Main effects"))
    let again = try await sweep(arguments[0], arguments[1], arguments[2], arguments[3])
    #expect(again.status == 0 && !again.output.contains("begins"), "\(again.summary)")
    #expect(try text("\(name).csv") == csv)
    let report = try await sweep(
      arguments[0], arguments[1], arguments[2], arguments[3], "--report")
    #expect(report.status == 0, "\(report.summary)")
    let more = try await sweep(
      arguments[0], arguments[1], arguments[2], arguments[3], "--report", "--seeds", "2")
    #expect(more.status == 1 && more.errors.contains("4 of 8 runs have finished"))
    // The same names with another setting are not taken for the same runs.
    let other = try await sweep(
      arguments[0], arguments[1], arguments[2], arguments[3], "--set", "retraining.epochs=2")
    #expect(other.status == 2 && other.errors.contains("retraining.epochs is 1 there"))
  }

  @Test("driven on to a sparsity it writes course, alarms and a picture; collapse reads any run")
  func goal() async throws {
    let outcome = try await sweep("--to", "0.9", "--set", "extraction.prune_count=12000")
    #expect(outcome.status == 0, "\(outcome.summary)")
    let config = try text("demo-to-0.9-1/config.resolved.yaml")
    #expect(config.contains("largest_share: 0.25"))
    #expect(config.contains("targets: [0.25, 0.5, 0.8, 0.85, 0.9]"))
    let course = try text("sweep-demo-to-0.9.collapse.csv")
    #expect(course.hasPrefix("run,round,subnetwork,sparsity"))
    #expect(try text("sweep-demo-to-0.9.collapse.md").contains("| rise"))
    #expect(try text("demo-to-0.9-1/analysis/collapse.svg").hasPrefix("<svg"))
    let read = try await rtl(["collapse", "demo-to-0.9-1", "--runs", runs, "-o", "course.csv"])
    #expect(read.status == 0, "\(read.summary)")
    let again = try String(contentsOfFile: folder.path("course.csv"), encoding: .utf8)
    #expect(again == course)
    let printed = try await rtl(["collapse", "demo-to-0.9-1", "--runs", runs])
    #expect(printed.status == 0 && printed.output.contains("## By subnetwork"))
    #expect(try text("demo-to-0.9-1/analysis/collapse.csv") == course)
    #expect(try text("demo-to-0.9-1/analysis/collapse.svg").hasPrefix("<svg"))
    #expect(printed.output.contains(try text("demo-to-0.9-1/analysis/collapse.md")))
  }

  @Test("a report of nothing is a failure that writes nothing")
  func nothingToReport() async throws {
    let outcome = try await sweep("--vary", "prune_count=6000", "--report")
    #expect(outcome.status == 1 && outcome.output.isEmpty, "\(outcome.summary)")
    #expect(outcome.errors.contains("nothing is there yet"), "\(outcome.summary)")
    #expect(!FileManager.default.fileExists(atPath: runs))
  }

  @Test(
    "what cannot be swept or read ends with status 2 and one sentence",
    arguments: [
      (["sweep", "demo"], "nothing to sweep"),
      (["sweep", "demo", "--vary", "prune_cuont=1,2"], "did you mean 'prune_count'?"),
      (["sweep", "demo", "--vary", "prune_count=1,x"], "'x'"),
      (["sweep", "demo", "--to", "1.5"], "expected a sparsity above 0 and below 1"),
      (["sweep", "demo", "--vary", "prune_count=1", "--seeds", "0"], "--seeds 0"),
      (["sweep", "demmo", "--vary", "prune_count=1"], "no such config"),
      (["collapse", "nothing"], "nothing"),
      (["collapse", "nothing", "-o", "x.png"], "expected .svg, .csv or .md"),
      (["collapse", "nothing", "--limit", "rize=1"], "nothing"),
      (["collapse", "a", "b", "-o", "x.svg"], "a picture is of one run"),
    ])
  func refused(arguments: [String], words: String) async throws {
    let outcome = try await rtl(arguments + ["--runs", runs])
    #expect(outcome.status == 2, "\(outcome.summary)")
    #expect(outcome.errors.contains(words), "\(outcome.summary)")
    #expect(!FileManager.default.fileExists(atPath: runs))
  }
}
