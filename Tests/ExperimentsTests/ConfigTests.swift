import Experiments
import Foundation
import Testing

struct ConfigTests {
  private let samples = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
      "sample-configs")

  /// The problems of a config's text.
  private func problems(_ yaml: String, _ overrides: [String] = []) -> [String] {
    do {
      _ = try ExperimentConfig.parse(yaml: yaml, file: "c.yaml", overrides: overrides)
      return []
    } catch let ExperimentError.badConfig(problems) {
      return problems.map(\.description)
    } catch {
      return ["unexpected: \(error)"]
    }
  }

  @Test("the baseline of a picture shows all of it, and nothing is seen twice")
  func pictureBaseline() throws {
    let config = try ExperimentConfig.parse(
      yaml: """
        method: imp_single
        dataset: {kind: landscape}
        subsets: {by: region}
        task: {kind: inr}
        model: {kind: coordinate_mlp}
        extraction: {epochs_per_round: 7}
        """, file: "c.yaml", overrides: [])
    #expect(config.subsets.by == .all && config.task.kind == .inr)
    #expect(config.defaultRound.epochs == 7 && config.retrainingEpochs == config.retraining.epochs)
  }

  /// What a picture needs besides itself.
  private static let picture =
    "task:\n  kind: inr\nmodel:\n  kind: coordinate_mlp\nsubsets:\n  by: region\n"
  private static let speech =
    "task:\n  kind: speech\nmodel:\n  kind: spectral_unet\nsubsets:\n  by: scene\n"

  @Test("every sample config parses")
  func samplesParse() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: samples.path)
      .filter { $0.hasSuffix(".yaml") }
    #expect(files.count >= 4)
    for file in files {
      _ = try ExperimentConfig.load(path: samples.appendingPathComponent(file).path)
    }
  }

  @Test("reference.yaml names every key and holds the defaults")
  func referenceIsComplete() throws {
    let path = samples.appendingPathComponent("reference.yaml").path
    #expect(try ExperimentConfig.load(path: path) == ExperimentConfig())
    let text = try String(contentsOfFile: path, encoding: .utf8)
    for name in ExperimentConfig.keyNames {
      let own = name.split(separator: ".").last.map(String.init) ?? name
      let isThere = text.split(separator: "\n").contains { line in
        line.drop { $0 == " " || $0 == "#" }.hasPrefix("\(own):")
      }
      #expect(isThere, "reference.yaml says nothing of \(name)")
    }
  }

  @Test("the resolved config parses back to an equal value")
  func roundTrip() throws {
    var config = ExperimentConfig()
    config.name = "a \"quoted\" \\ name"
    config.seed = .max
    config.dataset.kind = .cifar10
    config.dataset.path = "/data/cifar\n\t\u{85}\u{2028}\u{feff}\u{7f}"
    config.dataset.trainSamples = 77
    config.subsets.classes = ["cat", "no: dog"]
    config.extraction.targets = [0.1, 0.333, 0.99]
    config.extraction.learningRate = 3e-7
    config.retraining.when = .everyRound
    config.evaluation.argmax = false
    #expect(
      try ExperimentConfig.parse(yaml: config.yaml(), file: "resolved.yaml") == config)
    config.subsets = SubsetsConfig()
    config.subsets.by = .groups
    config.subsets.groups = [
      .init(name: "dog+1", classes: ["cat", "dog: a"]), .init(name: "[x]", classes: ["ship"]),
    ]
    #expect(
      try ExperimentConfig.parse(yaml: config.yaml(), file: "resolved.yaml") == config)
    config.subsets = SubsetsConfig()
    config.subsets.by = .agglomerative
    config.subsets.embedding = "/data/e.npy"
    config.subsets.count = 3
    #expect(
      try ExperimentConfig.parse(yaml: config.yaml(), file: "resolved.yaml") == config)
    #expect(
      try ExperimentConfig.parse(yaml: ExperimentConfig().yaml(), file: "r.yaml")
        == ExperimentConfig())
  }

  @Test("problems carry file, line and column, and the nearest name; all of them at once")
  func problemsWithPlaces() {
    let yaml = """
      seed: 1
      extraction:
        prune_cuont: 7
        epochs_per_round: many
        targets: [0.5, 0.25]
      modle:
        kind: ghostnet
      task:
        kind: binry
      batch_size: 1
      """
    #expect(
      problems(yaml) == [
        "c.yaml:3:3: unknown key 'prune_cuont' in extraction; did you mean 'prune_count'?",
        "c.yaml:4:21: extraction.epochs_per_round: found 'many', expected a whole number from 1 "
          + "to 100000",
        "c.yaml:5:18: extraction.targets: found '0.25', expected ascending sparsities "
          + "between 0 and 1, such as [0.25, 0.5, 0.75]",
        "c.yaml:6:1: unknown key 'modle'; did you mean 'model'?",
        "c.yaml:9:9: task.kind: found 'binry', expected one of binary, multiclass, inr, "
          + "speech; did you mean 'binary'?",
        "c.yaml:10:13: batch_size: found '1', expected a whole number from 2 to 4096",
      ])
  }

  @Test(
    "text that is no config says so with its place",
    arguments: [
      ("", "c.yaml:1:1: the file is empty"),
      ("- a\n- b", "c.yaml:1:1: expected keys and values"),
      ("seed: [1", "not valid YAML"),
      ("seed: 1\nseed: 2", "key given twice: 'seed'"),
      ("seed: -1", "c.yaml:1:7: seed: found '-1'"),
      ("seed: 99999999999999999999999", "c.yaml:1:7: seed: found"),
      ("optimizer:\n  learning_rate: .nan", "c.yaml:2:18: optimizer.learning_rate: found '.nan'"),
      ("optimizer: fast", "c.yaml:1:12: 'optimizer' is a section of keys"),
      ("name:", "name: found nothing, expected text"),
      ("dataset:\n  kind: cifar10", "dataset.path: missing"),
      ("subsets:\n  by: all", "subsets.by 'all' leaves no negatives"),
      ("dataset:\n  kind: folder", "dataset.path: missing; dataset.kind 'folder' needs"),
      ("subsets:\n  by: domain\ntask:\n  kind: multiclass", "'domain' needs dataset.kind 'folder'"),
      ("dataset:\n  kind: folder\n  path: a\nsubsets:\n  by: domain", "a domain holds every class"),
      (
        "task:\n  kind: inr",
        "c.yaml:2:3: task.kind: 'inr' needs dataset.kind 'image' or 'landscape'"
      ),
      ("dataset:\n  kind: landscape", "'landscape' is one picture, which needs task.kind 'inr'"),
      (
        Self.picture + "dataset:\n  kind: image\n  path: a.png",
        "dataset.regions: missing; dataset.kind 'image'"
      ),
      (
        Self.picture + "dataset:\n  kind: image\n  regions: a.png",
        "dataset.path: missing; dataset.kind 'image' needs a picture"
      ),
      ("dataset:\n  regions: a.png", "c.yaml:2:3: dataset.regions: has no meaning with"),
      (
        "dataset:\n  unlabelled: [0, 256]", "c.yaml:2:19: dataset.unlabelled: found '256', expected"
      ),
      ("dataset:\n  unlabelled: 7", "dataset.unlabelled: found '7', expected a list of different"),
      ("model:\n  kind: coordinate_mlp", "'coordinate_mlp' reads points of a picture and needs"),
      ("subsets:\n  by: region", "subsets.by: 'region' needs task.kind 'inr', found 'binary'"),
      (
        "dataset:\n  kind: landscape\ntask:\n  kind: inr\nmodel:\n  kind: coordinate_mlp",
        "subsets.by: found 'class', expected 'region' or 'all' with task.kind 'inr'"
      ),
      (
        "dataset:\n  kind: landscape\ntask:\n  kind: inr\nsubsets:\n  by: region",
        "model.kind: found 'small_cnn', expected 'coordinate_mlp' with task.kind 'inr'"
      ),
      (
        "task:\n  kind: speech",
        "c.yaml:2:3: task.kind: 'speech' needs dataset.kind 'speech' or 'procedural_speech'"
      ),
      (
        "dataset:\n  kind: procedural_speech",
        "'procedural_speech' is speech in noise, which needs task.kind 'speech', found 'binary'"
      ),
      (Self.speech + "dataset:\n  kind: speech", "dataset.path: missing; dataset.kind 'speech'"),
      ("dataset:\n  sample_rate: 8000", "c.yaml:2:3: dataset.sample_rate: has no meaning with"),
      ("dataset:\n  sample_rate: 44", "found '44', expected a whole number from 4000 to 192000"),
      ("dataset:\n  kind: speach", "found 'speach', expected one of"),
      ("dataset:\n  kind: speach", "did you mean 'speech'?"),
      (
        Self.speech + "dataset:\n  kind: procedural_speech\n  lowest_snr: 12",
        "dataset.highest_snr: found 10.0, expected at least dataset.lowest_snr, which is 12.0"
      ),
      ("dataset:\n  seconds: 0", "dataset.seconds: found '0', expected a number from 0.25 to 60"),
      ("model:\n  kind: spectral_unet", "'spectral_unet' reads the spectra of sounds and needs"),
      ("model:\n  mask: bounded", "model.mask: found 'bounded', which has no meaning with"),
      ("subsets:\n  by: scene", "subsets.by: 'scene' needs task.kind 'speech', found 'binary'"),
      (
        "dataset:\n  kind: procedural_speech\ntask:\n  kind: speech\nmodel:\n  kind: spectral_unet",
        "subsets.by: found 'class', expected 'scene' or 'all' with task.kind 'speech'"
      ),
      (
        "dataset:\n  kind: procedural_speech\ntask:\n  kind: speech\nsubsets:\n  by: scene",
        "model.kind: found 'small_cnn', expected 'spectral_unet' with task.kind 'speech'"
      ),
      ("subsets:\n  by: groups", "c.yaml:2:3: subsets.by: 'groups' needs subsets.groups"),
      ("subsets:\n  by: superclass", "needs dataset.kind 'cifar100', found 'procedural'"),
      ("subsets:\n  by: k_means\n  count: 3", "needs subsets.embedding"),
      ("subsets:\n  count: 3", "subsets.count: has no meaning with subsets.by 'class'"),
      (
        "subsets:\n  by: groups\n  groups: {a: [x]}", "c.yaml:3:11: subsets.groups: found a section"
      ),
      ("subsets:\n  by: groups\n  groups: {a: [x], b/c: [y]}", "found 'b/c', expected a name"),
      ("subsets:\n  by: groups\n  groups: {a: [x], b: y}", "found 'y' for 'b', expected a list"),
      ("task:\n  kind: multiclass", "c.yaml:2:3: task.kind: found 'multiclass', which needs"),
    ])
  func badText(yaml: String, expected: String) {
    let found = problems(yaml)
    #expect(found.count == 1 && found[0].contains(expected), "\(found)")
  }

  @Test(
    "anchors, aliases and huge or deep texts are refused with their place",
    arguments: [
      ("name: &a x", "c.yaml:1:7: found an anchor"),
      ("seed: 1\nsubsets:\n  classes: [a, *b]", "c.yaml:3:16: found an alias"),
      ("- &a\n", "c.yaml:1:3: found an anchor"),
      (String(repeating: "[", count: 5000), "not valid YAML"),
      (String(repeating: "- ", count: 50_000), "not valid YAML"),
      (String(repeating: "#", count: 300_000), "300000 bytes, expected at most 262144"),
      // A quote in a block hides the anchors from the scan; there are still too many.
      (
        "name: |\n  'x\na: &a [x, x]\n"
          + (0..<20).map { "k\($0): !!seq &b\($0) [*a, *a]\n" }.joined(),
        "a text without aliases"
      ),
    ])
  func hostileText(yaml: String, expected: String) {
    let found = problems(yaml)
    #expect(found.count == 1 && found[0].contains(expected), "\(found)")
  }

  @Test("a pipe is refused, and nobody waits for its other end")
  func pipe() throws {
    let path = NSTemporaryDirectory() + "pipe-\(UUID().uuidString).yaml"
    try #require(mkfifo(path, 0o600) == 0)
    defer { unlink(path) }
    #expect(
      throws: ExperimentError.file(
        path: path, reason: "cannot be read: it is not an ordinary file")
    ) { try ExperimentConfig.load(path: path) }
  }

  @Test("signs that only look like anchors are text")
  func harmlessSigns() throws {
    for (text, name) in [
      ("name: a & b * c", "a & b * c"), ("name: \"&a *b\" # *this* & that", "&a *b"),
      ("name: '*a'", "*a"), ("# &x *y\nname: b&c", "b&c"),
    ] {
      #expect(try ExperimentConfig.parse(yaml: text, file: "c.yaml").name == name)
    }
  }

  @Test("--set changes keys and is named in its problems")
  func overrides() throws {
    let config = try ExperimentConfig.parse(
      yaml: "seed: 1", file: "c.yaml",
      overrides: ["extraction.prune_count=512", "extraction.targets=[0.9]", "name=x=y"])
    #expect(config.extraction.pruneCount == 512)
    #expect(config.extraction.targets == [0.9])
    #expect(config.name == "x=y")
    #expect(
      problems("seed: 1", ["extraction.prune_count=0", "seed", "exraction.ranking=layer"]) == [
        "--set extraction.prune_count: found '0', expected a whole number "
          + "from 1 to 1000000000",
        "--set seed: expected KEY=VALUE",
        "--set exraction.ranking: unknown key 'exraction.ranking'; "
          + "did you mean 'extraction.ranking'?",
      ])
    #expect(
      problems("seed: 1", ["epochs_per_round=3", "epochs_pre_round=3", "learning_rate=1"]) == [
        "--set epochs_per_round: unknown key 'epochs_per_round'; did you mean "
          + "'extraction.epochs_per_round'?",
        "--set epochs_pre_round: unknown key 'epochs_pre_round'; did you mean "
          + "'extraction.epochs_per_round'?",
        "--set learning_rate: unknown key 'learning_rate'; several sections have it: "
          + "optimizer.learning_rate, extraction.learning_rate, retraining.learning_rate",
      ])
  }

  @Test("a relative dataset path starts at the config's folder, or where --set was typed")
  func relativePaths() throws {
    let yaml = "dataset:\n  kind: cifar10\n  path: ../data"
    let inFile = try ExperimentConfig.parse(yaml: yaml, file: "c.yaml", folder: "/a/b")
    #expect(inFile.dataset.path == "/a/data")
    let set = try ExperimentConfig.parse(
      yaml: yaml, file: "c.yaml", folder: "/a/b", overrides: ["dataset.path=here"])
    #expect(set.dataset.path == FileManager.default.currentDirectoryPath + "/here")
  }

  @Test("a learning rate decays from all of it to none")
  func decay() {
    let places = [0, 0.25, 0.5, 1]
    func factors(_ decay: RetrainingConfig.Decay) -> [Double] { places.map(decay.factor(at:)) }
    #expect(factors(.none) == [1, 1, 1, 1])
    #expect(factors(.linear) == [1, 0.75, 0.5, 0])
    for (factor, expected) in zip(factors(.cosine), [1, (2 + 2.0.squareRoot()) / 4, 0.5, 0]) {
      #expect(abs(factor - expected) < 1e-15)
    }
  }

  @Test("a missing file and bytes that are no text are named")
  func unreadable() throws {
    #expect(throws: ExperimentError.self) { try ExperimentConfig.load(path: "/nowhere/c.yaml") }
    let path = NSTemporaryDirectory() + "config-\(UUID().uuidString).yaml"
    try Data([0xff, 0xfe, 0x00]).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    do {
      _ = try ExperimentConfig.load(path: path)
      Issue.record("bytes that are not UTF-8 were accepted")
    } catch {
      #expect("\(error)".contains("not UTF-8"))
    }
  }
}
