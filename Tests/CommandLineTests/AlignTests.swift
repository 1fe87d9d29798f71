import Foundation
import Testing

@Suite(.enabled(if: Program.path != nil, Program.absence)) struct AlignTests {
  /// A matrix for ten classes: the nearer their places, the more alike.
  private static func table(_ names: [String], spoil: (String) -> String = { $0 }) -> String {
    let rows = names.enumerated().map { i, name in
      name + names.indices.map { ",\(1 - Double(abs(i - $0)) / 10)" }.joined()
    }
    return spoil("," + names.joined(separator: ",") + "\n" + rows.joined(separator: "\n") + "\n")
  }

  private func names(_ run: TinyExperiment.Finished) async throws -> [String] {
    let shown = try await Program.rtl("show", "tiny", "--runs", run.runs, "--json")
    let rows = try TinyExperiment.object(shown.output)["subnetworks"] as? [[String: Any]]
    return try #require(rows).compactMap { $0["name"] as? String }
  }

  @Test func theRunIsMeasuredAndStaysAsItIs() async throws {
    // A run of its own: nothing may appear in the one that others read.
    let run = try await TinyExperiment.run(threads: 2)
    let names = try await names(run)
    let file = try run.folder.write(Self.table(names), to: "m.csv")
    let half = names.count / 2
    let outcome = try await Program.rtl(
      "align", "tiny", "--runs", run.runs, "--similarity", file, "--permutations", "99",
      "--groups", "left=" + names.prefix(half).joined(separator: ","),
      "--groups", "right=" + names.dropFirst(half).joined(separator: ","))
    #expect(outcome.status == 0, "\(outcome.summary)")
    for words in [
      "shallow", "deep", "along the pruning", "tree of the masks", "adjusted Rand index",
    ] {
      #expect(outcome.output.contains(words), "\(words)\n\(outcome.summary)")
    }
    let folder = run.directory + "/analysis"
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(files == ["align-map.svg", "align-sparsity.svg", "align.csv", "align.json"])
    let csv = try String(contentsOfFile: folder + "/align.csv", encoding: .utf8)
    let lines = csv.split(separator: "\r\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    #expect(lines.allSatisfy { $0.count == lines[0].count })
    // Two rounds with four levels; the last also with its layers, each with its classes.
    let layers = lines.filter { $0[2] == "layer" && $0[7] == "all" }
    #expect(!layers.isEmpty && layers.allSatisfy { $0[0] == "2" })
    #expect(lines.count == 1 + (8 + layers.count) * (names.count + 1))
    let json = try TinyExperiment.object(
      try String(contentsOfFile: folder + "/align.json", encoding: .utf8))
    #expect((json["rounds"] as? [Any])?.count == 2)

    let again = try await Program.rtl(
      "align", "tiny", "--runs", run.runs, "--similarity", file, "--permutations", "99",
      "--target", "0.25", "--level", "deep", "--json", "-o", run.folder.path("out"))
    #expect(again.status == 0, "\(again.summary)")
    let map = try TinyExperiment.object(again.output)["map"] as? [String: Any]
    #expect(map?["round"] as? Int == 1 && map?["level"] as? String == "deep")
    #expect(FileManager.default.fileExists(atPath: run.folder.path("out/align-map.svg")))

    let verified = try await Program.rtl("verify", "tiny", "--runs", run.runs, "--steps", "2")
    #expect(verified.status == 0, "\(verified.summary)")
  }

  @Test func badInputIsToldInOneSentence() async throws {
    let run = try await TinyExperiment.finished()
    let names = try await names(run)
    let folder = try TemporaryFolder()
    let output = folder.path("out")
    func problem(_ arguments: String...) async throws -> String {
      let outcome = try await Program.run(
        try #require(Program.path),
        ["align", "tiny", "--runs", run.runs, "-o", output] + arguments)
      #expect(outcome.status == 2, "\(outcome.summary)")
      return outcome.errors
    }
    let good = try folder.write(Self.table(names), to: "good.csv")
    let bad = try folder.write(
      Self.table(names) { $0.replacingOccurrences(of: ",0.9", with: ",nan") }, to: "bad.csv")
    #expect(try await problem("--similarity", bad).contains("bad.csv:2:"))
    let other = try folder.write(Self.table(names.map { $0 + "x" }), to: "other.csv")
    #expect(
      try await problem("--similarity", other).contains("did you mean '\(names[0])x'?"))
    #expect(
      try await problem("--wordnet", folder.path("none")).contains("package wordnet-base"))
    #expect(
      try await problem("--similarity", good, "--round", "9").contains("it has 1 to 2"))
    #expect(
      try await problem("--similarity", good, "--target", "0.3").contains("0.25, 0.5"))
    #expect(
      try await problem("--similarity", good, "--level", "shalow").contains(
        "did you mean 'shallow'?"))
    #expect(
      try await problem("--similarity", good, "--groups", "a=\(names[0])").contains(
        "is in no group"))
    #expect(
      try await problem("--similarity", good, "--clusters", "99").contains(
        "from 1 to \(names.count)"))
    #expect(
      try await problem("--similarity", good, "--features", "x.npy").contains("how many clusters?"))
    #expect(!FileManager.default.fileExists(atPath: output), "nothing is written")
  }
}
