import Experiments
import Foundation
import LotteryEngine
import Testing

/// The collapse watch in a run that is pruned to two weights a mask.
@Suite(.serialized, .timeLimit(.minutes(2))) struct WatchTests {
  private let folder = RunFolder()

  private func config(pausesOnCrit: Bool = true) -> ExperimentConfig {
    .tiny {
      $0.extraction.pruneCount = 12_000
      $0.extraction.targets = [0.5, 0.9999]
      $0.watch.pauseOnCrit = pausesOnCrit
    }
  }

  private func start(
    _ config: ExperimentConfig, name: String, isInteractive: Bool
  ) async throws -> EngineRunner {
    try await EngineRunner.start(
      config: config, configText: config.yaml(), runsFolder: folder.path, name: name, threads: 2,
      isInteractive: isInteractive)
  }

  private func log(_ name: String) throws -> [Event] {
    try EventLog.read(folder.directory(name).eventsPath).events.map(\.event)
  }

  private func raised(_ events: [Event]) -> [Alarm] {
    events.compactMap { if case .alarmRaised(let alarm) = $0 { alarm } else { nil } }
  }

  /// The first of some states that a run enters.
  private func first(_ states: [RunState], of mailbox: Mailbox) async -> RunState? {
    while let events = await mailbox.next() {
      for case .stateChanged(let state) in events.map(\.event) where states.contains(state) {
        return state
      }
    }
    return nil
  }

  @Test("without anybody to ask the run goes on, and its log and summary tell of the alarms")
  func headless() async throws {
    await (try await start(config(), name: "alone", isInteractive: false)).waitUntilEnded()
    let alarms = raised(try log("alone"))
    let empty = alarms.filter { $0.kind == .emptyLayer }
    #expect(!empty.isEmpty && empty.allSatisfy { $0.round == 2 && $0.level == .critical })
    #expect(Set(empty.map(\.subnetwork)) == [0, 1, 2])
    let summary = try folder.directory("alone").summary()
    #expect(summary.state == .finished)
    #expect(summary.alarmLevel == .critical)
    #expect(summary.alarmLines.contains { $0.hasPrefix("CRIT disc: no weights left in ") })
  }

  @Test(
    "an interactive run stands still at the end of the round, and a resume raises nothing twice")
  func pauses() async throws {
    let runner = try await start(config(), name: "asked", isInteractive: true)
    let mailbox = await runner.subscribe(.everything)
    #expect(await first([.paused, .waiting], of: mailbox) == .paused)
    runner.send(.stop(.now))
    await runner.waitUntilEnded()
    let before = try log("asked").prefix { $0 != .stateChanged(.paused) }
    #expect(before.contains(.roundFinished(round: 2)))
    let alarms = raised(try log("asked"))
    #expect(!alarms.isEmpty)
    // One more round of what is left, after which the same layers are still empty.
    let again = try await EngineRunner.resume(
      "asked", runsFolder: folder.path, threads: 2, isInteractive: true, isStrict: false)
    let states = await again.subscribe(.everything)
    #expect(await first([.waiting], of: states) == .waiting)
    again.send(.launchRound(RoundSettings(pruneCount: 1, epochs: 1, learningRate: 0.001)))
    #expect(await first([.waiting, .paused], of: states) != nil)
    again.send(.stop(.now))
    await again.waitUntilEnded()
    let repeated = raised(try log("asked"))
    let keys = repeated.map { "\($0.kind) \($0.level) \($0.stage) \($0.subnetwork)" }
    #expect(repeated.count >= alarms.count)
    #expect(Set(keys).count == keys.count, "each was raised once")
  }

  @Test("pause_on_crit: false lets an interactive run go on to the end of its plan")
  func goesOn() async throws {
    let runner = try await start(
      config(pausesOnCrit: false), name: "unasked", isInteractive: true)
    let mailbox = await runner.subscribe(.everything)
    #expect(await first([.paused, .waiting], of: mailbox) == .waiting)
    runner.send(.stop(.finishRound))
    await runner.waitUntilEnded()
    #expect(!raised(try log("unasked")).isEmpty)
  }

  @Test("a branch from before the collapse is healthy, one from after it says so at once")
  func branches() async throws {
    await (try await start(config(), name: "parent", isInteractive: false)).waitUntilEnded()
    for (round, isHealthy) in [(1, true), (2, false)] {
      let branch = try await EngineRunner.branch(
        "parent", round: round, changes: round == 1 ? ["extraction.targets=[0.5]"] : [],
        runsFolder: folder.path, name: "from-\(round)", threads: 1, isInteractive: false)
      await branch.waitUntilEnded()
      let empty = raised(try log("from-\(round)")).filter { $0.kind == .emptyLayer }
      #expect(empty.isEmpty == isHealthy)
    }
  }
}
