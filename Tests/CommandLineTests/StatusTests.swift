import Foundation
import Glibc
import Testing

/// What `rtl status` and `rtl watch` tell of runs that live, died, or cannot be reached.
@Suite(
  "Status and watch", .serialized, .enabled(if: Program.path != nil, Program.absence),
  .timeLimit(.minutes(20)))
struct StatusTests {
  private let folder: TemporaryFolder
  private let program: String

  init() throws {
    folder = try TemporaryFolder()
    program = try #require(Program.path)
    try folder.write(TinyExperiment.endless, to: "tiny.yaml")
  }

  private func rtl(_ arguments: String...) async throws -> Outcome {
    try await Program.run(program, arguments, in: folder.path)
  }

  private func wait(
    _ isWanted: ([String: Any]) -> Bool
  ) async throws -> [String: Any] {
    try await RunningExperiment.wait(of: "tiny", in: folder, isWanted)
  }

  /// Starts the endless run in the background.
  private func start() async throws {
    let started = try await rtl("run", "tiny.yaml", "--threads", "1", "--detach")
    #expect(started.status == 0, "\(started.summary)")
  }

  @Test("the status as JSON is complete, with an engine and without one")
  func complete() async throws {
    try await start()
    let live = try await wait { ($0["step"] as? Int ?? 0) > 0 }
    #expect(live["state"] as? String == "running" && live["is_reachable"] as? Bool == true)
    #expect(live["stage"] as? String == "extraction" && live["round"] as? Int == 1)
    #expect(live["planned_rounds"] as? Int == 2)
    let engine = pid_t(try #require(live["engine"] as? Int))
    #expect(try String(contentsOfFile: "/proc/\(engine)/comm", encoding: .utf8) == "rtl\n")
    let subnetworks = try #require(live["subnetworks"] as? [[String: Any]])
    #expect(subnetworks.count == 10)
    #expect(subnetworks.contains { $0["loss"] is Double && ($0["step"] as? Int ?? 0) > 0 })
    #expect(subnetworks.allSatisfy { $0["sparsity"] as? Double == 0 && $0["quality"] is NSNull })
    // The speed is known after some seconds, and so is the time left, or that it is not.
    _ = try await wait { $0["samples_per_second"] is Double && $0["seconds_left"] is Double }

    #expect(kill(engine, SIGKILL) == 0)
    let dead = try await wait { $0["state"] as? String == "interrupted" }
    #expect(dead["engine"] is NSNull && dead["holder"] is NSNull)
    #expect(dead["is_reachable"] as? Bool == false && dead["samples_per_second"] is NSNull)
    #expect((dead["step"] as? Int ?? 0) > 0)
    #expect(Set(dead.keys) == Set(live.keys))
    #expect(
      (dead["subnetworks"] as? [[String: Any]])?.map { Set($0.keys) }
        == subnetworks.map { Set($0.keys) }
    )
    let finished = try await TinyExperiment.finished()
    let outcome = try await rtl("status", "tiny", "--json", "--runs", finished.runs)
    let done = try TinyExperiment.object(outcome.output)
    #expect(done["state"] as? String == "finished" && Set(done.keys) == Set(live.keys))
    #expect(done["balanced_accuracy"] is Double && done["mean_jaccard"] is Double)
    #expect(done["alarm"] is String && done["alarms"] is [String])
    for subnetwork in try #require(done["subnetworks"] as? [[String: Any]]) {
      let quality = try #require(subnetwork["quality"] as? [String: Any])
      #expect(quality["stage"] as? String == "retraining" && quality["round"] as? Int == 2)
      for key in ["loss", "balanced_accuracy", "precision", "recall", "f1"] {
        #expect(quality[key] is Double, "\(key)")
      }
      #expect(subnetwork["mean_jaccard"] is Double)
    }
  }

  @Test("an engine whose socket was removed is live, and everybody says so")
  func withoutSocket() async throws {
    try await start()
    let live = try await wait { ($0["step"] as? Int ?? 0) > 0 }
    let engine = try #require(live["engine"] as? Int)
    try FileManager.default.removeItem(atPath: folder.path("runs/tiny/engine.socket"))
    let status = try await RunningExperiment.status(of: "tiny", in: folder)
    #expect(status["state"] as? String == "running" && status["engine"] as? Int == engine)
    #expect(status["is_reachable"] as? Bool == false)
    let text = try await rtl("status", "tiny")
    #expect(text.output.contains("held by process \(engine) on "), "\(text.summary)")
    for arguments in [["ctl", "tiny", "pause"], ["attach", "tiny"], ["watch", "tiny"]] {
      let outcome = try await Program.run(program, arguments, in: folder.path)
      #expect(outcome.status == 1, "\(outcome.summary)")
      #expect(outcome.errors.contains("process \(engine) on "), "\(outcome.summary)")
      #expect(!outcome.errors.contains("no engine"), "\(outcome.summary)")
    }
    #expect(kill(pid_t(engine), SIGTERM) == 0)
    _ = try await wait { $0["state"] as? String == "stopped" && $0["engine"] is NSNull }
  }

  @Test("who finds no engine is told what to type, with the folder of the runs where it is needed")
  func advice() async throws {
    let finished = try await TinyExperiment.finished()
    for verb in [["attach", "tiny"], ["watch", "tiny", "--plain"], ["ctl", "tiny", "pause"]] {
      let outcome = try await Program.run(
        program, verb + ["--runs", finished.runs], in: folder.path)
      #expect(outcome.status == 1, "\(outcome.summary)")
      for advice in [
        "rtl status tiny --runs \(finished.runs)", "rtl resume tiny --runs \(finished.runs)",
      ] {
        #expect(outcome.errors.contains(advice), "\(outcome.summary)")
      }
    }
  }

  @Test("a stopped engine is told in time, with status 1")
  func stopped() async throws {
    try await start()
    let live = try await wait { $0["state"] as? String == "running" }
    let engine = pid_t(try #require(live["engine"] as? Int))
    #expect(kill(engine, SIGSTOP) == 0)
    let outcome = try await rtl("status", "tiny")
    #expect(
      outcome.status == 1 && outcome.errors.contains("kill -CONT \(engine)"), "\(outcome.summary)")
    #expect(kill(engine, SIGCONT) == 0)
    #expect(try await rtl("ctl", "tiny", "stop").status == 0)
  }

  @Test("who watches in plain lines sees the end, and has no control")
  func watch() async throws {
    try await start()
    async let watching = rtl("watch", "tiny", "--plain")
    // Control is free for another all the while.
    #expect(try await rtl("ctl", "tiny", "pause").status == 0)
    _ = try await wait { $0["state"] as? String == "paused" }
    #expect(try await rtl("ctl", "tiny", "stop").status == 0)
    let outcome = try await watching
    // It may have come after the end of the run, on a busy machine.
    if outcome.status == 1 {
      #expect(outcome.errors.contains("no engine"), "\(outcome.summary)")
    } else {
      #expect(
        outcome.status == 0 && outcome.output.contains("tiny: stopped after"), "\(outcome.summary)")
      #expect(!outcome.output.contains("\u{1b}"))
    }
    let unknown = try await rtl("watch", "tinny")
    #expect(unknown.status == 2 && unknown.errors.contains("did you mean 'tiny'?"))
  }

  @Test("an engine in the background keeps nothing of its starter's open")
  func descriptors() async throws {
    let marker = try folder.write("", to: "marker")
    let started = try await Program.run(
      "/bin/sh",
      [
        "-c",
        "exec 7<\"$1\" 8<\"$1\" 9<\"$1\"; exec \"$0\" run tiny.yaml --threads 1 --detach",
        program, marker,
      ], in: folder.path)
    #expect(started.status == 0, "\(started.summary)")
    let engine = try #require(try await wait { $0["engine"] is Int }["engine"] as? Int)
    let files = FileManager.default
    let open = try files.contentsOfDirectory(atPath: "/proc/\(engine)/fd").compactMap {
      try? files.destinationOfSymbolicLink(atPath: "/proc/\(engine)/fd/\($0)")
    }
    #expect(open.contains { $0.hasSuffix("/engine.log") }, "\(open)")
    #expect(!open.contains { $0.hasSuffix("/marker") }, "\(open)")
  }

  @Test("a resumed run tells of what is new, and one line says where it goes on")
  func resumed() async throws {
    try folder.write(DurableExperiment.endless, to: "tiny.yaml")
    try await start()
    // An epoch of several subnetworks is in the log, and a checkpoint behind it.
    _ = try await wait { ($0["epoch"] as? Int ?? 0) > 3 }
    #expect(try await rtl("ctl", "tiny", "pause").status == 0)
    let live = try await wait { $0["state"] as? String == "paused" }
    #expect(kill(pid_t(try #require(live["engine"] as? Int)), SIGKILL) == 0)
    _ = try await wait { $0["state"] as? String == "interrupted" }
    async let resuming = rtl("resume", "tiny", "--headless", "--threads", "1")
    _ = try await wait {
      $0["state"] as? String == "running" && $0["is_reachable"] as? Bool == true
    }
    #expect(try await rtl("ctl", "tiny", "stop").status == 0)
    let outcome = try await resuming
    #expect(outcome.status == 0, "\(outcome.summary)")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.first?.contains("resumed from checkpoint") == true, "\(outcome.summary)")
    #expect(!outcome.output.contains("epoch 1 A"), "\(outcome.summary)")
    #expect(lines.count { $0.contains("resumed from checkpoint") } == 1)
  }

  @Test("a pipe in place of any file of a run is a sentence, and nobody waits")
  func pipes() async throws {
    let finished = try await TinyExperiment.finished()
    let runs = folder.path("copies")
    for file in [
      "events.jsonl", "summary.json", "config.resolved.yaml", "labels.json", "SHA256SUMS", "lock",
      "theta0.safetensors", "masks/round-0001.safetensors", "engine.socket",
    ] {
      try? FileManager.default.removeItem(atPath: runs)
      try FileManager.default.createDirectory(atPath: runs, withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: finished.directory, toPath: runs + "/tiny")
      let path = runs + "/tiny/" + file
      unlink(path)
      try #require(mkfifo(path, 0o600) == 0)
      for verb in [
        ["status", "tiny"], ["show", "tiny"], ["verify", "tiny", "--steps", "0"],
        ["masks", "tiny", "--round", "1"], ["runs"], ["resume", "tiny", "--headless"],
      ] {
        let outcome = try await Program.run(program, verb + ["--runs", runs], in: folder.path)
        #expect(!outcome.timedOut && outcome.status < 128, "\(file): \(verb): \(outcome.summary)")
      }
    }
    // And it is said where it matters.
    let path = runs + "/tiny/events.jsonl"
    unlink(path)
    unlink(runs + "/tiny/engine.socket")
    try #require(mkfifo(path, 0o600) == 0)
    let outcome = try await rtl("status", "tiny", "--runs", runs)
    #expect(
      outcome.status == 2 && outcome.errors.contains("not an ordinary file"), "\(outcome.summary)")
  }

  @Test("a run that is killed by rtl ctl is interrupted at once, and can be resumed")
  func killed() async throws {
    try await start()
    _ = try await wait { ($0["step"] as? Int ?? 0) > 0 }
    let both = try await rtl("ctl", "tiny", "stop", "--kill", "--finish-round")
    #expect(both.status == 2 && both.errors.contains("--kill"), "\(both.summary)")
    let other = try await rtl("ctl", "tiny", "pause", "--kill")
    #expect(other.status == 2 && other.errors.contains("belongs to stop"), "\(other.summary)")
    let outcome = try await rtl("ctl", "tiny", "stop", "--kill")
    #expect(outcome.status == 0, "\(outcome.summary)")
    let dead = try await wait { $0["state"] as? String == "interrupted" }
    #expect(dead["engine"] is NSNull && dead["holder"] is NSNull)
    let resumed = try await rtl("resume", "tiny", "--threads", "1", "--detach")
    #expect(resumed.status == 0, "\(resumed.summary)")
    _ = try await wait { $0["state"] as? String == "running" }
    #expect(try await rtl("ctl", "tiny", "stop").status == 0)
  }
}
