import Experiments
import Foundation
import Synchronization
import TerminalUI
import Testing
import Workbench

@Suite(.timeLimit(.minutes(4))) @MainActor struct LoopTests {
  /// An engine that obeys at once.
  final class ObedientRunner: ExperimentRunner {
    let name: String
    let stream = EventStream()
    private let received = Mutex<[RunCommand]>([])
    private let line = Mutex(RunContact())

    var contact: RunContact {
      get { line.withLock { $0 } }
      set { line.withLock { $0 = newValue } }
    }

    init(_ run: ScriptedRun, name: String = "demo") {
      self.name = name
      for event in run.events { stream.send(event.event) }
      let stream = stream
      Task { await stream.run() }
    }

    var commands: [RunCommand] { received.withLock { $0 } }

    func subscribe(_ policy: Mailbox.Policy) async -> Mailbox { await stream.subscribe(policy) }

    func send(_ command: RunCommand) {
      received.withLock { $0.append(command) }
      switch command {
      case .pause: stream.send(.stateChanged(.paused))
      case .resume: stream.send(.stateChanged(.running))
      case .stop:
        stream.send(.runEnded(.stopped))
        stream.finish()
      default: break
      }
    }

    func waitUntilEnded() async {}
  }

  struct Launcher: ExperimentLauncher {
    struct Failure: Error, CustomStringConvertible { let description = "no such dataset" }
    var fails = false
    func configurations() -> [ConfigurationListing] { Fixture.configurations }
    func launch(_ configuration: ConfigurationListing) async throws -> any ExperimentRunner {
      if fails { throw Failure() }
      return ObedientRunner(.midway())
    }
    func resume(run: String) async throws -> any ExperimentRunner { ObedientRunner(.midway()) }
    func branch(
      run: String, round: Int, changes: [String]
    ) async throws -> any ExperimentRunner {
      if fails { throw Failure() }
      return ObedientRunner(.midway(), name: "\(run)-from-\(round)")
    }
  }

  /// Waits until the terminal shows a text.
  private func wait(_ terminal: MemoryTerminal, for text: String) async -> Bool {
    for _ in 0..<1200 {
      if terminal.screen?.text.contains(text) == true { return true }
      try? await Task.sleep(for: .milliseconds(50))
    }
    return false
  }

  @Test func aRunIsWatchedPausedAndLeft() async {
    let terminal = MemoryTerminal(size: Size(width: 80, height: 24))
    let runner = ObedientRunner(.midway())
    let workbench = Workbench(terminal: terminal, runner: runner)
    let running = Task { await workbench.run() }
    #expect(await wait(terminal, for: "RUNNING"))
    #expect(await wait(terminal, for: "round 4/6"))
    terminal.press(.character("p"))
    #expect(await wait(terminal, for: "PAUSED"))
    terminal.press(.character("p"))
    #expect(await wait(terminal, for: "RUNNING"))
    terminal.resize(to: Size(width: 120, height: 40))
    #expect(await wait(terminal, for: "Layers"))
    terminal.press(.character("q"))
    let outcome = await running.value
    #expect(runner.commands == [.pause, .resume], "the run goes on")
    #expect(outcome.state == .running)
    #expect(outcome.summary.first?.hasPrefix("demo: running after") == true)
    #expect(terminal.isRestored)
  }

  @Test func aSilentAndALostEngineAreShown() async {
    let terminal = MemoryTerminal(size: Size(width: 80, height: 24))
    let runner = ObedientRunner(.midway())
    runner.contact = RunContact(refusal: "this only watches")
    let workbench = Workbench(terminal: terminal, runner: runner)
    let running = Task { await workbench.run() }
    #expect(await wait(terminal, for: "WATCHING"))
    runner.contact = RunContact(link: .stalled(seconds: 8))
    #expect(await wait(terminal, for: "STALLED"))
    #expect(await wait(terminal, for: "nothing heard from the engine for 8 s"))
    runner.contact = RunContact()
    #expect(await wait(terminal, for: "RUNNING"))
    runner.contact = RunContact(link: .lost(advice: "rtl status demo"))
    #expect(await wait(terminal, for: "LOST"))
    terminal.press(.character("p"))
    #expect(await wait(terminal, for: "rtl status demo"))
    #expect(runner.commands.isEmpty)
    terminal.press(.character("q"))
    _ = await running.value
  }

  @Test func anUnchangedScreenIsNotShownAgain() async {
    var run = ScriptedRun.midway()
    run.send(.stateChanged(.finished))
    run.send(.runEnded(.finished))
    let terminal = MemoryTerminal(size: Size(width: 80, height: 24))
    let workbench = Workbench(
      terminal: terminal, runner: ObedientRunner(run), now: { 1_780_000_100 })
    let running = Task { await workbench.run() }
    #expect(await wait(terminal, for: "run finished: q leaves"))
    let frames = terminal.screens.count
    try? await Task.sleep(for: .milliseconds(300))
    #expect(terminal.screens.count == frames)
    terminal.press(.character("q"))
    _ = await running.value
  }

  @Test func aRunIsLaunchedFromThePicker() async {
    let terminal = MemoryTerminal(size: Size(width: 80, height: 24))
    let workbench = Workbench(terminal: terminal, launcher: Launcher())
    let running = Task { await workbench.run() }
    #expect(await wait(terminal, for: "cifar10-paper"))
    terminal.press(.enter)
    #expect(await wait(terminal, for: "round 4/6"))
    terminal.press(.character("q"))
    let outcome = await running.value
    #expect(outcome.runner?.name == "demo")
  }

  @Test func goingBackMovesToTheNewRunAndEndsTheOld() async {
    let terminal = MemoryTerminal(size: Size(width: 80, height: 24))
    let old = ObedientRunner(.midway())
    let workbench = Workbench(terminal: terminal, runner: old, launcher: Launcher())
    let running = Task { await workbench.run() }
    #expect(await wait(terminal, for: "round 4/6"))
    terminal.press(.character("b"))
    #expect(await wait(terminal, for: "Go back to a round"))
    terminal.press(.enter)
    #expect(await wait(terminal, for: "Go back to round 3?"))
    terminal.press(.character("b"))
    for _ in 0..<1200 where old.commands.isEmpty {
      try? await Task.sleep(for: .milliseconds(50))
    }
    #expect(old.commands == [.stop(.now)])
    #expect(await wait(terminal, for: "RUNNING"))
    terminal.press(.character("q"))
    let outcome = await running.value
    #expect(outcome.runner?.name == "demo-from-3")
  }

  @Test func whereTheNewRunCannotStartTheOldOneGoesOn() async {
    let terminal = MemoryTerminal(size: Size(width: 80, height: 24))
    let old = ObedientRunner(.midway())
    let workbench = Workbench(terminal: terminal, runner: old, launcher: Launcher(fails: true))
    let running = Task { await workbench.run() }
    #expect(await wait(terminal, for: "round 4/6"))
    terminal.press(.character("b"), .enter, .character("b"))
    #expect(await wait(terminal, for: "no new run: no such dataset"))
    #expect(old.commands.isEmpty)
    terminal.press(.character("q"))
    #expect(await running.value.runner?.name == "demo")
  }

  @Test func aFailedLaunchIsShown() async {
    let terminal = MemoryTerminal(size: Size(width: 80, height: 24))
    let workbench = Workbench(
      terminal: terminal, launcher: Launcher(fails: true))
    let running = Task { await workbench.run() }
    terminal.press(.enter)
    #expect(await wait(terminal, for: "launch failed: no such dataset"))
    terminal.press(.character("q"))
    let outcome = await running.value
    #expect(outcome.runner == nil)
  }

  @Test func aClosedTerminalEndsTheLoop() async {
    let terminal = MemoryTerminal(size: Size(width: 80, height: 24), keys: [.closed])
    let workbench = Workbench(
      terminal: terminal, runner: ObedientRunner(.midway()))
    _ = await workbench.run()
    #expect(terminal.isRestored)
  }
}
