import Foundation
import Testing

@Suite("rtl check", .enabled(if: Program.path != nil, Program.absence))
struct CheckTests {
  @Test("the sample configs are good")
  func samples() async throws {
    let folder = Program.checkout + "/sample-configs"
    let configs = TemporaryFolder.files(below: folder, suffix: ".yaml")
    #expect(configs.contains("demo.yaml") && configs.contains("reference.yaml"))
    for config in configs {
      let outcome = try await Program.rtl("check", "\(folder)/\(config)")
      #expect(outcome.status == 0, "\(config): \(outcome.summary)")
    }
  }

  @Test("the embedded demo needs no file")
  func embedded() async throws {
    let folder = try TemporaryFolder()
    let outcome = try await Program.rtl("check", "demo", in: folder.path)
    #expect(outcome.status == 0, "\(outcome.summary)")
  }

  @Test(
    "a bad config is refused at its place",
    arguments: [
      // what is written, where it is wrong, what the message must name
      ("name: x\nbatchsize: 20\n", "2:1", "batch_size"),
      ("name: x\nmodel:\n  kind: small_cn\n", "3:9", "small_cnn"),
      ("name: x\nseed: many\n", "2:7", "many"),
      ("name: x\nextraction:\n  prune_count: -4\n", "3:16", "-4"),
      ("name: x\nextraction:\n  targets: [0.5, 1.5]\n", "3:18", "1.5"),
      ("name: x\ndataset: [1, 2]\n", "2:10", "dataset"),
      ("name: x\nmodel: {kind: small_cnn\n", "", "bad.yaml"),
    ])
  func bad(text: String, place: String, named: String) async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(text, to: "bad.yaml")
    let outcome = try await Program.rtl("check", path)
    #expect(outcome.status == 2, "\(outcome.summary)")
    #expect(outcome.errors.contains("bad.yaml:\(place)"), "\(outcome.errors)")
    #expect(outcome.errors.contains(named), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }

  @Test("--set goes through the same checks")
  func overrides() async throws {
    let good = try await Program.rtl("check", "demo", "--set", "extraction.prune_count=99")
    #expect(good.status == 0, "\(good.summary)")
    #expect(good.output.contains("99"))
    let bad = try await Program.rtl("check", "demo", "--set", "extraction.prune_cout=99")
    #expect(bad.status == 2, "\(bad.summary)")
    #expect(bad.errors.contains("prune_count"))
  }

  @Test("data that is not where the config says is looked for below RTL_DATA")
  func dataFolder() async throws {
    let folder = try TemporaryFolder()
    for place in ["configs", "data/pictures"] {
      try FileManager.default.createDirectory(
        atPath: folder.path(place), withIntermediateDirectories: true)
    }
    let config = try folder.write(
      "name: x\ndataset:\n  kind: image\n  path: ../nowhere/pictures/a.png\n"
        + "  regions: ../nowhere/pictures/r.png\nsubsets:\n  by: region\ntask:\n  kind: inr\n"
        + "model:\n  kind: coordinate_mlp\n", to: "configs/x.yaml")
    let place = try folder.write("", to: "data/pictures/a.png")
    let data = folder.path + "/data"
    let found = try await Program.rtl("check", config, environment: ["RTL_DATA": data])
    #expect(found.status == 0 && found.output.contains("data: \(place)\n"), "\(found.summary)")
    // What stands on the command line is meant as it stands, and what is nowhere is told.
    let meant = try await Program.rtl(
      "check", config, "--set", "dataset.path=/nowhere/pictures/a.png",
      environment: ["RTL_DATA": data])
    #expect(meant.output.contains("data: /nowhere/pictures/a.png (not there)"), "\(meant.summary)")
    #expect(meant.output.contains("nowhere/pictures/r.png (not there)"), "\(meant.summary)")
    let masks = try await Program.rtl(
      "check", "demo", "--set", "masks_from=/nowhere/run", "--set", "model.initial=\(place)")
    #expect(masks.output.contains("masks: /nowhere/run (not there)"), "\(masks.summary)")
    #expect(masks.output.contains("initial weights: \(place)\n"), "\(masks.summary)")
    let missing = try await Program.rtl(
      "run", config, "--headless", environment: ["RTL_DATA": folder.path + "/none"],
      in: folder.path)
    #expect(missing.status == 2 && missing.errors.contains("RTL_DATA"), "\(missing.summary)")
  }

  @Test("a file that is not there is named")
  func absent() async throws {
    let outcome = try await Program.rtl("check", "nowhere.yaml")
    #expect(outcome.status == 2, "\(outcome.summary)")
    #expect(outcome.errors.contains("nowhere.yaml"))
  }
}
