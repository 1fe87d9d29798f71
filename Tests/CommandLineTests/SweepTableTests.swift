import Foundation
import Testing

/// The table that `rtl sweep` keeps on a terminal.
@Suite(
  "sweep's table", .serialized, .timeLimit(.minutes(10)),
  .enabled(if: Program.path != nil, Program.absence),
  .enabled(if: Terminal.tmux != nil, "no tmux in PATH"))
struct SweepTableTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func sweep(_ epochs: Int) throws -> String {
    let changes = [
      "dataset.train_samples=300", "dataset.test_samples=100", "batch_size=20",
      "extraction.epochs_per_round=\(epochs)", "extraction.targets=[0.25]", "retraining.epochs=1",
    ]
    return "clear; '\(try #require(Program.path))' sweep demo --runs runs --threads 1"
      + " --vary prune_count=6000,12000 " + changes.map { "--set '\($0)'" }.joined(separator: " ")
  }

  /// Opens a terminal, with the shell ready.
  private func session(rows: Int, _ body: (Terminal) async throws -> Void) async throws {
    try await Terminal.session(columns: 100, rows: rows, in: folder.path) { terminal in
      try await terminal.wait(for: "ready>")
      try await body(terminal)
    }
  }

  /// The lines of a screen that are heads of the table.
  private func heads(_ screen: String) -> [Substring] {
    screen.split(separator: "\n").filter { $0.hasPrefix("run ") && $0.contains("mean J") }
  }

  @Test("a line per run is rewritten in place, and Ctrl-C leaves it whole above what is said then")
  func interrupted() async throws {
    try await session(rows: 24) { terminal in
      try await terminal.type(sweep(400))
      let screen = try await terminal.wait(for: "running", "queued", "% of all")
      #expect(heads(screen).count == 1, "\(screen)")
      try await terminal.resize(columns: 70, rows: 20)
      try await Task.sleep(for: .seconds(5))
      let narrow = try await terminal.screen()
      #expect(heads(narrow).count == 1, "\(narrow)")
      try await terminal.press("C-c")
      let last = try await terminal.wait(for: "what is done is kept", "ready>")
      #expect(heads(last).count == 1 && !last.contains("% of all"), "\(last)")
      let lines = last.split(separator: "\n")
      let head = try #require(lines.firstIndex { $0.hasPrefix("run ") })
      #expect(lines[head + 1].contains("interrupted") && lines[head + 2].contains("queued"))
      #expect(lines[head + 3].hasPrefix("interrupted; what is done"), "\(last)")
    }
  }

  @Test("runs that have ended stay in it, and the report comes below")
  func finished() async throws {
    try await session(rows: 120) { terminal in
      try await terminal.type(sweep(1))
      let screen = try await terminal.wait(for: "written: ", "ready>")
      let lines = screen.split(separator: "\n")
      let head = try #require(lines.firstIndex { $0.hasPrefix("run ") && $0.contains("mean J") })
      #expect(heads(screen).count == 1, "\(screen)")
      for (offset, count) in [6000, 12_000].enumerated() {
        let line = lines[head + 1 + offset]
        #expect(line.hasPrefix("demo-prune_count=\(count)-1 ") && line.contains(" finished "))
      }
      #expect(lines[(head + 3)...].contains { $0.contains("## Recommended") }, "\(screen)")
      #expect(!screen.contains("% of all"), "the line has gone")
    }
  }
}
