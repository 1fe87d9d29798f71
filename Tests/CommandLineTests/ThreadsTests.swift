import Foundation
import Testing

@Suite("Determinism", .enabled(if: Program.path != nil, Program.absence))
struct ThreadsTests {
  @Test("one seed gives the same masks and weights, bit for bit, with 1, 2 and 3 threads")
  func threads() async throws {
    let reference = try await TinyExperiment.run(threads: 1)
    #expect(reference.outcome.status == 0, "\(reference.outcome.summary)")
    let files = results(below: reference.directory)
    // θ₀, the masks it began with and of two rounds, weights and statistics at two targets.
    #expect(files.count == 8, "\(files)")
    for threads in [2, 3] {
      let other = try await TinyExperiment.run(threads: threads)
      #expect(other.outcome.status == 0, "\(other.outcome.summary)")
      #expect(results(below: other.directory) == files)
      for file in files {
        let a = try Data(contentsOf: URL(fileURLWithPath: "\(reference.directory)/\(file)"))
        let b = try Data(contentsOf: URL(fileURLWithPath: "\(other.directory)/\(file)"))
        #expect(a == b, "\(file) differs with \(threads) threads")
      }
    }
  }

  /// A run's results. How many checkpoints were written on the way depends on the disk: one that waits gives
  /// way to a newer one.
  private func results(below folder: String) -> [String] {
    TemporaryFolder.files(below: folder, suffix: ".safetensors")
      .filter { !$0.hasPrefix("checkpoints/") }
  }

  @Test("another seed gives other weights")
  func seed() async throws {
    let folder = try TemporaryFolder()
    let config = try folder.write(TinyExperiment.config, to: "tiny.yaml")
    for seed in ["1", "2"] {
      let outcome = try await Program.rtl(
        "run", config, "--headless", "--runs", folder.path("runs"), "--name", "seed\(seed)",
        "--set", "seed=\(seed)", "--set", "extraction.targets=[0.25]")
      #expect(outcome.status == 0, "\(outcome.summary)")
    }
    let files = results(below: folder.path("runs/seed1"))
    #expect(!files.isEmpty)
    for file in files {
      let a = try Data(contentsOf: URL(fileURLWithPath: folder.path("runs/seed1/\(file)")))
      let b = try Data(contentsOf: URL(fileURLWithPath: folder.path("runs/seed2/\(file)")))
      #expect(a != b, "\(file) does not depend on the seed")
    }
  }
}
