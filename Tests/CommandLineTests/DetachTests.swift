import Foundation
import Glibc
import Testing

/// Runs that outlive the screen: left, lost, attached to, spoken to from scripts.
///
/// One after the other: each keeps an engine busy, and other tests want processors, too.
@Suite(
  "Detach and attach", .serialized, .enabled(if: Program.path != nil, Program.absence),
  .enabled(if: Terminal.tmux != nil, "no tmux in PATH"), .timeLimit(.minutes(20)))
struct DetachTests {
  private let folder: TemporaryFolder
  private let program: String

  init() throws {
    folder = try TemporaryFolder()
    program = try #require(Program.path)
    try folder.write(TinyExperiment.endless, to: "tiny.yaml")
    // Seconds of work: long enough to be left in the middle.
    try folder.write(
      TinyExperiment.config.replacingOccurrences(
        of: "epochs_per_round: 1\n", with: "epochs_per_round: 20\n"), to: "short.yaml")
  }

  private func rtl(_ arguments: String...) async throws -> Outcome {
    try await Program.run(program, arguments, in: folder.path)
  }

  private func status(_ run: String = "tiny") async throws -> [String: Any] {
    try await RunningExperiment.status(of: run, in: folder)
  }

  private func wait(for state: String, of run: String = "tiny") async throws {
    try await RunningExperiment.wait(for: state, of: run, in: folder)
  }

  private func engine(_ run: String = "tiny") async throws -> pid_t {
    pid_t(try #require(try await status(run)["engine"] as? Int))
  }

  private func session(_ body: (Terminal) async throws -> Void) async throws {
    try await Terminal.session(columns: 100, rows: 30, in: folder.path) { terminal in
      try await terminal.wait(for: "ready>")
      try await body(terminal)
    }
  }

  @Test("q leaves the run going; attach comes back with full control")
  func leaveAndComeBack() async throws {
    try await session { terminal in
      try await terminal.type("'\(program)' run tiny.yaml --threads 1")
      try await terminal.wait(for: "RUNNING", "step")
      try await terminal.press("q")
      try await terminal.wait(for: "tiny goes on", "rtl attach tiny", "ready>")
      // Before the first step there is none to tell of.
      let step = try await status()["step"] as? Int
      try await RunningExperiment.wait(of: "tiny", in: folder) { status in
        status["step"] as? Int ?? step != step
      }

      try await terminal.type("clear; '\(program)' attach tiny; echo status $?")
      let screen = try await terminal.wait(for: "RUNNING", "Sparsity")
      #expect(!screen.contains("WATCHING"))
      try await terminal.press("p")
      try await terminal.wait(for: "PAUSED")
      #expect(try await status()["state"] as? String == "paused")
      try await terminal.press("Q")
      try await terminal.wait(for: "Stop now")
      try await terminal.press("s")
      try await terminal.wait(for: "STOPPED")
      try await terminal.press("q")
      try await terminal.wait(for: "tiny: stopped after", "status 0")
    }
    #expect(try await status()["state"] as? String == "stopped")
    #expect(try await Engines.areGone(from: folder.path))
  }

  @Test("a killed engine is LOST, the terminal is fine, and its socket is cleaned up")
  func killed() async throws {
    try await session { terminal in
      try await terminal.type("'\(program)' run tiny.yaml --threads 1; echo status $?")
      try await terminal.wait(for: "RUNNING")
      try await RunningExperiment.wait(of: "tiny", in: folder) { $0["step"] as? Int ?? 0 > 0 }
      #expect(kill(try await engine(), SIGKILL) == 0)
      try await terminal.wait(for: "LOST", "rtl resume tiny")
      try await terminal.press("p")
      try await terminal.wait(for: "LOST", "is gone")
      try await terminal.press("q")
      try await terminal.wait(for: "tiny: LOST", "status 1", "ready>")
      try await terminal.type("echo $((40 + 2))")
      try await terminal.wait(for: "\n42")
    }
    let socket = folder.path("runs/tiny/engine.socket")
    #expect(FileManager.default.fileExists(atPath: socket))
    let outcome = try await rtl("attach", "tiny")
    #expect(outcome.status == 1 && outcome.errors.contains("no engine"), "\(outcome.summary)")
    #expect(!FileManager.default.fileExists(atPath: socket))
    let status = try await status()
    #expect(status["state"] as? String == "interrupted")
    #expect((status["step"] as? Int ?? 0) > 0)
    for listed in [try await rtl("runs"), try await rtl("show", "tiny")] {
      #expect(listed.output.contains("interrupted"), "\(listed.summary)")
    }
  }

  @Test("a terminal that is closed does not end the run; it finishes")
  func closedTerminal() async throws {
    try await session { terminal in
      try await terminal.type("'\(program)' run short.yaml --threads 1")
      try await terminal.wait(for: "RUNNING")
    }
    // The session is gone, with its terminal.
    try await wait(for: "finished")
    #expect(try await status()["round"] as? Int == 2)
    #expect(try await Engines.areGone(from: folder.path))
  }

  @Test("an engine that stands still is STALLED until it is heard again; HUP does not end it")
  func stalled() async throws {
    try await session { terminal in
      try await terminal.type("'\(program)' run tiny.yaml --threads 1")
      try await terminal.wait(for: "RUNNING")
      let engine = try await engine()
      #expect(kill(engine, SIGSTOP) == 0)
      try await terminal.wait(for: "STALLED", "nothing heard")
      #expect(kill(engine, SIGCONT) == 0)
      try await terminal.wait(for: "RUNNING")
      #expect(kill(engine, SIGHUP) == 0)
      try await terminal.press("p")
      try await terminal.wait(for: "PAUSED")
      // Ends as it should, and the screen says so.
      #expect(kill(engine, SIGTERM) == 0)
      try await terminal.wait(for: "STOPPED")
    }
    #expect(try await status()["state"] as? String == "stopped")
  }

  @Test("one request to end that is heard twice ends a run as well as one that is heard once")
  func endedByGroup() async throws {
    let started = try await rtl("run", "tiny.yaml", "--detach", "--threads", "1")
    #expect(started.status == 0, "\(started.summary)")
    try await wait(for: "running")
    let engine = try await engine()
    // As `timeout` does it: the process, then its group.
    #expect(kill(engine, SIGTERM) == 0)
    usleep(20_000)
    kill(engine, SIGTERM)
    try await wait(for: "stopped")
  }

  @Test("one controls, the others watch; control can be taken over")
  func takeOver() async throws {
    try await session { first in
      try await first.type("'\(program)' run tiny.yaml --threads 1")
      try await first.wait(for: "RUNNING")
      try await session { second in
        try await second.type("'\(program)' attach tiny; echo status $?")
        try await second.wait(for: "controls this run", "--take-over", "status 1")
        try await second.type("clear; '\(program)' attach tiny --read-only")
        try await second.wait(for: "RUNNING", "WATCHING")
        try await second.press("p")
        try await second.wait(for: "this only watches")
        #expect(try await status()["state"] as? String == "running")
        try await second.press("q")
        try await second.wait(for: "tiny goes on")
        try await second.type("clear; '\(program)' attach tiny --take-over")
        try await second.wait(for: "RUNNING", "Sparsity")
        try await first.wait(for: "WATCHING", "has taken control")
        try await second.press("p")
        try await second.wait(for: "PAUSED")
        try await first.wait(for: "PAUSED", "WATCHING")
      }
    }
  }

  @Test("scripts command a run in the background and hear the engine's answer")
  func scripts() async throws {
    let started = try await rtl("run", "tiny.yaml", "--threads", "1", "--detach")
    #expect(started.status == 0 && started.output == "tiny\n", "\(started.summary)")
    let paused = try await rtl("ctl", "tiny", "pause")
    #expect(paused.status == 0 && paused.output.contains("accepted"), "\(paused.summary)")
    try await wait(for: "paused")
    let refused = try await rtl("ctl", "tiny", "launch-round", "--epochs", "0")
    #expect(refused.status == 1 && refused.errors.contains("found 0 epochs"), "\(refused.summary)")
    for (arguments, status, sentence) in [
      (["run-for"], 2, "one of --batches, --epochs, --rounds"),
      (["run-for", "--batches", "2", "--rounds", "1"], 2, "several lengths"),
      (["settings"], 2, "nothing to change"), (["freeze"], 2, "expected --subnetwork NAME"),
      (["freeze", "--subnetwork", "disk"], 2, "did you mean 'disc'?"),
      (["unfreeze", "--subnetwork", "disc"], 1, "disc is not frozen"),
      (["settings", "--prune-count", "900", "--subnetwork", "disc"], 0, ""),
      (["freeze", "--subnetwork", "disc"], 0, ""), (["unfreeze", "--subnetwork", "disc"], 0, ""),
      (["run-for", "--batches", "3"], 0, ""),
    ] {
      let outcome = try await Program.run(
        program, ["ctl", "tiny"] + arguments, in: folder.path)
      #expect(outcome.status == status, "\(outcome.summary)")
      #expect(sentence.isEmpty || outcome.errors.contains(sentence), "\(outcome.summary)")
    }
    try await wait(for: "paused")
    let noted = try await rtl("ctl", "tiny", "note", "all still")
    #expect(noted.status == 0 && noted.output.contains("note accepted"), "\(noted.summary)")
    #expect(try await rtl("ctl", "tiny", "resume").status == 0)
    try await wait(for: "running")
    let text = try await rtl("ctl", "tiny", "status")
    #expect(text.status == 0 && text.output.hasPrefix("tiny: running, extraction, round 1/"))
    #expect(try await rtl("ctl", "tiny", "retrain", "--epochs", "1").status == 0)
    #expect(try await rtl("ctl", "tiny", "pause-at-round-end").status == 0)
    #expect(try await rtl("ctl", "tiny", "stop").status == 0)
    try await wait(for: "stopped")
    let shown = try await rtl("show", "tiny")
    #expect(
      shown.output.contains("noted (") && shown.output.contains("): all still"),
      "\(shown.summary)")
    let late = try await rtl("ctl", "tiny", "pause")
    #expect(late.status == 1 && late.errors.contains("no engine"), "\(late.summary)")
  }

  @Test(
    "what ctl cannot understand is refused with status 2",
    arguments: [
      (["tiny", "paus"], "did you mean 'pause'?"), (["tiny", "pause", "--epochs", "2"], "belongs"),
      (["tinny", "pause"], "no run named 'tinny'"),
      (["tiny", "note"], "a note needs some words"),
      (["tiny", "note", "two\nlines"], "one line"),
      (["tiny", "pause", "now"], "found 'now', expected no more words"),
    ])
  func misspelt(arguments: [String], sentence: String) async throws {
    let outcome = try await Program.run(program, ["ctl"] + arguments, in: folder.path)
    #expect(outcome.status == 2 && outcome.errors.contains(sentence), "\(outcome.summary)")
  }

  @Test(
    "options that contradict each other are refused with status 2",
    arguments: [
      ["run", "tiny.yaml", "--headless", "--detach"], ["attach", "tiny", "--take-over", "--plain"],
      ["attach", "tiny", "--take-over", "--read-only"],
    ])
  func contradictions(arguments: [String]) async throws {
    let outcome = try await Program.run(program, arguments, in: folder.path)
    #expect(outcome.status == 2 && !outcome.errors.isEmpty, "\(outcome.summary)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("runs")))
  }

  @Test("a run that cannot start is refused with the same sentence in the foreground and apart")
  func refusedStart() async throws {
    try folder.write("name: tiny\nseed: many\n", to: "bad.yaml")
    try folder.write(
      TinyExperiment.config.replacingOccurrences(
        of: "  kind: procedural\n", with: "  kind: cifar10\n  path: nowhere\n"), to: "data.yaml")
    #expect(try await rtl("run", "short.yaml", "--headless", "--name", "taken").status == 0)
    for arguments in [["bad.yaml"], ["data.yaml"], ["short.yaml", "--name", "taken"], ["none"]] {
      let apart = try await Program.run(program, ["run", "--detach"] + arguments, in: folder.path)
      let here = try await Program.run(program, ["run", "--headless"] + arguments, in: folder.path)
      #expect(apart.status == 2 && here.status == 2, "\(apart.summary)")
      #expect(!here.errors.isEmpty && apart.errors == here.errors)
    }
    #expect(try await Engines.areGone(from: folder.path))
  }

  @Test("a headless run can be watched and commanded; who watches in plain lines sees its end")
  func headless() async throws {
    let place = folder.path
    async let running = Program.run(
      program, ["run", "tiny.yaml", "--headless", "--threads", "1"], in: place)
    let socket = folder.path("runs/tiny/engine.socket")
    let deadline = ContinuousClock.now + .seconds(60)
    while !FileManager.default.fileExists(atPath: socket) {
      try #require(ContinuousClock.now < deadline, "no socket")
      try await Task.sleep(for: .milliseconds(20))
    }
    try await wait(for: "running")
    #expect(try await rtl("ctl", "tiny", "pause").status == 0)
    try await session { terminal in
      try await terminal.type("'\(program)' attach tiny --plain; echo status $?")
      try await terminal.wait(for: "] paused")
      #expect(try await rtl("ctl", "tiny", "stop").status == 0)
      try await terminal.wait(for: "tiny: stopped after", "status 0")
    }
    let run = try await running
    #expect(run.status == 0 && run.output.contains("tiny: stopped after"), "\(run.summary)")
  }

  @Test("a killed run is resumed in the background, bit for bit; a branch begins there, too")
  func resumedApart() async throws {
    try folder.write(
      DurableExperiment.config.replacingOccurrences(
        of: "epochs_per_round: 8\n", with: "epochs_per_round: 60\n"), to: "long.yaml")
    let start = ["run", "long.yaml", "--threads", "1", "--name"]
    let whole = try await Program.run(program, start + ["whole", "--headless"], in: folder.path)
    #expect(whole.status == 0, "\(whole.summary)")
    let cut = try await Program.run(program, start + ["cut", "--detach"], in: folder.path)
    #expect(cut.status == 0, "\(cut.summary)")
    #expect(try await rtl("ctl", "cut", "pause").status == 0)
    try await wait(for: "paused", of: "cut")
    let second = try await rtl("resume", "cut", "--detach")
    #expect(second.status == 2 && second.errors.contains("being written"), "\(second.summary)")
    #expect(kill(try await engine("cut"), SIGKILL) == 0)
    try await wait(for: "interrupted", of: "cut")
    let resumed = try await rtl("resume", "cut", "--threads", "1", "--detach")
    #expect(resumed.status == 0 && resumed.output == "cut\n", "\(resumed.summary)")
    try await wait(for: "finished", of: "cut")
    #expect(
      try DurableExperiment.outcome(of: folder.path("runs/cut"))
        == DurableExperiment.outcome(of: folder.path("runs/whole")))
    let again = try await rtl("resume", "cut", "--detach")
    #expect(again.status == 0 && again.output.contains("has finished"), "\(again.summary)")
    let branch = try await rtl("branch", "cut", "--round", "1", "--name", "twig", "--detach")
    #expect(branch.status == 0 && branch.output == "twig\n", "\(branch.summary)")
    try await wait(for: "finished", of: "twig")
    for run in ["cut", "twig"] {
      let verified = try await rtl("verify", run)
      #expect(verified.status == 0, "\(verified.summary)")
    }
  }

  @Test("the engine's own command is not for people")
  func engineByHand() async throws {
    let outcome = try await rtl("engine", "tiny.yaml")
    #expect(outcome.status == 2 && outcome.errors.contains("rtl run CONFIG"), "\(outcome.summary)")
  }
}
