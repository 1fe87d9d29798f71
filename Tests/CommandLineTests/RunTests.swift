import Foundation
import Testing

/// A run from start to export, read through the program's own verbs.
@Suite("rtl run", .enabled(if: Program.path != nil, Program.absence))
struct RunTests {
  @Test("a headless run ends well and tells its epochs")
  func headless() async throws {
    let run = try await TinyExperiment.finished()
    #expect(run.outcome.status == 0, "\(run.outcome.summary)")
    #expect(run.outcome.output.contains("epoch 1"))
    #expect(!run.outcome.output.contains("\u{1b}"), "escape codes in plain output")
  }

  @Test("rtl show has the documented keys, and they agree with each other")
  func show() async throws {
    let run = try await TinyExperiment.finished()
    let outcome = try await Program.rtl("show", "tiny", "--json", "--runs", run.runs)
    #expect(outcome.status == 0, "\(outcome.summary)")
    let summary = try TinyExperiment.object(outcome.output)
    #expect(summary["state"] as? String == "finished")
    #expect(summary["rounds"] as? Int == 2)
    let prunable = try #require(summary["prunable_parameters"] as? Int)
    let union = try #require(summary["union_parameters"] as? Int)
    let subnetworks = try #require(summary["subnetworks"] as? [[String: Any]])
    #expect(subnetworks.count == 10)
    for subnetwork in subnetworks {
      #expect(subnetwork["name"] is String)
      let left = try #require(subnetwork["weights_left"] as? Int)
      let sparsity = try #require(subnetwork["sparsity"] as? Double)
      #expect(abs(Double(left) - 0.5 * Double(prunable)) <= 1)
      #expect(abs(sparsity - (1 - Double(left) / Double(prunable))) < 1e-9)
      #expect(union >= left && union <= prunable)
      for key in ["balanced_accuracy", "precision", "recall", "f1", "mean_jaccard"] {
        let value = try #require(subnetwork[key] as? Double, "\(key) is missing")
        #expect((0...1).contains(value), "\(key) = \(value)")
      }
    }
    for key in ["jaccard", "chance_jaccard"] {
      let matrix = try #require(summary[key] as? [[Double]])
      #expect(matrix.count == 10 && matrix.allSatisfy { $0.count == 10 })
    }
    let jaccard = try #require(summary["jaccard"] as? [[Double]])
    for i in 0..<10 {
      #expect(jaccard[i][i] == 1)
      for j in 0..<10 { #expect(jaccard[i][j] == jaccard[j][i]) }
    }
    let text = try await Program.rtl("show", "tiny", "--runs", run.runs)
    #expect(text.status == 0 && text.output.contains("finished"))
  }

  @Test("rtl runs lists it")
  func runs() async throws {
    let run = try await TinyExperiment.finished()
    let outcome = try await Program.rtl("runs", "--json", "--runs", run.runs)
    #expect(outcome.status == 0, "\(outcome.summary)")
    let parsed = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    let list = try #require(parsed as? [[String: Any]])
    #expect(list.compactMap { $0["name"] as? String } == ["tiny"])
    let empty = try TemporaryFolder()
    let none = try await Program.rtl("runs", "--json", "--runs", empty.path("none"))
    #expect(none.status == 0, "\(none.summary)")
    #expect(none.output.filter { !$0.isWhitespace } == "[]")
  }

  @Test("rtl masks compares the masks of each round, also within a layer")
  func masks() async throws {
    let run = try await TinyExperiment.finished()
    var meanOverlap: [Double] = []
    for round in [1, 2] {
      let outcome = try await Program.rtl(
        "masks", "tiny", "--round", "\(round)", "--json", "--runs", run.runs)
      #expect(outcome.status == 0, "\(outcome.summary)")
      let report = try TinyExperiment.object(outcome.output)
      #expect(report["round"] as? Int == round)
      let jaccard = try #require(report["jaccard"] as? [[Double]])
      let pairs = (0..<10).flatMap { i in (0..<i).map { jaccard[i][$0] } }
      meanOverlap.append(pairs.reduce(0, +) / Double(pairs.count))
      // The chance level of two masks of one density d is d / (2 - d).
      let chance = try #require(report["chance"] as? [[Double]])
      let density = round == 1 ? 0.75 : 0.5
      #expect(abs(chance[1][0] - density / (2 - density)) < 0.001)
      let layers = try #require(report["layers"] as? [[String: Any]])
      let name = try #require(layers.first?["name"] as? String)
      let layer = try await Program.rtl(
        "masks", "tiny", "--round", "\(round)", "--layer", name, "--json", "--runs", run.runs)
      #expect(layer.status == 0, "\(layer.summary)")
      #expect(try TinyExperiment.object(layer.output)["name"] as? String == name)
    }
    #expect(meanOverlap[1] < meanOverlap[0])
    let text = try await Program.rtl("masks", "tiny", "--runs", run.runs)
    #expect(text.status == 0 && text.output.contains("round 2"))
  }

  @Test("rtl eval gives the recorded figures again and a line per held-out sample")
  func evaluation() async throws {
    let run = try await TinyExperiment.finished()
    let file = run.folder.path("predictions.csv")
    let outcome = try await Program.rtl(
      "eval", "tiny", "--json", "--predictions", file, "--runs", run.runs)
    #expect(outcome.status == 0, "\(outcome.summary)")
    let report = try TinyExperiment.object(outcome.output)
    let fresh = try #require(report["subnetworks"] as? [[String: Any]])
    let shown = try await Program.rtl("show", "tiny", "--json", "--runs", run.runs)
    let summary = try TinyExperiment.object(shown.output)
    let recorded = try #require(summary["subnetworks"] as? [[String: Any]])
    #expect(fresh.count == recorded.count)
    for (a, b) in zip(fresh, recorded) {
      let (now, then) = (a["balanced_accuracy"] as? Double, b["balanced_accuracy"] as? Double)
      #expect(now != nil && now == then)
    }
    let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 101)
    let columns = lines.first?.split(separator: ",").count ?? 0
    #expect(columns >= 12, "label and ten scores at least: \(lines.first ?? "")")
    #expect(lines.allSatisfy { $0.split(separator: ",").count == columns })
  }

  @Test("rtl export writes safetensors files")
  func export() async throws {
    let run = try await TinyExperiment.finished()
    let folder = run.folder.path("exported")
    let outcome = try await Program.rtl(
      "export", "tiny", "--format", "safetensors", "-o", folder, "--runs", run.runs)
    #expect(outcome.status == 0, "\(outcome.summary)")
    let files = TemporaryFolder.files(below: folder, suffix: ".safetensors")
    #expect(!files.isEmpty)
    for file in files {
      let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file)"))
      let length = data.prefix(8).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
      let header = try JSONSerialization.jsonObject(with: data.dropFirst(8).prefix(length))
      #expect(header is [String: Any], "\(file)")
    }
    let refused = try await Program.rtl("export", "tiny", "-o", folder, "--runs", run.runs)
    #expect(
      refused.status == 2 && refused.errors.contains("is there already"), "\(refused.summary)")
  }

  @Test("the run directory keeps configs, events, masks and a summary")
  func directory() async throws {
    let run = try await TinyExperiment.finished()
    let files = Set(
      FileManager.default.enumerator(atPath: run.directory)?.compactMap { $0 as? String } ?? [])
    #expect(files.contains("events.jsonl") && files.contains("summary.json"))
    let configs = files.filter { $0.hasSuffix(".yaml") }
    #expect(configs.count >= 2, "as given and as resolved: \(configs)")
    // Round 0 is where everything starts: nothing pruned.
    #expect(
      files.filter { $0.hasPrefix("masks/round-") }
        == ["0000", "0001", "0002"].reduce(into: []) {
          $0.insert("masks/round-\($1).safetensors")
        })
    // Every event is a line of JSON with consecutive numbers.
    let log = try String(contentsOfFile: run.directory + "/events.jsonl", encoding: .utf8)
    let lines = log.split(separator: "\n")
    #expect(lines.count > 100)
    for line in lines { _ = try TinyExperiment.object(String(line)) }
    // The resolved config is a config and gives the same run.
    for config in configs {
      let outcome = try await Program.rtl("check", "\(run.directory)/\(config)")
      #expect(outcome.status == 0, "\(config): \(outcome.summary)")
    }
  }

  @Test("without a terminal the workbench falls back to plain mode and says so")
  func plain() async throws {
    let folder = try TemporaryFolder()
    let config = try folder.write(TinyExperiment.config, to: "tiny.yaml")
    let outcome = try await Program.rtl(
      "run", config, "--runs", folder.path("runs"), environment: ["TERM": "dumb"])
    #expect(outcome.status == 0, "\(outcome.summary)")
    #expect((outcome.output + outcome.errors).lowercased().contains("plain"))
    #expect(!outcome.output.contains("\u{1b}"))
  }

  @Test(
    "a run on CIFAR-10 files",
    .enabled(
      if: ProcessInfo.processInfo.environment["RTL_DATA"] != nil,
      "RTL_DATA does not name a folder with cifar-10-batches-bin"))
  func cifar() async throws {
    let folder = try TemporaryFolder()
    let data = try #require(ProcessInfo.processInfo.environment["RTL_DATA"])
    let text = TinyExperiment.config.replacingOccurrences(
      of: "  kind: procedural\n",
      with: "  kind: cifar10\n  path: \(data)/cifar-10-batches-bin\n")
    let config = try folder.write(text, to: "cifar.yaml")
    let outcome = try await Program.rtl(
      "run", config, "--headless", "--runs", folder.path("runs"), "--name", "cifar")
    #expect(outcome.status == 0, "\(outcome.summary)")
    let shown = try await Program.rtl("show", "cifar", "--json", "--runs", folder.path("runs"))
    let summary = try TinyExperiment.object(shown.output)
    #expect(summary["dataset"] as? String == "cifar10")
    let names = (summary["subnetworks"] as? [[String: Any]])?.compactMap { $0["name"] as? String }
    #expect(names?.first == "airplane" && names?.last == "truck")
  }
}
