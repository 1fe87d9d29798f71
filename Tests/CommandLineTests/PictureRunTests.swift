import Foundation
import Testing

/// A picture from start to PNG, through the program's own verbs.
@Suite("A picture", .enabled(if: Program.path != nil, Program.absence))
struct PictureRunTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private static let config = """
    name: picture
    batch_size: 64
    dataset: {kind: landscape, longest_side: 32}
    subsets: {by: region}
    task: {kind: inr, steps_per_epoch: 10}
    model: {kind: coordinate_mlp}
    optimizer: {learning_rate: 0.002}
    extraction: {epochs_per_round: 1, prune_count: 100000, targets: [0.5]}
    retraining: {epochs: 2}

    """

  private func run(_ config: String) async throws -> Outcome {
    let path = try folder.write(config, to: "picture.yaml")
    return try await Program.run(
      try #require(Program.path),
      ["run", path, "--headless", "--threads", "2", "--runs", folder.path("runs")])
  }

  /// Width and height in the head of a PNG file.
  private func size(_ name: String) throws -> [Int] {
    let data = try Data(contentsOf: URL(fileURLWithPath: folder.path(name)))
    #expect(data.prefix(4) == Data([0x89, 0x50, 0x4E, 0x47]))
    return [16, 20].map { start in
      data[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
    }
  }

  @Test("run, show, runs, eval and render tell of PSNR")
  func wholeWay() async throws {
    let outcome = try await run(Self.config)
    #expect(outcome.status == 0, "\(outcome.summary)")
    #expect(outcome.output.contains("PSNR") && !outcome.output.contains("balanced accuracy"))
    let runs = ["--runs", folder.path("runs")]
    func rtl(_ words: [String]) async throws -> Outcome {
      try await Program.run(try #require(Program.path), words + runs)
    }
    let shown = try await rtl(["show", "picture"])
    #expect(shown.status == 0 && shown.output.contains("PSNR dB"), "\(shown.summary)")
    #expect(shown.output.contains("over all"))
    let listed = try await rtl(["runs", "--where", "psnr > 5", "--json"])
    #expect(listed.status == 0 && listed.output.contains("picture"), "\(listed.summary)")
    let judged = try await rtl([
      "eval", "picture", "--predictions", folder.path("points.csv"),
    ])
    #expect(judged.status == 0 && judged.output.contains("PSNR"), "\(judged.summary)")
    let points = try String(contentsOfFile: folder.path("points.csv"), encoding: .utf8)
    #expect(points.split(separator: "\n").count == 1 + 32 * 24)
    let plain = try await rtl(["render", "picture", "-o", folder.path("a.png")])
    #expect(plain.status == 0 && plain.output.contains("32 × 24"), "\(plain.summary)")
    #expect(try size("a.png") == [32, 24])
    let large = try await rtl([
      "render", "picture", "-o", folder.path("b.png"), "--scale", "3", "--target", "0.5",
      "--error", "--borders",
    ])
    #expect(large.status == 0, "\(large.summary)")
    #expect(try size("b.png") == [96, 72])
    for words in [["render", "picture", "-o"], ["eval", "picture", "--predictions"]] {
      let refused = try await rtl(words + [folder.path("b.png")])
      #expect(
        refused.status == 2 && refused.errors.contains("b.png: is there already; --force writes"),
        "\(refused.summary)")
    }
    #expect(try size("b.png") == [96, 72])
    let again = try await rtl(["render", "picture", "-o", folder.path("b.png"), "--force"])
    #expect(again.status == 0, "\(again.summary)")
    #expect(try size("b.png") == [32, 24])
    for (words, reason) in [
      (["--scale", "0"], "--scale: found 0.0, expected a number above 0"),
      (["--target", "0.7"], "target: found 0.7, expected one that run 'picture' has reached: 0.5"),
      (["--target", "0.5", "--round", "1"], "give one of them"),
      (["--round", "9"], "has no round 9"),
    ] {
      let refused = try await rtl(["render", "picture", "-o", folder.path("c.png")] + words)
      #expect(refused.status == 2 && refused.errors.contains(reason), "\(refused.summary)")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path("c.png")))
  }

  @Test("a run of images shows no picture")
  func noPicture() async throws {
    let finished = try await TinyExperiment.finished()
    let outcome = try await Program.rtl(
      "render", "tiny", "-o", folder.path("a.png"), "--runs", finished.runs)
    #expect(outcome.status == 2, "\(outcome.summary)")
    #expect(outcome.errors.contains("run 'tiny' shows no picture; its task.kind is 'binary'"))
  }

  @Test("pictures and maps that are none leave no run behind")
  func badFiles() async throws {
    let text = try folder.write("no picture", to: "text.png")
    for (path, map, reason) in [
      ("nowhere.png", "text.png", "nowhere.png: not found"),
      (text, text, "text.png: byte 0: found no picture"),
    ] {
      let outcome = try await run(
        Self.config.replacingOccurrences(
          of: "{kind: landscape, longest_side: 32}",
          with: "{kind: image, path: \(path), regions: \(map)}"))
      #expect(outcome.status == 2 && outcome.errors.contains(reason), "\(outcome.summary)")
      #expect(!FileManager.default.fileExists(atPath: folder.path("runs/picture")))
    }
  }
}
