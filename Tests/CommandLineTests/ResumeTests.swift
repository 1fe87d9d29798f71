import Foundation
import Testing

/// `rtl resume`, `branch` and `verify`, on a program that is killed, stopped and left alone.
@Suite(
  "durable runs", .serialized, .timeLimit(.minutes(5)),
  .enabled(if: Program.path != nil, Program.absence))
struct ResumeTests {
  private let folder: TemporaryFolder
  private let runs: String

  init() throws {
    folder = try TemporaryFolder()
    runs = folder.path("runs")
  }

  private func start(_ name: String, seconds: Double = 240) async throws -> Outcome {
    let config = try folder.write(DurableExperiment.config, to: "durable.yaml")
    return try await Program.rtl(
      "run", config, "--headless", "--runs", runs, "--name", name, "--threads", "1",
      seconds: seconds)
  }

  private func resume(_ name: String, seconds: Double = 240) async throws -> Outcome {
    try await Program.rtl(
      "resume", name, "--headless", "--runs", runs, "--threads", "1", seconds: seconds)
  }

  @Test("killed at seeded random moments, a run ends with the bits of one that was left alone")
  func killed() async throws {
    var random = Durations(state: 3)
    #expect(try await start("whole").status == 0)
    let whole = try DurableExperiment.outcome(of: runs + "/whole")
    #expect(whole.events.count > 1000 && whole.files.count == 8)
    var kills = 0
    for attempt in 1...3 {
      let name = "killed-\(attempt)"
      var outcome = try await start(name, seconds: random.next(in: 0.05...0.7))
      for _ in 0..<4 where outcome.timedOut {
        kills += 1
        let isThere = FileManager.default.fileExists(
          atPath: "\(runs)/\(name)/config.resolved.yaml")
        guard isThere else { break }
        outcome = try await resume(name, seconds: random.next(in: 0.05...0.7))
      }
      guard FileManager.default.fileExists(atPath: "\(runs)/\(name)/config.resolved.yaml") else {
        continue
      }
      if outcome.timedOut { outcome = try await resume(name) }
      #expect(outcome.status == 0, "\(outcome.summary)")
      #expect(try DurableExperiment.outcome(of: "\(runs)/\(name)") == whole)
      let verified = try await Program.rtl("verify", name, "--runs", runs)
      #expect(verified.status == 0, "\(verified.summary)")
    }
    #expect(kills > 0)
    // A finished run has nothing to resume.
    let again = try await resume("whole")
    #expect(again.status == 0 && again.output.contains("has finished"), "\(again.summary)")
  }

  @Test("TERM and HUP leave a checkpoint of that moment", arguments: ["TERM", "HUP"])
  func signals(signal: String) async throws {
    let config = try folder.write(DurableExperiment.endless, to: "endless.yaml")
    let timeout = try #require(Program.find("timeout"))
    let outcome = try await Program.run(
      timeout,
      [
        "--foreground", "-s", signal, "1.5", try #require(Program.path), "run", config,
        "--headless", "--runs", runs,
        "--name", "stopped", "--set", "checkpoints.every_seconds=3600", "--threads", "1",
      ])
    #expect(!outcome.timedOut, "\(outcome.summary)")
    let run = runs + "/stopped"
    #expect(DurableExperiment.state(of: run) == "stopped", "\(outcome.summary)")
    #expect(TemporaryFolder.files(below: run + "/checkpoints", suffix: "manifest.json").count == 1)
    // Nothing is lost: the checkpoint knows every step in the log.
    let before = try DurableExperiment.outcome(of: run).events
    let resumed = try await Program.run(
      timeout,
      [
        "--foreground", "-s", signal, "1.5", try #require(Program.path), "resume", "stopped",
        "--headless",
        "--runs", runs, "--threads", "1",
      ])
    #expect(resumed.output.contains("resumed from checkpoint 1"), "\(resumed.summary)")
    let after = try DurableExperiment.outcome(of: run).events
    #expect(after.count > before.count && Array(after.prefix(before.count)) == before)
  }

  @Test("a second writer is told who holds the run")
  func held() async throws {
    let config = try folder.write(DurableExperiment.endless, to: "endless.yaml")
    let run = runs + "/held"
    let path = runs
    async let first = Program.rtl(
      "run", config, "--headless", "--runs", runs, "--name", "held", seconds: 8)
    while !FileManager.default.fileExists(atPath: run + "/events.jsonl") {
      try await Task.sleep(for: .milliseconds(20))
    }
    let second = try await Program.rtl("resume", "held", "--headless", "--runs", path)
    #expect(second.status == 2, "\(second.summary)")
    #expect(second.errors.contains("is being written by process "), "\(second.summary)")
    #expect(try await first.timedOut)
    // Killed, it holds nothing any more.
    let third = try await Program.rtl(
      "resume", "held", "--headless", "--runs", path, seconds: 1)
    #expect(third.timedOut, "\(third.summary)")
    // Other kernels may give other bits: a warning, or with --strict a refusal.
    let strict = try await Program.rtl(
      "resume", "held", "--headless", "--strict", "--runs", path,
      environment: ["OPENBLAS_CORETYPE": "Prescott"])
    #expect(strict.status == 1, "\(strict.summary)")
    #expect(strict.errors.contains("Prescott now"), "\(strict.summary)")
    let warned = try await Program.rtl(
      "resume", "held", "--headless", "--runs", path,
      environment: ["OPENBLAS_CORETYPE": "Prescott"], seconds: 2)
    #expect(warned.timedOut && warned.output.contains("Prescott now"), "\(warned.summary)")
  }

  @Test("a branch starts from a round; what it cannot do is a sentence and status 2")
  func branch() async throws {
    #expect(try await start("parent").status == 0)
    let outcome = try await Program.rtl(
      "branch", "parent", "--round", "1", "--headless", "--runs", runs, "--name", "child",
      "--threads", "1")
    #expect(outcome.status == 0, "\(outcome.summary)")
    let (parent, child) = (
      try DurableExperiment.outcome(of: runs + "/parent"),
      try DurableExperiment.outcome(of: runs + "/child")
    )
    for (file, data) in child.files { #expect(parent.files[file] == data, "\(file)") }
    for (words, sentence) in [
      (["--round", "7"], "has no round 7; it has 0 to 2"),
      (["--round", "1", "--set", "sed=1"], "did you mean 'seed'?"),
      (["--round", "1", "--set", "model.kind=ghostnet"], "found no tensor"),
    ] {
      let refused = try await Program.run(
        try #require(Program.path), ["branch", "parent", "--headless", "--runs", runs] + words)
      #expect(refused.status == 2, "\(refused.summary)")
      #expect(refused.errors.contains(sentence), "\(refused.summary)")
    }
    let nobody = try await Program.rtl("resume", "prent", "--headless", "--runs", runs)
    #expect(nobody.status == 2 && nobody.errors.contains("did you mean 'parent'?"))
  }
}

/// A small seeded generator of durations.
private struct Durations {
  var state: UInt64

  mutating func next(in range: ClosedRange<Double>) -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let share = Double(state >> 11) * 0x1p-53
    return range.lowerBound + share * (range.upperBound - range.lowerBound)
  }
}
