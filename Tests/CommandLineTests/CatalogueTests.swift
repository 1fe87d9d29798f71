import Foundation
import Testing

/// `rtl runs` with conditions, `rtl tag`, `rtl note`, and runs whose files are hostile.
@Suite("The catalogue", .enabled(if: Program.path != nil, Program.absence))
struct CatalogueTests {
  private let folder: TemporaryFolder
  private var runs: String { folder.path("runs") }

  init() async throws {
    folder = try TemporaryFolder()
    // A copy, as other tests read the shared run at the same time.
    let finished = try await TinyExperiment.finished()
    try FileManager.default.createDirectory(
      atPath: folder.path("runs"), withIntermediateDirectories: true)
    for name in ["tiny", "other"] {
      try FileManager.default.copyItem(
        atPath: finished.directory, toPath: folder.path("runs/\(name)"))
    }
  }

  @Test("tags and notes are shown, asked for, and survive the index")
  func labels() async throws {
    #expect(try await Program.rtl("tag", "tiny", "keep", "x", "--runs", runs).status == 0)
    #expect(try await Program.rtl("note", "tiny", "a, \"b\"", "--runs", runs).status == 0)
    for _ in 0..<2 {
      let listed = try await Program.rtl(
        "runs", "--where", "tag = 'keep' and sparsity >= 0.5", "--csv", "--runs", runs)
      #expect(listed.status == 0, "\(listed.summary)")
      let lines = listed.output.components(separatedBy: "\r\n")
      #expect(lines.count == 3 && lines[0].hasPrefix("name,state,dataset,model,seed,rounds,"))
      #expect(lines[1].hasPrefix("tiny,finished,procedural,small_cnn,7,2,0.5,"))
      #expect(lines[1].hasSuffix(",keep x,\"a, \"\"b\"\"\""))
      try? FileManager.default.removeItem(atPath: folder.path("runs/catalogue.sqlite"))
    }
    let shown = try await Program.rtl("show", "tiny", "--json", "--runs", runs)
    let object = try TinyExperiment.object(shown.output)
    #expect(object["tags"] as? [String] == ["keep", "x"])
    #expect(object["note"] as? String == "a, \"b\"")
    let removed = try await Program.rtl("tag", "tiny", "x", "--remove", "--runs", runs)
    #expect(removed.status == 0 && removed.output.contains("keep"))
    #expect(!removed.output.contains("x"))
  }

  @Test("JSON of chosen runs is what show prints, in the order asked for")
  func json() async throws {
    let outcome = try await Program.rtl(
      "runs", "--where", "rounds = 2", "--sort", "name", "--descending", "--json", "--runs", runs)
    let parsed = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    let list = try #require(parsed as? [[String: Any]])
    #expect(list.count == 2 && list[0]["subnetworks"] is [Any])
    let rounds = try await Program.rtl(
      "runs", "--where", "name = 'tiny'", "--rounds", "--json", "--runs", runs)
    let figures = try JSONSerialization.jsonObject(with: Data(rounds.output.utf8))
    let rows = try #require(figures as? [[String: Any]])
    #expect(rows.compactMap { $0["round"] as? Int } == [1, 2])
    #expect(rows.allSatisfy { $0["joint_balanced_accuracy"] is Double })
  }

  @Test(
    "what cannot be asked is status 2 with the place",
    arguments: [
      (["--where", "sparsty > 0"], "--where: column 1: found 'sparsty'"),
      (["--sort", "f2"], "--sort: column 1: found 'f2'"), (["--limit", "-1"], "--limit"),
      (["--json", "--csv"], "expected one of them"),
    ])
  func refusals(arguments: [String], expected: String) async throws {
    let outcome = try await Program.run(
      try #require(Program.path), ["runs", "--runs", runs] + arguments)
    #expect(outcome.status == 2, "\(outcome.summary)")
    #expect(outcome.errors.contains(expected), "\(outcome.errors)")
  }

  @Test("a damaged index and a hostile run cost a word each")
  func hostile() async throws {
    try folder.write("garbage", to: "runs/catalogue.sqlite")
    try folder.write("{\"seconds\": ", to: "runs/other/summary.json")
    try folder.write("garbage\u{1b}[2J\n", to: "runs/other/events.jsonl")
    let listed = try await Program.rtl("runs", "--csv", "--runs", runs)
    #expect(listed.status == 0, "\(listed.summary)")
    #expect(listed.output.contains("tiny,finished") && !listed.output.contains("other"))
    #expect(listed.errors.contains("made anew") && listed.errors.contains("no run_started event"))
    let shown = try await Program.rtl("show", "other", "--runs", runs)
    #expect(shown.status == 2, "\(shown.summary)")
  }

  @Test("figures beyond all measure and escape codes are shown without harm")
  func strangeSummary() async throws {
    let path = folder.path("runs/other/summary.json")
    var object = try TinyExperiment.object(
      try String(contentsOfFile: path, encoding: .utf8))
    object["seconds"] = "inf"
    object["started_at"] = -1e300
    object["dataset"] = "a\u{1b}[31mb"
    try JSONSerialization.data(withJSONObject: object).write(to: URL(fileURLWithPath: path))
    let log = folder.path("runs/other/events.jsonl")
    let text = try String(contentsOfFile: log, encoding: .utf8)
    try Data((text + "garbage\n").utf8).write(to: URL(fileURLWithPath: log))
    for arguments in [["runs"], ["show", "other"]] {
      let outcome = try await Program.run(
        try #require(Program.path), arguments + ["--runs", runs])
      #expect(outcome.status == 0, "\(outcome.summary)")
      #expect(!outcome.output.contains("\u{1b}"))
      if arguments[0] == "show" { #expect(outcome.errors.contains("1 damaged line(s)")) }
    }
  }

  @Test("an error that quotes a file quotes no escape codes")
  func escapes() async throws {
    let config = try folder.write("\"se\\eed\": 1\n", to: "c.yaml")
    let outcome = try await Program.rtl("check", config)
    #expect(outcome.status == 2, "\(outcome.summary)")
    #expect(outcome.errors.contains("c.yaml:1:1") && !outcome.errors.contains("\u{1b}"))
  }
}
