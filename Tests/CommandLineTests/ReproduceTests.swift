import Foundation
import Glibc
import Testing

/// `rtl reproduce` on runs of a second: whole, interrupted, shared with another process.
@Suite(
  "reproduce", .serialized, .timeLimit(.minutes(5)),
  .enabled(if: Program.path != nil, Program.absence))
struct ReproduceTests {
  private let folder: TemporaryFolder
  private let runs: String

  init() throws {
    folder = try TemporaryFolder()
    runs = folder.path("runs")
  }

  /// Settings of a second or less for a run; as many epochs of retraining as a test needs.
  private func arguments(_ methods: String, epochs: Int = 1, _ more: [String] = []) -> [String] {
    let changes = [
      "dataset.kind=procedural", "dataset.train_samples=300", "dataset.test_samples=100",
      "model.kind=small_cnn", "batch_size=20", "extraction.prune_count=100000",
      "extraction.epochs_per_round=1", "extraction.targets=[0.25, 0.5]",
      "retraining.epochs=\(epochs)", "evaluation.round_samples=50", "checkpoints.every_seconds=0.1",
    ]
    return ["reproduce", "cifar10", "--methods", methods, "--runs", runs, "--threads", "1"]
      + changes.flatMap { ["--set", $0] } + more
  }

  private func reproduce(
    _ methods: String, epochs: Int = 1, _ more: String..., seconds: Double = 240
  ) async throws -> Outcome {
    try await Program.run(
      try #require(Program.path), arguments(methods, epochs: epochs, more), in: folder.path,
      seconds: seconds)
  }

  private func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: "\(runs)/\(name)")), as: UTF8.self)
  }

  /// The lines of the table as label, sparsity and number of runs.
  private func lines() throws -> [String] {
    let report = try TinyExperiment.object(try text("reproduce-cifar10.json"))
    let table = try #require(report["table"] as? [String: Any])
    return try #require(table["lines"] as? [[String: Any]]).map { line in
      "\(line["label"] ?? "") \(line["target"] ?? "") \((line["runs"] as? [Any])?.count ?? -1)"
    }
  }

  @Test("rows that need masks bring the row that has them; what has finished is not run again")
  func whole() async throws {
    let outcome = try await reproduce("imp_multiple,dense_joint", "--seeds", "2")
    #expect(outcome.status == 0, "\(outcome.summary)")
    for name in ["rtl", "imp_multiple", "dense_joint"].flatMap({ ["\($0)-1", "\($0)-2"] }) {
      #expect(DurableExperiment.state(of: "\(runs)/cifar10-\(name)") == "finished", "\(name)")
    }
    #expect(outcome.output.contains("[6/6] cifar10-dense_joint-2"), "\(outcome.summary)")
    #expect(outcome.output.contains("% of all"), "\(outcome.summary)")
    let expected = [
      "rtl 0.25 2", "rtl 0.5 2", "imp_multiple 0.25 2", "imp_multiple 0.5 2", "dense_joint 0 2",
    ]
    #expect(try lines() == expected)
    let csv = try text("reproduce-cifar10.csv")
    #expect(csv.split(separator: "\r\n").count == expected.count + 1)
    let markdown = try text("reproduce-cifar10.md")
    #expect(markdown.contains("| imp_multiple") && markdown.contains("± "))
    #expect(markdown.contains("report written by: rtl ") && !markdown.contains("## Missing"))
    // Everything is there: nothing is begun, and the table is the same.
    let again = try await reproduce("imp_multiple,dense_joint", "--seeds", "2")
    #expect(again.status == 0 && !again.output.contains("begins"), "\(again.summary)")
    #expect(try text("reproduce-cifar10.csv") == csv)
    // The masks are the ones that rtl extracted.
    let sums = try ["rtl", "imp_multiple"].map { name -> String in
      try text("cifar10-\(name)-1/events.jsonl").split(separator: "\n")
        .filter { $0.contains("\"event\":\"overlap_measured\"") }
        .compactMap { line in
          try (TinyExperiment.object(String(line))["data"] as? [String: Any])?["union_parameters"]
        }.map { "\($0)" }.joined(separator: " ")
    }
    #expect(sums[0] == sums[1] && !sums[0].isEmpty)
  }

  @Test("a report of what is there runs nothing and names what is missing")
  func report() async throws {
    #expect(try await reproduce("rtl").status == 0)
    let report = try await reproduce("rtl,imp_multiple", "--report", "--seeds", "2")
    #expect(report.status == 1, "\(report.summary)")
    #expect(report.errors.contains("runs have finished; to go on: rtl reproduce"))
    #expect(report.output.contains("cifar10-rtl-2 (25 %, 50 %): not begun"), "\(report.summary)")
    #expect(report.output.contains("cifar10-imp_multiple-1 (25 %, 50 %): not begun"))
    #expect(
      try lines() == [
        "rtl 0.25 1", "rtl 0.5 1", "imp_multiple 0.25 0", "imp_multiple 0.5 0",
      ])
    #expect(!FileManager.default.fileExists(atPath: "\(runs)/cifar10-rtl-2"))
  }

  @Test("TERM saves the present run and says how to go on; a kill loses nothing either")
  func interrupted() async throws {
    let program = try #require(Program.path)
    let long = arguments("random_joint,dense_joint", epochs: 100)
    // Whole, elsewhere, to compare with.
    let other = folder.path("other")
    let whole = try await Program.run(
      program, long.map { $0 == runs ? other : $0 }, in: folder.path)
    #expect(whole.status == 0, "\(whole.summary)")
    var interruptions = 0
    for signal in [SIGTERM, SIGKILL, SIGTERM] {
      let sitting = Task { try await Program.run(program, long, in: folder.path) }
      if let process = try await engine(of: "cifar10-random_joint-1") { kill(process, signal) }
      let outcome = try await sitting.value
      // It may have been done before it could be interrupted.
      guard outcome.status != 0 else { continue }
      interruptions += 1
      #expect(outcome.status == (signal == SIGTERM ? 1 : 128 + SIGKILL), "\(outcome.summary)")
      guard signal == SIGTERM else { continue }
      let way = outcome.output.split(separator: "\n").last ?? ""
      #expect(way.contains("To go on: rtl reproduce cifar10 --methods random_joint,dense_joint"))
      let state = DurableExperiment.state(of: "\(runs)/cifar10-random_joint-1")
      #expect(state == "stopped" || state == "finished", "\(outcome.summary)")
    }
    #expect(interruptions > 0)
    let outcome = try await Program.run(program, long, in: folder.path)
    #expect(outcome.status == 0, "\(outcome.summary)")
    for run in ["cifar10-random_joint-1", "cifar10-dense_joint-1"] {
      let bits = try DurableExperiment.outcome(of: "\(runs)/\(run)")
      #expect(bits == (try DurableExperiment.outcome(of: "\(other)/\(run)")), "\(run)")
    }
  }

  /// The process that carries a run out, once it has taken a step; `nil` if the run has finished.
  private func engine(of run: String) async throws -> pid_t? {
    let deadline = ContinuousClock.now + .seconds(RunningExperiment.patience)
    while ContinuousClock.now < deadline {
      let outcome = try await Program.run(
        try #require(Program.path), ["status", run, "--json"], in: folder.path)
      if outcome.status == 0 {
        let status = try TinyExperiment.object(outcome.output)
        if status["state"] as? String == "finished" { return nil }
        if let process = status["engine"] as? Int, status["step"] as? Int ?? 0 > 0 {
          return pid_t(process)
        }
      }
      try await Task.sleep(for: .milliseconds(20))
    }
    Issue.record("\(run) takes no step")
    return nil
  }

  @Test("two of these commands share the work, and each run is done once")
  func together() async throws {
    let first = Task { try await reproduce("rtl,random_joint,dense_joint", epochs: 10) }
    let second = Task { try await reproduce("rtl,random_joint,dense_joint", epochs: 10) }
    let outcomes = [try await first.value, try await second.value]
    for outcome in outcomes { #expect(outcome.status == 0, "\(outcome.summary)") }
    for run in ["cifar10-rtl-1", "cifar10-random_joint-1", "cifar10-dense_joint-1"] {
      let begun = outcomes.map { $0.output.components(separatedBy: "\(run): begins").count - 1 }
      // One may go on with what the other has only just made.
      #expect(begun.reduce(0, +) <= 1, "\(run): \(begun)")
      #expect(DurableExperiment.state(of: "\(runs)/\(run)") == "finished")
    }
  }

  @Test("a run of the plan that was made with another config is an error that names the key")
  func otherConfig() async throws {
    #expect(try await reproduce("rtl").status == 0)
    let before = try text("cifar10-rtl-1/events.jsonl")
    let outcome = try await reproduce("rtl", epochs: 2)
    #expect(outcome.status == 2, "\(outcome.summary)")
    #expect(outcome.errors.contains("cifar10-rtl-1"))
    #expect(outcome.errors.contains("retraining.epochs is 1 there, and 2 is asked for"))
    #expect(try text("cifar10-rtl-1/events.jsonl") == before)
    // Not asked for: left out of the table, and named.
    let dense = try await reproduce("dense_joint", epochs: 2)
    #expect(dense.status == 0, "\(dense.summary)")
    #expect(dense.output.contains("cifar10-rtl-1: left out"), "\(dense.summary)")
  }

  @Test(
    "bad input starts nothing: status 2 and one sentence",
    arguments: [
      (["cifar10", "--methods", "imp_singel"], "did you mean 'imp_single'?"),
      (["cifar10", "--seeds", "0"], "--seeds 0"), (["cifar10", "--seeds", "two"], "two"),
      (["cifar11"], "did you mean 'cifar10'?"), (["cifar10", "--data", "/nowhere"], "/nowhere"),
      (["cifar10", "--set", "seed=3"], "--seeds"),
      (["cifar10", "--set", "batch_sice=3"], "did you mean 'batch_size'?"),
      (
        ["cifar10", "--set", "dataset.kind=procedural", "--set", "extraction.targets=[0.9999999]"],
        "targets"
      ),
    ])
  func badInput(words: [String], named: String) async throws {
    let outcome = try await Program.run(
      try #require(Program.path), ["reproduce"] + words + ["--runs", runs],
      in: folder.path)
    #expect(outcome.status == 2, "\(outcome.summary)")
    #expect(outcome.errors.contains(named), "\(outcome.summary)")
    #expect(!FileManager.default.fileExists(atPath: runs))
  }
}
