import Foundation
import Testing

/// Bad input never starts a run: status 2, one clear message, nothing left behind.
@Suite("Bad input", .enabled(if: Program.path != nil, Program.absence))
struct BadInputTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func run(_ config: String, _ arguments: String...) async throws -> Outcome {
    let path = try folder.write(config, to: "tiny.yaml")
    return try await Program.run(
      try #require(Program.path),
      ["run", path, "--headless", "--runs", folder.path("runs")] + arguments)
  }

  private func cifar(path: String) -> String {
    TinyExperiment.config.replacingOccurrences(
      of: "  kind: procedural\n", with: "  kind: cifar10\n  path: \(path)\n")
  }

  @Test("a name that exists is refused, and the old run is not touched")
  func existingName() async throws {
    let finished = try await TinyExperiment.finished()
    let log = finished.directory + "/events.jsonl"
    let before = try Data(contentsOf: URL(fileURLWithPath: log))
    let outcome = try await Program.rtl(
      "run", finished.folder.path("tiny.yaml"), "--headless", "--runs", finished.runs, "--name",
      "tiny")
    #expect(outcome.status == 2, "\(outcome.summary)")
    #expect(outcome.errors.contains("tiny"))
    #expect(try Data(contentsOf: URL(fileURLWithPath: log)) == before)
  }

  @Test("a runs folder that cannot be made is refused")
  func unwritableFolder() async throws {
    // A file where the folder should be: refused even to root.
    let obstacle = try folder.write("", to: "obstacle")
    let path = try folder.write(TinyExperiment.config, to: "tiny.yaml")
    for place in ["\(obstacle)/runs", "/proc/runs"] {
      let outcome = try await Program.rtl("run", path, "--headless", "--runs", place)
      #expect(outcome.status == 2, "\(outcome.summary)")
      #expect(outcome.errors.contains(place), "\(outcome.errors)")
    }
  }

  @Test("a folder without CIFAR-10 is refused")
  func missingData() async throws {
    let outcome = try await run(cifar(path: "nowhere"))
    #expect(outcome.status == 2, "\(outcome.summary)")
    #expect(outcome.errors.contains("nowhere"))
    #expect(!FileManager.default.fileExists(atPath: folder.path("runs/tiny")))
  }

  @Test(
    "a corrupt CIFAR-10 file is refused with its name and the byte",
    arguments: [
      (3073 * 2 + 100, nil, "6246"),  // cut short in the third record: found size
      (3073 * 3, 3073 * 2, "6146"),  // label 77 at the start of the third record
    ] as [(Int, Int?, String)])
  func corruptData(size: Int, badLabelAt: Int?, named: String) async throws {
    let batches = folder.path("cifar-10-batches-bin")
    try FileManager.default.createDirectory(
      atPath: batches, withIntermediateDirectories: true)
    for index in 1...6 {
      let isBad = index == 2
      let count = isBad ? size : 3073 * 3
      var data = Data(count: count)
      if isBad, let badLabelAt { data[badLabelAt] = 77 }
      let name = index == 6 ? "test_batch.bin" : "data_batch_\(index).bin"
      try data.write(to: URL(fileURLWithPath: "\(batches)/\(name)"))
    }
    let outcome = try await run(cifar(path: batches))
    #expect(outcome.status == 2, "\(outcome.summary)")
    #expect(outcome.errors.contains("data_batch_2.bin"), "\(outcome.errors)")
    #expect(outcome.errors.contains(named), "\(outcome.errors)")
  }

  @Test("a run, a round and a layer that are not there are named")
  func absent() async throws {
    let run = try await TinyExperiment.finished()
    let noRun = try await Program.rtl("show", "tinny", "--runs", run.runs)
    #expect(noRun.status == 2 && noRun.errors.contains("tinny"), "\(noRun.summary)")
    let noRound = try await Program.rtl("masks", "tiny", "--round", "9", "--runs", run.runs)
    #expect(noRound.status == 2 && noRound.errors.contains("9"), "\(noRound.summary)")
    let noLayer = try await Program.rtl("masks", "tiny", "--layer", "sten", "--runs", run.runs)
    #expect(noLayer.status == 2 && noLayer.errors.contains("sten"), "\(noLayer.summary)")
  }

  @Test("out-of-range flags are refused", arguments: ["0", "-1", "two", "100000"])
  func threads(count: String) async throws {
    let outcome = try await run(TinyExperiment.config, "--threads", count)
    #expect(outcome.status == 2, "\(outcome.summary)")
  }
}
