import Foundation
import Testing

/// `rtl replay` and the workbench driven by `--script`, without a terminal.
@Suite(
  "Replay and scripts", .enabled(if: Program.path != nil, Program.absence),
  .timeLimit(.minutes(5)))
struct ScriptTests {
  private func play(
    _ script: String, _ verb: String..., folder: TemporaryFolder, runs: String
  ) async throws -> Outcome {
    let file = try folder.write(script, to: "tour.txt")
    return try await Program.run(
      try #require(Program.path), verb + ["--script", file, "--runs", runs, "--threads", "1"],
      environment: ["RTL_THEME": "dark"], in: folder.path, seconds: 200)
  }

  @Test("a recorded run is played through every pane and saved as pictures")
  func replayedRun() async throws {
    let finished = try await TinyExperiment.finished()
    let folder = try TemporaryFolder()
    let outcome = try await play(
      """
      size 120x40
      wait idle
      assert "REPLAY END"
      assert "FINISHED"
      assert "tiny"
      assert "50.0%"
      key p
      assert "played to its end"
      key n
      assert "the run has ended"
      key R
      assert "joint target"
      save-screen rounds.txt
      key R
      wait idle
      assert "done"
      keys 1 z y
      assert "log y"
      save-screen loss.svg
      save-screen loss.colours --colours
      key [
      wait idle
      assert "REPLAY END"
      """, "replay", "tiny", "--speed", "max", folder: folder, runs: finished.runs)
    #expect(outcome.status == 0, "\(outcome.summary)")
    #expect(outcome.output.contains("tiny: finished after"))
    func text(_ name: String) throws -> String {
      try String(contentsOfFile: folder.path(name), encoding: .utf8)
    }
    #expect(try text("rounds.txt").contains("joint target"))
    #expect(try text("loss.svg").hasPrefix("<svg "))
    #expect(try text("loss.colours").split(separator: "\n").count == 40)
  }

  @Test("two plays of one script save the same screen")
  func deterministic() async throws {
    let finished = try await TinyExperiment.finished()
    let folder = try TemporaryFolder()
    var screens: [String] = []
    for _ in 0..<2 {
      let outcome = try await play(
        "size 80x24\nwait idle within 30\nkey 6\nsave-screen a.txt\n", "replay", "tiny", "--speed",
        "max", folder: folder, runs: finished.runs)
      #expect(outcome.status == 0, "\(outcome.summary)")
      screens.append(try String(contentsOfFile: folder.path("a.txt"), encoding: .utf8))
    }
    #expect(screens[0] == screens[1])
  }

  @Test("a run is started, paused, watched beside another and ended by a script")
  func liveRun() async throws {
    let folder = try TemporaryFolder()
    let runs = folder.path("runs")
    let config = try folder.write(TinyExperiment.endless, to: "tiny.yaml")
    try FileManager.default.createDirectory(
      atPath: runs, withIntermediateDirectories: true)
    let finished = try await TinyExperiment.finished()
    try FileManager.default.copyItem(atPath: finished.directory, toPath: runs + "/older")
    let outcome = try await play(
      """
      wait state running
      key p
      wait state paused
      assert "PAUSED"
      key 5
      wait idle
      assert "older"
      assert "paus"
      key /
      type older
      wait idle
      assert "1 meet"
      keys Enter Enter
      wait idle
      assert "REPLAY END"
      keys 5 / ctrl-u
      type state = 'pausd
      wait idle
      assert "column 9"
      keys ctrl-u Enter
      wait idle
      key Home
      key Enter
      wait state paused
      assert-not "REPLAY"
      keys Space Space =
      wait idle
      assert "comparison"
      assert "100000"
      key Esc
      keys Q s
      wait event run_ended
      assert "STOPPED"
      """, "run", config, folder: folder, runs: runs)
    #expect(outcome.status == 0, "\(outcome.summary)")
    #expect(try await Engines.areGone(from: folder.path))
  }

  @Test("what does not hold ends the script with its line, the screen and status 1")
  func failedAssertion() async throws {
    let finished = try await TinyExperiment.finished()
    let folder = try TemporaryFolder()
    let outcome = try await play(
      "wait idle\nassert \"purple\"\n", "replay", "tiny", "--speed", "max", folder: folder,
      runs: finished.runs)
    #expect(outcome.status == 1, "\(outcome.summary)")
    #expect(outcome.errors.contains("tour.txt:2: \"purple\" is not shown; the screen is"))
    #expect(outcome.errors.contains("REPLAY END"))
  }

  @Test("mistakes in a script and at the command line are status 2")
  func mistakes() async throws {
    let finished = try await TinyExperiment.finished()
    let folder = try TemporaryFolder()
    let wrong = try await play(
      "key p\nwiat idle\n", "replay", "tiny", folder: folder, runs: finished.runs)
    #expect(wrong.status == 2, "\(wrong.summary)")
    #expect(
      wrong.errors.contains("tour.txt:2: found 'wiat', expected a step; did you mean 'wait'?"))
    let missing = try await Program.rtl(
      "replay", "tiny", "--script", "/nowhere/x", "--runs", finished.runs)
    #expect(missing.status == 2, "\(missing.summary)")
    let speed = try await Program.rtl("replay", "tiny", "--speed", "fast", "--runs", finished.runs)
    #expect(speed.status == 2, "\(speed.summary)")
    let name = try await Program.rtl("replay", "tinny", "--runs", finished.runs)
    #expect(name.status == 2 && name.errors.contains("did you mean 'tiny'?"), "\(name.summary)")
  }

  @Test("plain lines of a recording are those of the run itself")
  func plainReplay() async throws {
    let finished = try await TinyExperiment.finished()
    let replayed = try await Program.rtl(
      "replay", "tiny", "--plain", "--speed", "max", "--runs", finished.runs)
    #expect(replayed.status == 0, "\(replayed.summary)")
    #expect(replayed.output == finished.outcome.output)
  }
}
