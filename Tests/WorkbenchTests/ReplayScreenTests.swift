import Experiments
import Foundation
import TerminalUI
import Testing
import Workbench

@Suite(.timeLimit(.minutes(4))) @MainActor struct ReplayScreenTests {
  /// A folder that goes with the last reference.
  final class Folder {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("rtl-workbench-\(UUID().uuidString)").path
    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  private func record(_ run: ScriptedRun, in folder: Folder) throws -> RunDirectory {
    let config = try ExperimentConfig.parse(
      yaml: "name: demo\ndataset:\n  kind: procedural\n", file: "demo.yaml")
    let directory = try RunDirectory.create(
      name: "demo", defaultName: "demo", in: folder.path, configText: "", config: config)
    var data = Data()
    for event in run.events { data += try EventLog.encode(event) }
    try data.write(to: URL(fileURLWithPath: directory.eventsPath))
    return directory
  }

  private func wait(
    _ terminal: MemoryTerminal, for text: String
  ) async throws {
    for _ in 0..<1200 where terminal.screen?.text.contains(text) != true {
      try await Task.sleep(for: .milliseconds(50))
    }
    #expect(terminal.screen?.text.contains(text) == true, "\(text)")
  }

  /// What stands between the header and the strip.
  private func body(_ screen: Screen?) -> [String] {
    Array((screen?.lines ?? []).dropFirst().dropLast(2))
  }

  @Test(arguments: [(80, 24), (120, 40), (200, 60)])
  func aRecordingEndsOnTheScreenOfTheLiveRun(_ width: Int, _ height: Int) async throws {
    let size = Size(width: width, height: height)
    let folder = Folder()
    let run = ScriptedRun.midway()
    let terminal = MemoryTerminal(size: size)
    var interface = Interface()
    interface.theme = Theme.named("dark") ?? .standard
    let workbench = Workbench(
      terminal: terminal, runner: ReplayRunner(try record(run, in: folder)), interface: interface)
    let running = Task { await workbench.run() }
    try await wait(terminal, for: "REPLAY END")
    let live = render(Fixture.state(run, size: size), size: size, look: Fixture.color)
    // The last events may be on their way when the player has come to the end.
    for _ in 0..<500 where body(terminal.screen) != body(live) {
      try await Task.sleep(for: .milliseconds(50))
    }
    #expect(body(terminal.screen) == body(live))
    terminal.press(.character("q"))
    _ = await running.value
  }

  @Test func keysPauseAndJump() async throws {
    let folder = Folder()
    let terminal = MemoryTerminal(size: Size(width: 120, height: 40))
    let runner = ReplayRunner(try record(.midway(), in: folder), speed: 0.01)
    let workbench = Workbench(terminal: terminal, runner: runner)
    let running = Task { await workbench.run() }
    try await wait(terminal, for: "REPLAY ×0.01")
    terminal.press(.character("p"))
    try await wait(terminal, for: "REPLAY PAUSED")
    terminal.press(.character("]"))
    try await wait(terminal, for: "round 1/6")
    terminal.press(.character("]"), .character("]"))
    try await wait(terminal, for: "round 3/6")
    terminal.press(.character("["))
    try await wait(terminal, for: "round 2/6")
    #expect(terminal.screen?.text.contains("PAUSED") == true, "it is still paused")
    terminal.press(.character("n"))
    try await wait(terminal, for: "this is a recording")
    terminal.press(.character("p"), .character(">"))
    try await wait(terminal, for: "REPLAY ×0.02")
    terminal.press(.character("q"))
    _ = await running.value
  }

  /// Runs that are there without a disk.
  struct Library: RunLibrary {
    let directory: RunDirectory

    func runs(matching text: String) async throws -> [RunListing] {
      if text == "?" { throw RunQueryError(column: 1, description: "column 1: found '?'") }
      return Shelf.listings.filter { text.isEmpty || $0.name.contains(text) }
    }
    func open(_ run: String) async throws -> any ExperimentRunner {
      if run == "alpha" { return ReplayRunner(directory) }
      throw RunQueryError(column: nil, description: "\(run): cannot be opened")
    }
    func read<Value>(_ run: String, into fold: inout EventFold<Value>) throws -> Bool {
      for event in ScriptedRun.midway(subnetworks: run == "alpha" ? 10 : 3).events {
        fold.apply(event)
      }
      return true
    }
    func configuration(of run: String) -> [(key: String, value: String)] { [("seed", run)] }
    func analysis(of run: String) throws -> RunAnalysis {
      RunAnalysis(calibration: AnalysisTests.calibration)
    }
    func course(beforeBranch run: String) throws -> CollapseCourse? { nil }
  }

  @Test func runsAreFoundOpenedAndComparedFromTheStartScreen() async throws {
    let folder = Folder()
    let library = Library(directory: try record(.midway(), in: folder))
    let terminal = MemoryTerminal(size: Size(width: 120, height: 40))
    let workbench = Workbench(
      terminal: terminal, launcher: LoopTests.Launcher(), library: library)
    let running = Task { await workbench.run() }
    terminal.press(.character("5"))
    try await wait(terminal, for: "gamma")
    terminal.press(.character("/"), .character("?"))
    try await wait(terminal, for: "column 1: found '?'")
    terminal.press(.control("u"), .character("b"), .enter)
    try await wait(terminal, for: "1 meets the filter")
    terminal.press(.enter)
    try await wait(terminal, for: "beta: cannot be opened")
    terminal.press(.escape)
    try await wait(terminal, for: "alpha")
    terminal.press(.home, .character(" "), .character(" "), .character("="))
    try await wait(terminal, for: "held-out loss")
    terminal.press(.escape, .home, .enter)
    try await wait(terminal, for: "REPLAY END")
    terminal.press(.character("q"))
    let outcome = await running.value
    #expect(outcome.runner?.name == "demo")
  }
}
