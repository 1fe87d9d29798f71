import Foundation
import Testing

/// The real binary in a real terminal.
@Suite(
  "The workbench in tmux", .enabled(if: Program.path != nil, Program.absence),
  .enabled(if: Terminal.tmux != nil, "no tmux in PATH"))
struct WorkbenchTests {
  private func size(of path: String) throws -> Int {
    try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
  }

  /// Waits until a file has not grown between two looks.
  private func settledSize(of path: String) async throws -> Int {
    var last = -1
    while true {
      let size = try size(of: path)
      if size == last { return size }
      last = size
      try await Task.sleep(for: .milliseconds(300))
    }
  }

  @Test("pause stops the engine, resume continues it, quitting restores the terminal")
  func pauseResumeQuit() async throws {
    let folder = try TemporaryFolder()
    let config = try folder.write(TinyExperiment.endless, to: "tiny.yaml")
    let log = folder.path("runs/tiny/events.jsonl")
    let program = try #require(Program.path)
    try await Terminal.session(columns: 120, rows: 40, in: folder.path) { terminal in
      try await terminal.wait(for: "ready>")
      try await terminal.type("clear; echo before; '\(program)' run '\(config)' --threads 1")

      let running = try await terminal.wait(for: "tiny", "RUNNING")
      for pane in ["Loss", "Sparsity", "Overlap"] { #expect(running.contains(pane), "\(running)") }

      try await terminal.press("p")
      try await terminal.wait(for: "PAUSED")
      let size = try await settledSize(of: log)
      try await Task.sleep(for: .seconds(2))
      #expect(try await settledSize(of: log) == size, "events passed during the pause")

      try await terminal.press("p")
      try await terminal.wait(for: "RUNNING")
      let deadline = ContinuousClock.now + .seconds(60)
      while try self.size(of: log) == size, ContinuousClock.now < deadline {
        try await Task.sleep(for: .milliseconds(100))
      }
      #expect(try self.size(of: log) > size, "no event after resuming")

      try await terminal.press("q")
      try await terminal.wait(for: "Stop now")
      try await terminal.press("s")
      // The normal screen is back, with what stood there before and a shell that echoes.
      try await terminal.wait(for: "before", "ready>")
      try await terminal.type("echo $((40 + 2))")
      try await terminal.wait(for: "echo $((40 + 2))", "\n42")
    }
    let shown = try await Program.rtl("show", "tiny", "--json", "--runs", folder.path("runs"))
    #expect(try TinyExperiment.object(shown.output)["state"] as? String == "stopped")
  }
}
