import Foundation
import Testing

@Suite("Determinism", .enabled(if: Program.path != nil, Program.absence))
struct ThreadsTests {
  @Test("one seed gives the same masks and weights, bit for bit, with 1, 2 and 3 threads")
  func threads() async throws {
    let reference = try await TinyExperiment.run(threads: 1)
    #expect(reference.outcome.status == 0, "\(reference.outcome.summary)")
    let files = TemporaryFolder.files(below: reference.directory, suffix: ".safetensors")
    // θ₀, the masks of two rounds, weights and statistics at two targets.
    #expect(files.count >= 5, "\(files)")
    for threads in [2, 3] {
      let other = try await TinyExperiment.run(threads: threads)
      #expect(TemporaryFolder.files(below: other.directory, suffix: ".safetensors") == files)
      for file in files {
        let a = try Data(contentsOf: URL(fileURLWithPath: "\(reference.directory)/\(file)"))
        let b = try Data(contentsOf: URL(fileURLWithPath: "\(other.directory)/\(file)"))
        #expect(a == b, "\(file) differs with \(threads) threads")
      }
    }
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
    let files = TemporaryFolder.files(below: folder.path("runs/seed1"), suffix: ".safetensors")
    #expect(!files.isEmpty)
    for file in files {
      let a = try Data(contentsOf: URL(fileURLWithPath: folder.path("runs/seed1/\(file)")))
      let b = try Data(contentsOf: URL(fileURLWithPath: folder.path("runs/seed2/\(file)")))
      #expect(a != b, "\(file) does not depend on the seed")
    }
  }
}
