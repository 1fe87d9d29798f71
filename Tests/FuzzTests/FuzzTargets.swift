import Catalogue
import Datasets
import Experiments
import Foundation
import LotteryEngine
import NeuralNetworks
import Tensors
import TerminalUI

/// Every reader of files or text from outside.
extension FuzzTarget {
  /// All targets; their samples are made once.
  static func all() throws -> [FuzzTarget] { try made.get() }

  private static let made = Result {
    [
      try config(), try theme(), settings(), try safetensors(), try masks(), try events(),
      try summary(), try labels(), try cifar(), try classNames(), try embedding(), filter(),
      try index(), try sounds(), similarity(), try wordNet(),
    ]
  }

  private static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static func files(_ folder: String, _ suffix: String) throws -> [[UInt8]] {
    let place = checkout.appendingPathComponent(folder)
    return try FileManager.default.contentsOfDirectory(atPath: place.path).sorted()
      .filter { $0.hasSuffix(suffix) }
      .map { [UInt8](try Data(contentsOf: place.appendingPathComponent($0))) }
  }

  private static let yamlWords = [
    ":", ": ", "- ", "? ", "[", "]", "{", "}", "&a ", "*a", "<<: ", "!!binary ", "!<x> ", "---\n",
    "...\n", "|\n", ">-\n", "\"", "'", "\\x00", "\\u0000", "# ", "\n", "\r", "\t", "  ",
    "%YAML 1.1\n",
    "~", "null", ".nan", ".inf", "true", "\u{feff}", "\u{2028}",
  ]

  private static func config() throws -> FuzzTarget {
    FuzzTarget(
      name: "config", samples: try files("sample-configs", ".yaml"),
      words: bytes(
        yamlWords + ExperimentConfig.keyNames + [
          "name", "kind: cifar10", "path: a", "kind: recipe", "conv: {out: 9, kernel: 3}",
          "depthwise: {kernel: 5}", "linear: {out: 4096}", "pool: global", "flatten", "relu",
          "residual: ", "body: ", "shortcut: ", "se: {reduction: 2}", "size: 64",
        ])
    ) { input in
      // The file readers refuse what is not UTF-8; here it is mended, to be read at all.
      let text = String(decoding: input, as: UTF8.self)
      let config = try ExperimentConfig.parse(yaml: text, file: "c.yaml")
      let again = try? ExperimentConfig.parse(yaml: config.yaml(), file: "again.yaml")
      return again == config ? nil : "its own text is another config:\n\(config.yaml())"
    }
  }

  private static func theme() throws -> FuzzTarget {
    let words = [
      "fg", "bg", "roles", "inherits", "dark", "colors", "none", "heat", "#ffffff", "#é12345",
      "256",
    ]
    return FuzzTarget(
      name: "theme", samples: try files("themes", ".yaml"),
      words: bytes(yamlWords + words)
    ) { input in
      // The file readers refuse what is not UTF-8; here it is mended, to be read at all.
      let text = String(decoding: input, as: UTF8.self)
      let file = try ThemeFile(yaml: text, file: "t.yaml")
      for depth in ColorDepth.allCases { _ = file.theme.adapted(to: depth) }
      return nil
    }
  }

  private static func settings() -> FuzzTarget {
    let samples = [
      "theme: nord\nmouse: on\nkeys:\n  pause: Space\n  zoom: [Z, \"?\"]\n  retrain: []\n",
      "keys: { help: [F1, ctrl-g, alt-x], leave: ctrl-q }\n",
    ]
    let words = [
      "theme", "mouse", "keys", "on", "off", "F63", "ctrl-z", "alt-é", "mouse-press@1,2",
    ]
    return FuzzTarget(
      name: "settings", samples: samples.map { Array($0.utf8) }, words: bytes(yamlWords + words)
    ) { input in
      let file = try SettingsFile(yaml: String(decoding: input, as: UTF8.self), file: "c.yaml")
      for key in file.keys.flatMap(\.keys) where Key(text: key.key.description) != key.key {
        return "\(key.key) is not read back"
      }
      return nil
    }
  }

  private static let jsonWords = [
    "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0000", "\\ud800", "\\ud83d\\ude00", "null",
    "true",
    "1e400", "-1", "{\"a\":", "[[", "\u{0}", " ", "\"data_offsets\":[0,0]", "\"shape\":[]",
    "\"dtype\":\"F32\"",
    "\"__metadata__\":{", "BOOL", "F16", "BF16", "I64", "U8",
    "\"x\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},",
  ]

  private static func safetensors() throws -> FuzzTarget {
    let file = SafetensorsFile(
      tensors: [
        .init(name: "b.weight", shape: [2, 3], floats: [1, -2, .infinity, 0.1, -0, 3]),
        .init(name: "a/mask", shape: [5], booleans: [true, false, true, true, false]),
        .init(name: "count", integer: -(1 << 40)),
      ], metadata: ["format": "pt", "é": "\"quoted\"\n"])
    return FuzzTarget(
      name: "safetensors",
      samples: [[UInt8](try file.encoded()), [UInt8](try SafetensorsFile(tensors: []).encoded())],
      words: bytes(jsonWords), usual: 2000
    ) { input in
      let read = try SafetensorsFile(data: Data(input), path: "f")
      for tensor in read.tensors {
        _ = try? tensor.floats()
        _ = tensor.floatsOfAnyPrecision
        _ = try? tensor.booleans()
        _ = try? tensor.integer()
      }
      let again = try SafetensorsFile(data: try read.encoded(), path: "again")
      // Tensors without bytes share a place, and so may change theirs.
      let isSame = Set(again.tensors.map(\.name)) == Set(read.tensors.map(\.name))
      return isSame && again.metadata == read.metadata ? nil : "what was read is written otherwise"
    }
  }

  private static func masks() throws -> FuzzTarget {
    let layout = Architecture.smallCNN.parameterLayout(outputs: 1)
    var bits = BitVector(repeating: true, count: layout.prunableCount)
    for index in stride(from: 0, to: bits.count, by: 3) { bits[index] = false }
    let mask = Mask.dense(count: bits.count, subset: "a", seed: 1)
      .pruned(to: bits, round: 1, rule: "global")
    let good = [UInt8](try Tickets.masks([mask], layout: layout, round: 1).encoded())
    let file = try ScratchFile("masks.safetensors")
    return FuzzTarget(
      name: "masks", samples: [good], words: bytes(jsonWords + ["a/", "sha256", "seed"]),
      limit: 1 << 17, usual: 100
    ) { input in
      try file.write(input)
      let read = try Tickets.readMasks(file.path, subnetworks: ["a"], layout: layout, round: 1)
      return read.count == 1 ? nil : "\(read.count) masks of 1"
    }
  }

  private static func events() throws -> FuzzTarget {
    let lines = try SampleRun.events.map { [UInt8](try EventLog.encode($0)) }
    return FuzzTarget(
      name: "events", samples: [lines.flatMap(\.self)] + lines,
      words: bytes(
        jsonWords + ["\n", "\"event\":\"step_finished\"", "\"nan\"", "log_version", "\"round\":"])
    ) { input in
      let losses: EventLog.Losses
      var events: [RecordedEvent] = []
      losses = EventLog.scan(Data(input)) { events.append($0) }
      _ = losses.description
      if let summary = RunSummary(events: events) { _ = try ExperimentJSON.pretty(summary) }
      let lineCount = input.split(separator: 10).count
      let total =
        events.count + losses.damagedLines + losses.unknownEvents + (losses.hasTornTail ? 1 : 0)
      return total == lineCount ? nil : "\(total) lines accounted for of \(lineCount)"
    }
  }

  private static func summary() throws -> FuzzTarget {
    guard let summary = RunSummary(events: SampleRun.events) else { return broken("summary") }
    let runs = try ScratchFile("summaries/run/summary.json")
    let folder = URL(fileURLWithPath: runs.path).deletingLastPathComponent()
      .deletingLastPathComponent()
    try Data(ExperimentConfig().yaml().utf8).write(
      to: folder.appendingPathComponent("run/config.resolved.yaml"))
    return FuzzTarget(
      name: "summary", samples: [Array(try ExperimentJSON.pretty(summary).utf8)],
      words: bytes(jsonWords + ["\"inf\"", "\"state\" : \"finished\"", "\"seconds\" : "])
    ) { input in
      try runs.write(input)
      let catalogue = RunCatalogue(runsFolder: folder.path)
      _ = try catalogue.runs()
      _ = try catalogue.rounds(of: ["run"])
      _ = try RunDirectory.open("run", in: folder.path).summary()
      return nil
    }
  }

  private static func labels() throws -> FuzzTarget {
    let file = try ScratchFile("labels/run/labels.json")
    let folder = URL(fileURLWithPath: file.path).deletingLastPathComponent()
      .deletingLastPathComponent()
    try Data(ExperimentConfig().yaml().utf8).write(
      to: folder.appendingPathComponent("run/config.resolved.yaml"))
    let good = try ExperimentJSON.pretty(RunLabels(tags: ["a", "é"], note: "n"))
    return FuzzTarget(
      name: "labels", samples: [Array(good.utf8)], words: bytes(jsonWords + ["tags", "note"])
    ) { input in
      try file.write(input)
      _ = try RunDirectory.open("run", in: folder.path).labels()
      return nil
    }
  }

  private static func cifar() throws -> FuzzTarget {
    let record = [UInt8](repeating: 7, count: 3073)
    let file = try ScratchFile("batch.bin")
    return FuzzTarget(
      name: "cifar",
      samples: [record, record + record, [3] + record.dropFirst()],
      words: [record, [9], [10], [255], Array("\n".utf8), Array("/".utf8)]
    ) { input in
      try file.write(input)
      let images = try CIFAR10.images(in: file.path)
      return images.count * 3073 == input.count ? nil : "\(images.count) images"
    }
  }

  private static func classNames() throws -> FuzzTarget {
    let names = "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n"
    let file = try ScratchFile("batches.meta.txt")
    return FuzzTarget(
      name: "class names", samples: [Array(names.utf8)],
      words: bytes(["\n", "/", "\r\n", "\u{0}", "é"])
    ) { input in
      try file.write(input)
      let names = try CIFAR10.classNames(file.path)
      return Set(names).count == 10 ? nil : "the names \(names)"
    }
  }

  private static func embedding() throws -> FuzzTarget {
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }\n"
    let start = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0]
    let file = try ScratchFile("classes.npy")
    return FuzzTarget(
      name: "embedding",
      samples: [start + Array(header.utf8) + [UInt8](repeating: 1, count: 16)],
      words: bytes([
        "'<f8'", "(2, 9223372036854775807)", "(2,)", "(", ")", "True", "'shape':", "-1", "1e9",
        "\u{0}",
      ]) + [[2], [255, 255, 255, 255]]
    ) { input in
      try file.write(input)
      let embedding = try ClassEmbedding.read(file.path, classes: 2)
      return embedding.vectors.count == 2
        && embedding.vectors.allSatisfy { $0.allSatisfy(\.isFinite) }
        ? nil : "\(embedding)"
    }
  }

  private static func filter() -> FuzzTarget {
    FuzzTarget(
      name: "filter",
      samples: bytes([
        "sparsity >= 0.75 and balanced_accuracy > 0.7",
        "not (name like 'a%' or tag = 'keep') and 1e-4 < f1", "seed = 18446744073709551615",
        "started_at > '2026-01-30' or note = none", "precision > recall and state ~ 'FIN'",
      ]),
      words: bytes(
        CatalogueColumn.names + [
          "(", ")", "and ", "or ", "not ", "'", "''", "\"", "=", "!=", "<>", "<", "~", "like ",
          "none",
          "%", "_", "1e999", "--", ";", "?", "\u{0}", "é", "\u{202e}", "2026-01-30",
          "2026-01-30T25:61:61Z",
        ]),
      limit: 5000, usual: 500
    ) { input in
      let filter = try RunFilter(parsing: String(decoding: input, as: UTF8.self))
      let catalogue = RunCatalogue(runsFolder: "/nowhere")
      _ = try catalogue.runs(where: filter)
      return catalogue.remarks.isEmpty ? nil : catalogue.remarks.joined(separator: "\n")
    }
  }

  private static func index() throws -> FuzzTarget {
    let file = try ScratchFile("indexed/catalogue.sqlite")
    let folder = (file.path as NSString).deletingLastPathComponent
    let directory = try RunDirectory.create(
      name: "run", defaultName: "run", in: folder, configText: "", config: ExperimentConfig())
    let lines = try SampleRun.events.map { try EventLog.encode($0) }
    try lines.reduce(Data(), +).write(to: URL(fileURLWithPath: directory.eventsPath))
    let catalogue = RunCatalogue(runsFolder: folder)
    _ = try catalogue.rounds(of: try catalogue.runs().map(\.name))
    let good = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file.path)))
    return FuzzTarget(
      name: "index", samples: [good],
      words: bytes(["SQLite format 3\u{0}", "CREATE TABLE run (", "run"]),
      limit: 1 << 18, usual: 50
    ) { input in
      try file.write(input)
      let catalogue = RunCatalogue(runsFolder: folder)
      let names = try catalogue.runs().map(\.name)
      _ = try catalogue.rounds(of: ["run"])
      return names == ["run"] ? nil : "the runs are \(names)"
    }
  }

  /// A target whose preparation failed; its test says so.
  private static func broken(_ name: String) -> FuzzTarget {
    FuzzTarget(name: name, samples: [[0]], words: []) { _ in "its samples could not be made" }
  }
}
