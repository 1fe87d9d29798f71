import Experiments
import Foundation
import LotteryEngine
import Testing

/// Runs whose log, hashes, config or parents are not what they were.
@Suite(.serialized, .timeLimit(.minutes(3))) struct DamagedRunTests {
  private let folder = RunFolder()

  private func stopped(_ name: String, after count: Int = 60) async throws -> RunDirectory {
    await folder.stop(
      try await folder.start(RunFolder.config(), name: name), after: count)
    return try folder.directory(name)
  }

  private func change(_ path: String, _ change: (inout Data) -> Void) throws {
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    change(&data)
    try data.write(to: URL(fileURLWithPath: path))
  }

  private func warnings(_ name: String) throws -> [String] {
    try EventLog.read(try folder.directory(name).eventsPath).events.compactMap {
      if case .message(.warning, let text) = $0.event { text } else { nil }
    }
  }

  @Test("a log that misses early lines costs those lines, and not the work")
  func missingLines() async throws {
    try await folder.finished(RunFolder.config(), name: "whole")
    let directory = try await stopped("run")
    let lines = try String(contentsOfFile: directory.eventsPath, encoding: .utf8)
      .split(separator: "\n")
    // Two steps; the last line stays whole.
    let lost = lines.indices.filter { lines[$0].contains("step_finished") }.prefix(2)
    try (lines.indices.filter { !lost.contains($0) }.map { lines[$0] + "\n" }).joined()
      .write(toFile: directory.eventsPath, atomically: true, encoding: .utf8)
    let complaints = try StoredRun.open("run", in: folder.path).verify(steps: 0, threads: 1)
      .flatMap(\.complaints)
    #expect(complaints.contains { $0.hasPrefix("checkpoint ") && $0.contains("events.jsonl") })

    await (try await folder.resume("run")).waitUntilEnded()
    #expect(try folder.results("run") == folder.results("whole"))
    #expect(
      try warnings("run").contains { $0.contains("events.jsonl: found ") && $0.contains("lost") })
    let log = try EventLog.read(directory.eventsPath)
    #expect(log.losses.gaps == 1 && log.skippedLines == 0)
    // Every other event is there once, under the number it would have had.
    let metrics = log.events.filter { RunFolder.isMetric($0.event) }.map(\.event)
    var expected = try folder.metrics("whole")
    let first = try #require(
      expected.firstIndex { if case .stepFinished = $0 { true } else { false } })
    expected.removeSubrange(first...(first + 1))
    #expect(metrics == expected)
    #expect(log.events.last?.sequence == log.events.count + 1)
    // The next resume takes the log as it is.
    let position = try #require(try folder.store("run").newest { $0.manifest.log }.found)
    #expect(position.sha256 != nil)
    #expect(try EventLog.prefix(directory.eventsPath, upTo: position).complaint == nil)
  }

  @Test("a log that lost its first line is told again what the run is")
  func missingDescription() async throws {
    let directory = try await stopped("run")
    let text = try String(contentsOfFile: directory.eventsPath, encoding: .utf8)
    let lineEnd = try #require(text.firstIndex(of: "\n"))
    #expect(text[..<lineEnd].contains("run_started"))
    try String(text[text.index(after: lineEnd)...])
      .write(toFile: directory.eventsPath, atomically: true, encoding: .utf8)
    await (try await folder.resume("run")).waitUntilEnded()
    let descriptions = try EventLog.read(directory.eventsPath).events.filter {
      if case .runStarted = $0.event { true } else { false }
    }
    #expect(descriptions.count == 1)
    let summary = try directory.summary()
    #expect(summary.state == .finished && summary.rounds == 2 && summary.evaluations.count == 2)
    #expect(summary.subnetworks.allSatisfy { $0.weightsLeft == 11_736 })
    try FileManager.default.removeItem(atPath: directory.summaryPath)
    #expect(try directory.summary() == summary)
  }

  @Test("a run without its θ₀ is refused, and nothing of it is touched")
  func missingInitialParameters() async throws {
    let directory = try await stopped("run")
    try FileManager.default.removeItem(atPath: directory.initialParametersPath)
    let log = try Data(contentsOf: URL(fileURLWithPath: directory.eventsPath))
    func expectRefusal() async throws {
      do {
        _ = try await folder.resume("run")
        Issue.record("resumed without θ₀")
      } catch {
        #expect("\(error)".contains(directory.initialParametersPath), "\(error)")
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: directory.eventsPath)) == log)
      #expect(!FileManager.default.fileExists(atPath: directory.initialParametersPath))
    }
    try await expectRefusal()
    // Also where its hash has gone with it.
    var sums = try FileSums(of: directory)
    sums.sums["theta0.safetensors"] = nil
    try sums.write(to: directory)
    try await expectRefusal()
  }

  @Test("a number that was changed in the log is noticed by its hash alone")
  func changedNumber() async throws {
    let directory = try await stopped("run")
    let text = try String(contentsOfFile: directory.eventsPath, encoding: .utf8)
    let loss = try #require(text.firstRange(of: /"loss":0/))
    try text.replacingCharacters(in: loss, with: #""loss":1"#)
      .write(toFile: directory.eventsPath, atomically: true, encoding: .utf8)
    await (try await folder.resume("run")).waitUntilEnded()
    #expect(try warnings("run").contains { $0.contains("as they were written") })
    #expect(try directory.summary().state == .finished)
  }

  @Test("a log that ends too early brings back the checkpoint before, and no event is missing")
  func cutLog() async throws {
    try await folder.finished(RunFolder.config(), name: "whole")
    let directory = try await stopped("run")
    let store = try folder.store("run")
    let older = try #require(try store.newest { $0 }.found)
    // The same state once more, after the lines with which the run ended.
    let log = try Data(contentsOf: URL(fileURLWithPath: directory.eventsPath))
    let newest = older.manifest.number + 1
    try store.save(
      number: newest, content: older.files.map { ($0.key, $0.value) },
      log: LogPosition(
        events: log.count { $0 == UInt8(ascii: "\n") }, bytes: log.count,
        sha256: ContentHash.of(log)),
      computedWith: older.manifest.computedWith)
    #expect(log.count > older.manifest.log.bytes + 10)
    try change(directory.eventsPath) { $0 = $0.prefix(log.count - 10) }
    await (try await folder.resume("run")).waitUntilEnded()
    #expect(try folder.metrics("run") == folder.metrics("whole"))
    #expect(try folder.results("run") == folder.results("whole"))
    #expect(try warnings("run").contains { $0.hasPrefix("not resumed from checkpoint \(newest)") })
  }

  @Test("a kill between θ₀ and its hash leaves no run without one")
  func initialParameters() async throws {
    let directory = try await stopped("run", after: 8)
    let sums = try String(contentsOfFile: directory.sumsPath, encoding: .utf8)
    let others = sums.split(separator: "\n").filter { !$0.hasSuffix("theta0.safetensors") }
    #expect(others.count > 2)
    func forget() throws {
      try (others.joined(separator: "\n") + "\n")
        .write(toFile: directory.sumsPath, atomically: true, encoding: .utf8)
    }
    try forget()
    await folder.stop(try await folder.resume("run"), after: 12)
    #expect(
      try String(contentsOfFile: directory.sumsPath, encoding: .utf8)
        .contains(
          try #require(sums.split(separator: "\n").first { $0.hasSuffix("theta0.safetensors") })))
    // Other parameters are not taken for θ₀ because nobody knows their hash.
    try forget()
    try change(directory.initialParametersPath) { $0[$0.count - 5] ^= 1 }
    await #expect(throws: ExperimentError.self) { _ = try await folder.resume("run") }
    await #expect(throws: ExperimentError.self, "no branch without a hash either") {
      _ = try await branch("run", round: 0)
    }
  }

  private func branch(_ parent: String, round: Int = 1) async throws -> EngineRunner {
    try await EngineRunner.branch(
      parent, round: round, changes: [], runsFolder: folder.path, name: "branch", threads: 1,
      isInteractive: false)
  }

  @Test("another config, origin or θ₀ than the one that was written is refused and named")
  func changedFiles() async throws {
    try await folder.finished(RunFolder.config(), name: "parent")
    await folder.stop(try await branch("parent"), after: 20)
    let directory = try folder.directory("branch")
    let sums = try FileSums(of: directory)
    for name in [
      "config.yaml", "config.resolved.yaml", "origin.json", "masks/round-0001.safetensors",
    ] { #expect(sums.sums[name] != nil, "\(name)") }
    #expect(sums.complaints(in: directory).isEmpty)
    for path in [
      directory.resolvedConfigPath, directory.originPath, directory.initialParametersPath,
    ] {
      // Written anew: θ₀ is the parent's as well.
      let data = try Data(contentsOf: URL(fileURLWithPath: path))
      try FileManager.default.removeItem(atPath: path)
      try (data + Data("\n".utf8)).write(to: URL(fileURLWithPath: path))
      do {
        _ = try await folder.resume("branch")
        Issue.record("resumed with another \(path)")
      } catch {
        #expect("\(error)".contains("\(path): found SHA-256"), "\(error)")
      }
      try data.write(to: URL(fileURLWithPath: path))
    }
    await (try await folder.resume("branch")).waitUntilEnded()
    #expect(try directory.summary().state == .finished)
  }

  @Test("a branch checks what it would share before it makes a folder")
  func damagedParent() async throws {
    try await folder.finished(RunFolder.config(), name: "parent")
    let parent = try folder.directory("parent")
    for path in [parent.initialParametersPath, parent.masksPath(round: 0)] {
      // The last byte: a weight, or a bit of a mask that its reader would take as it is.
      try change(path) { $0[$0.count - 1] ^= 1 }
      do {
        _ = try await branch("parent")
        Issue.record("branched from a damaged \(path)")
      } catch {
        #expect("\(error)".contains("\(path): found SHA-256"), "\(error)")
      }
      try change(path) { $0[$0.count - 1] ^= 1 }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["parent"])
    await (try await branch("parent")).waitUntilEnded()
    #expect(try folder.directory("branch").summary().state == .finished)
  }
}
