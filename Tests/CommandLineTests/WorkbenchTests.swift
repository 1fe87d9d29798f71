import Foundation
import Testing

/// The real binary in a real terminal.
@Suite(
  "The workbench in tmux", .enabled(if: Program.path != nil, Program.absence),
  .enabled(if: Terminal.tmux != nil, "no tmux in PATH"), .timeLimit(.minutes(5)))
struct WorkbenchTests {
  private func size(of path: String) throws -> Int {
    try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
  }

  /// Waits until a file has not grown between two looks.
  private func settledSize(of path: String) async throws -> Int {
    var last = -1
    for _ in 0..<100 {
      let size = try size(of: path)
      if size == last { return size }
      last = size
      try await Task.sleep(for: .milliseconds(300))
    }
    Issue.record("\(path) keeps growing")
    return last
  }

  @Test("pause stops the engine, resume continues it, leaving restores the terminal")
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
      try await Task.sleep(for: .seconds(5))
      #expect(try await settledSize(of: log) == size, "events passed during the pause")

      try await terminal.press("p")
      try await terminal.wait(for: "RUNNING")
      let deadline = ContinuousClock.now + .seconds(60)
      while try self.size(of: log) == size, ContinuousClock.now < deadline {
        try await Task.sleep(for: .milliseconds(100))
      }
      #expect(try self.size(of: log) > size, "no event after resuming")

      try await terminal.press("Q")
      try await terminal.wait(for: "Stop now")
      try await terminal.press("s")
      try await terminal.wait(for: "STOPPED")
      try await terminal.press("q")
      // The normal screen is back, with what stood there before and a shell that echoes.
      try await terminal.wait(for: "before", "tiny: stopped after", "ready>")
      try await echoes(terminal)
    }
    #expect(try await state(in: folder) == "stopped")
    #expect(try await Engines.areGone(from: folder.path))
  }

  private func state(in folder: TemporaryFolder) async throws -> String? {
    let shown = try await Program.rtl("show", "tiny", "--json", "--runs", folder.path("runs"))
    return try TinyExperiment.object(shown.output)["state"] as? String
  }

  @Test("a config is picked, launched and watched to its end; one more round is ordered")
  func pickAndLaunch() async throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(TinyExperiment.config, to: "tiny.yaml")
    let program = try #require(Program.path)
    try await Terminal.session(columns: 80, rows: 24, in: folder.path) { terminal in
      try await terminal.wait(for: "ready>")
      try await terminal.type("'\(program)' --threads 1; echo status $?")
      // The embedded experiments are first, the file in this folder is fourth.
      try await terminal.wait(for: "inr-demo", "speech-demo", "tiny")
      try await terminal.press("Down", "Down", "Down")
      try await terminal.press("Enter")
      try await terminal.wait(for: "WAITING", "round 2/2")
      try await terminal.press("n")
      try await terminal.wait(for: "Launch a pruning round")
      // 100,000 are too many: the form says so and stays; 1,000 are taken.
      try await terminal.press("C-u")
      try await terminal.press("1", "0", "0", "0", "Enter")
      try await terminal.wait(for: "WAITING", "round 3/3")
      try await terminal.press("q")
      try await terminal.wait(for: "tiny: finished after", "status 0")
    }
    #expect(try await state(in: folder) == "finished")
  }

  /// Types a line that the shell has to echo and to answer.
  private func echoes(_ terminal: Terminal) async throws {
    try await terminal.type("echo $((40 + 2))")
    try await terminal.wait(for: "echo $((40 + 2))", "\n42")
  }

  /// A run that goes on for hours, started by a shell script of one line and shown.
  private func endlessRun(
    under script: String, in folder: TemporaryFolder, shows: String = "RUNNING",
    _ body: (Terminal) async throws -> Void
  ) async throws {
    let config = try folder.write(TinyExperiment.endless, to: "tiny.yaml")
    let program = try #require(Program.path)
    try await Terminal.session(columns: 80, rows: 24, in: folder.path) { terminal in
      try await terminal.wait(for: "ready>")
      try await terminal.type("sh -c '\(script)' - '\(program)' run '\(config)' --threads 1")
      try await terminal.wait(for: shows)
      try await body(terminal)
    }
  }

  /// Sends TERM to the process that wrote its number into the folder.
  private func terminate(in folder: TemporaryFolder) throws {
    let pid = try String(contentsOfFile: folder.path("pid"), encoding: .utf8)
    let number = try #require(Int32(pid.trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(kill(number, SIGTERM) == 0)
  }

  @Test("a signal that asks the screen to end restores the terminal; the run goes on")
  func terminated() async throws {
    let folder = try TemporaryFolder()
    try await endlessRun(under: "echo $$ > pid; exec \"$@\"", in: folder) { terminal in
      try terminate(in: folder)
      try await terminal.wait(for: "tiny goes on", "rtl attach tiny", "ready>")
      try await echoes(terminal)
      let status = try await RunningExperiment.status(of: "tiny", in: folder)
      #expect(status["state"] as? String == "running")
      // The same signal to the engine ends the run well.
      let engine = try #require(status["engine"] as? Int)
      #expect(kill(pid_t(engine), SIGTERM) == 0)
      try await RunningExperiment.wait(for: "stopped", of: "tiny", in: folder)
    }
    #expect(try await state(in: folder) == "stopped")
  }

  @Test("in a terminal that cannot show it, plain lines; a signal stops that run well, too")
  func terminatedWithoutScreen() async throws {
    let folder = try TemporaryFolder()
    let script = "echo $$ > pid; export TERM=nonsense; exec \"$@\""
    try await endlessRun(under: script, in: folder, shows: "extraction round 1") { terminal in
      try terminate(in: folder)
      try await terminal.wait(for: "tiny: stopped after")
    }
    #expect(try await state(in: folder) == "stopped")
  }

  @Test("Ctrl-Z stops the whole job and gives the terminal back; fg takes it again")
  func suspended() async throws {
    let folder = try TemporaryFolder()
    // Under another process of the same job, as with make.
    try await endlessRun(under: "\"$@\"; true", in: folder) { terminal in
      try await terminal.press("C-z")
      try await terminal.wait(for: "Stopped", "ready>")
      try await echoes(terminal)
      try await terminal.type("fg")
      try await terminal.wait(for: "RUNNING", "Sparsity")
      try await terminal.press("q")
      try await terminal.wait(for: "tiny goes on")
    }
  }
}
