import Catalogue
import Experiments
import Foundation
import GRDB
import Testing

/// An index that something else wrote into: never a trap, always the right answer.
struct DamagedCatalogueTests {
  private let folder = RunsFolder()

  init() throws {
    for (name, sparsity) in [("a", 0.3), ("b", 0.6)] {
      let run = try folder.add(name, sparsity: sparsity)
      _ = try run.tag(["keep"])
      _ = try run.note("text")
      let log = try EventLog.encode(
        RecordedEvent(sequence: 0, time: 1, event: .roundFinished(round: 1)))
      try log.write(to: URL(fileURLWithPath: run.eventsPath))
      try folder.settle(name)
    }
  }

  /// What a fresh catalogue answers, with everything that can be asked.
  private func ask() throws -> (values: [[CatalogueValue]], rounds: [Int], remarks: [String]) {
    let catalogue = RunCatalogue(runsFolder: folder.path)
    let entries = try catalogue.runs()
    let rounds = try catalogue.rounds(of: entries.map(\.name)).map(\.figures.round)
    return (entries.map(\.values), rounds, catalogue.remarks)
  }

  /// Asks a good index, lets it be damaged, and asks again.
  private func survives(_ what: String, _ damage: () throws -> Void) throws {
    let before = try ask()
    #expect(before.values.count == 2 && before.rounds == [1, 1] && before.remarks.isEmpty)
    try damage()
    let after = try ask()
    #expect(after.values == before.values && after.rounds == before.rounds, "\(what)")
    #expect(after.remarks.contains { $0.contains("made anew") }, "\(what): \(after.remarks)")
    #expect(try ask().remarks.isEmpty, "\(what)")
  }

  private func execute(_ sql: String) throws {
    try DatabaseQueue(path: folder.index).write { try $0.execute(sql: sql) }
  }

  @Test(
    "a cell of another type, in any column, costs a word",
    arguments: [
      "key", "folder_time", "file_time", "size", "inode", "has_rounds", "problem", "remark",
    ]
      + CatalogueColumn.names)
  func cells(column: String) throws {
    try survives(column) {
      try execute("UPDATE run SET \"\(column)\" = x'ff80' WHERE key = 'b'")
    }
  }

  @Test(
    "text and nothing where numbers or names have to be cost a word, too",
    arguments: [
      "inode = 'many'", "sparsity = 'half'", "seed = 'seven'", "name = NULL", "rounds = 'two'",
    ])
  func kinds(change: String) throws {
    try survives(change) { try execute("UPDATE run SET \(change) WHERE key = 'b'") }
  }

  @Test(
    "so does a cell of a round",
    arguments: [
      "sparsity", "mean_jaccard", "excess", "union_parameters", "balanced_accuracy",
      "joint_balanced_accuracy", "target", "round",
    ])
  func rounds(column: String) throws {
    try survives(column) {
      try execute("UPDATE round SET \(column) = x'ff80' WHERE run = 'b'")
    }
  }

  @Test("tables with other columns and the right number of their version are made anew")
  func otherTables() throws {
    try survives("tables") {
      try execute("ALTER TABLE run DROP COLUMN sparsity")
    }
  }

  @Test(
    "an index that is cut short anywhere is made anew",
    arguments: [50, 99, 100, 101, 511, 512, 4095, 4096, 5000, 8192, 12_000])
  func truncated(size: Int) throws {
    try survives("\(size) bytes") {
      let good = try Data(contentsOf: URL(fileURLWithPath: folder.index))
      try #require(good.count > size)
      try good.prefix(size).write(to: URL(fileURLWithPath: folder.index))
    }
  }

  @Test(
    "what is no database is made anew", arguments: ["x", "no database at all", "SQLite format 3"])
  func noDatabase(text: String) throws {
    try survives(text) {
      try Data(repeatElement(Array(text.utf8), count: 400).joined())
        .write(to: URL(fileURLWithPath: folder.index))
    }
  }

  @Test("a pipe in its place is passed by", .timeLimit(.minutes(1)))
  func pipe() throws {
    let before = try ask()
    try FileManager.default.removeItem(atPath: folder.index)
    try #require(mkfifo(folder.index, 0o600) == 0)
    let after = try ask()
    #expect(after.values == before.values && !after.remarks.isEmpty)
  }
}
