import Experiments
import Foundation
import Testing

struct RunLabelsTests {
  private let runs = NSTemporaryDirectory() + "labels-\(UUID().uuidString)"

  private func create() throws -> RunDirectory {
    try RunDirectory.create(
      name: "r", defaultName: "r", in: runs, configText: "", config: ExperimentConfig())
  }

  @Test("tags and note are kept, changed and removed")
  func labels() throws {
    defer { try? FileManager.default.removeItem(atPath: runs) }
    let run = try create()
    #expect(try run.labels() == RunLabels())
    #expect(try run.tag(["b", "a", "b"]).tags == ["b", "a"])
    #expect(try run.note("text, \"quoted\"").tags == ["b", "a"])
    #expect(try run.tag(["b", "c"], remove: true).tags == ["a"])
    #expect(try run.labels() == RunLabels(tags: ["a"], note: "text, \"quoted\""))
    #expect(try run.note("👩‍💻 می‌خواهم").note == "👩‍💻 می‌خواهم", "joiners belong to the text")
    #expect(try run.note("").note == nil)
  }

  @Test("what cannot be a tag or a note is refused with the reason, and nothing is written")
  func refusals() throws {
    defer { try? FileManager.default.removeItem(atPath: runs) }
    let run = try create()
    for tag in [
      "", "a b", "a\u{7}", "a\u{9b}", "a\u{200b}", "a\u{200d}", String(repeating: "x", count: 101),
    ] {
      #expect(throws: ExperimentError.self, "\(tag)") { try run.tag(["good", tag]) }
    }
    for note in ["two\nlines", "a\u{85}b", "a\u{202e}b", String(repeating: "x", count: 4001)] {
      #expect(throws: ExperimentError.self) { try run.note(note) }
    }
    #expect(!FileManager.default.fileExists(atPath: run.labelsPath))
  }

  @Test("programs that tag at once lose nothing")
  func together() async throws {
    defer { try? FileManager.default.removeItem(atPath: runs) }
    let run = try create()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<20 { group.addTask { _ = try run.tag(["t\(index)"]) } }
      try await group.waitForAll()
    }
    #expect(Set(try run.labels().tags) == Set((0..<20).map { "t\($0)" }))
  }

  @Test(
    "a file that holds no labels is named",
    arguments: ["", "[]", "{\"tags\":[1]}", "{\"tags\":[\"a b\"]}", "{\"note\":\"\\u0007\"}"])
  func damaged(text: String) throws {
    defer { try? FileManager.default.removeItem(atPath: runs) }
    let run = try create()
    try Data(text.utf8).write(to: URL(fileURLWithPath: run.labelsPath))
    #expect { try run.labels() } throws: { "\($0)".hasPrefix(run.labelsPath) }
  }
}
