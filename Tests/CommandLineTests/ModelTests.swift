import Foundation
import Testing

/// Networks of a person's own, on the command line.
@Suite("models on the command line", .enabled(if: Program.path != nil, Program.absence))
struct ModelTests {
  private static let config = """
    name: own
    dataset: {train_samples: 100, test_samples: 20, image_size: 24}
    batch_size: 20
    model:
      kind: recipe
      layers:
        - conv: {out: 8, kernel: 3, stride: 2}
        - bn
        - relu
        - pool: {kind: max, size: 3}
        - linear: {out: 4}

    """

  @Test("check tells where a recipe does not fit, and what a good one comes to")
  func recipe() async throws {
    let folder = try TemporaryFolder()
    let bad = try folder.write(Self.config, to: "bad.yaml")
    let refused = try await Program.rtl("check", bad)
    #expect(refused.status == 2)
    #expect(
      refused.errors.contains(
        "bad.yaml:11:7: model.layers, layer 5: found a map of 8 × 4 × 4, expected a vector"),
      "\(refused.errors)")
    let good = try folder.write(
      Self.config.replacingOccurrences(of: "    - linear", with: "    - flatten\n    - linear"),
      to: "good.yaml")
    let shown = try await Program.rtl("check", good, "--layers")
    #expect(shown.status == 0, "\(shown.summary)")
    for line in [
      "layers.0    convolution  8 × 12 × 12       216     16         31,104",
      "            max pool     8 × 4 × 4           0      0              0",
      "layers.5    linear       4 × 1 × 1         512      4            512",
      "input 3 × 24 × 24; with one output unit; a batch of 20 takes",
    ] { #expect(shown.output.contains(line), "\(shown.output)") }
  }

  @Test("an exported network comes in again by import, and a run begins with it")
  func imports() async throws {
    let run = try await TinyExperiment.finished()
    let folder = try TemporaryFolder()
    let config = try folder.write(TinyExperiment.config, to: "tiny.yaml")
    let exported = try await Program.rtl(
      "export", "tiny", "--runs", run.runs, "-o", folder.path("exported"))
    #expect(exported.status == 0, "\(exported.summary)")
    let theta = folder.path("theta0.safetensors")
    let imported = try await Program.rtl(
      "import", folder.path("exported/weights.safetensors"), config, "-o", theta)
    #expect(imported.status == 0, "\(imported.summary)")
    #expect(imported.output.contains("parameters in 11 tensors from"), "\(imported.output)")
    let refused = try await Program.rtl("import", theta, config, "-o", theta)
    #expect(
      refused.status == 2 && refused.errors.contains("is there already; --force writes over it"),
      "\(refused.summary)")
    let outcome = try await Program.rtl(
      "run", config, "--headless", "--runs", folder.path("runs"), "--name", "again",
      "--set", "model.initial=\(theta)")
    #expect(outcome.status == 0, "\(outcome.summary)")
    #expect(outcome.output.contains("θ₀ is from \(theta), SHA-256 "), "\(outcome.output)")
    let other = try await Program.rtl(
      "import", theta, config, "-o", folder.path("x"), "--set", "model.kind=ghostnet")
    #expect(other.status == 2)
    #expect(other.errors.contains("does not fit the network:\n  no tensor 'stem.conv.weight'"))
    #expect(!FileManager.default.fileExists(atPath: folder.path("x")))
  }
}
