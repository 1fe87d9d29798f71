import Experiments
import Foundation
import LotteryEngine
import Testing

/// What a person asks of a run beyond pausing: exact counts, other settings, frozen masks; the same
/// bits when the run is interrupted in between or branched.
@Suite(.serialized, .timeLimit(.minutes(3))) struct ControlTests {
  private let folder = RunFolder()

  /// Reads a run's events as they come.
  private final class Reader {
    let mailbox: Mailbox
    var events: [Event] = []

    init(_ runner: EngineRunner) async { mailbox = await runner.subscribe(.everything) }

    /// Reads on until the engine enters a state after the events that were read already.
    func wait(for state: RunState) async {
      while let batch = await mailbox.next() {
        events += batch.map(\.event)
        if batch.contains(where: { $0.event == .stateChanged(state) }) { return }
        if batch.contains(where: { if case .runEnded = $0.event { true } else { false } }) {
          Issue.record("the run ended and was never \(state)")
          return
        }
      }
    }

    var steps: [Int: Int] {
      events.reduce(into: [:]) { counts, event in
        if case .stepFinished(let report) = event { counts[report.subnetwork, default: 0] += 1 }
      }
    }

    /// The number of the last step within its round.
    var lastStep: Int? {
      events.reversed().lazy.compactMap { event -> Int? in
        if case .stepFinished(let report) = event { report.step } else { nil }
      }.first
    }

    var epochs: [Int: Int] {
      events.reduce(into: [:]) { counts, event in
        if case .epochFinished(let report) = event { counts[report.subnetwork, default: 0] += 1 }
      }
    }
  }

  private func difference(_ after: [Int: Int], _ before: [Int: Int]) -> [Int: Int] {
    after.merging(before) { $0 - $1 }.filter { $0.value != 0 }
  }

  // MARK: - Running for a while

  @Test("each subnetwork in training takes exactly its batches and epochs", arguments: [1, 2])
  func batchesAndEpochs(threads: Int) async throws {
    let config = RunFolder.config { $0.extraction.epochsPerRound = 2000 }
    let runner = try await folder.start(config, name: "long-\(threads)", threads: threads)
    let reader = await Reader(runner)
    runner.send(.pause)
    await reader.wait(for: .paused)
    let inTraining = Set(0..<threads)
    for count in [1, 7, 50] {
      let before = reader.steps
      runner.send(.runFor(RunLength(count, .batches)))
      await reader.wait(for: .paused)
      #expect(
        difference(reader.steps, before)
          == Dictionary(uniqueKeysWithValues: inTraining.map { ($0, count) }))
    }
    let before = reader.epochs
    runner.send(.runFor(RunLength(3, .epochs)))
    await reader.wait(for: .paused)
    #expect(
      difference(reader.epochs, before)
        == Dictionary(uniqueKeysWithValues: inTraining.map { ($0, 3) }))
    runner.send(.stop(.now))
    await runner.waitUntilEnded()
  }

  @Test("who is done with the round makes room for the next; all stand still together")
  func beyondTheEnd() async throws {
    let config = RunFolder.config {
      $0.extraction.epochsPerRound = 10
      $0.retraining.when = .final
      $0.checkpoints.everySteps = 7
    }
    let task = try ClassificationTask(config)
    let perRound = 10 * task.stepsPerEpoch(subnetwork: 0)
    for threads in [1, 2, 3] {
      let runner = try await folder.start(config, name: "share-\(threads)", threads: threads)
      let reader = await Reader(runner)
      // Asked for before the first batch, or among the first: the share covers the rest of the round.
      runner.send(.runFor(RunLength(perRound + 5, .batches)))
      await reader.wait(for: .paused)
      #expect(reader.events.contains(.roundFinished(round: 1)))
      let inSecond = reader.events.reduce(into: [Int: Int]()) { counts, event in
        if case .stepFinished(let report) = event, report.round == 2 {
          counts[report.subnetwork, default: 0] += 1
        }
      }
      #expect(inSecond.count == threads, "as many as are trained side by side")
      #expect(inSecond.values.allSatisfy { $0 >= 5 })
      runner.send(.stop(.now))
      await runner.waitUntilEnded()
    }
  }

  @Test("rounds are counted with the retraining that follows, and joint retraining by turns")
  func roundsAndRetraining() async throws {
    let config = RunFolder.config {
      $0.extraction.epochsPerRound = 5
      $0.retraining.epochs = 20
    }
    let runner = try await folder.start(config, name: "rounds")
    let reader = await Reader(runner)
    runner.send(.runFor(RunLength(1, .rounds)))
    await reader.wait(for: .paused)
    func finished() -> [Int] {
      reader.events.compactMap { if case .roundFinished(let round) = $0 { round } else { nil } }
    }
    #expect(finished() == [1])
    #expect(reader.events.contains(.retrainingFinished(round: 1)), "round 1 reaches 25 %")
    runner.send(.startRetraining(epochs: 400))
    runner.send(.pause)
    await reader.wait(for: .paused)
    let before = reader.steps
    runner.send(.runFor(RunLength(4, .batches)))
    await reader.wait(for: .paused)
    #expect(difference(reader.steps, before) == [0: 4, 1: 4, 2: 4])
    for refused in [RunLength(0, .batches), RunLength(.max, .rounds)] {
      runner.send(.runFor(refused))
    }
    runner.send(.stop(.now))
    await runner.waitUntilEnded()
    await reader.wait(for: .stopped)
    let refusals = reader.events.count { if case .commandRefused = $0 { true } else { false } }
    #expect(refusals == 2)
  }

  @Test("interrupted in the middle, it stands still at the same batch; the bits stay the same")
  func resumedInBetween() async throws {
    let config = RunFolder.config {
      $0.extraction.epochsPerRound = 200
      $0.checkpoints.everySteps = 9
    }
    // Long enough that a stop after twenty steps does not come too late on a busy machine.
    let length = 380
    try await folder.finished(config, name: "whole")
    let runner = try await folder.start(config, name: "cut")
    let reader = await Reader(runner)
    runner.send(.pause)
    await reader.wait(for: .paused)
    runner.send(.runFor(RunLength(1, .batches)))
    await reader.wait(for: .paused)
    let before = try #require(reader.lastStep)
    runner.send(.runFor(RunLength(length, .batches)))
    await folder.stop(runner, after: 20)
    let cut = try folder.metrics("cut").compactMap { event -> Int? in
      if case .stepFinished(let report) = event { report.step } else { nil }
    }
    try #require(try #require(cut.last) < before + length, "the stop came too late")
    let again = try await folder.resume("cut")
    let resumed = await Reader(again)
    // Twice it stood still before; who comes late hears of that first.
    while resumed.events.count(where: { $0 == .stateChanged(.paused) }) < 3 {
      await resumed.wait(for: .paused)
    }
    // Steps before somebody listens are not told again: the next one says where it stood.
    again.send(.runFor(RunLength(1, .batches)))
    await resumed.wait(for: .paused)
    #expect(resumed.lastStep == before + length + 1)
    again.send(.resume)
    await again.waitUntilEnded()
    #expect(try folder.metrics("cut") == folder.metrics("whole"))
    #expect(try folder.results("cut") == folder.results("whole"))
  }

  // MARK: - Settings and frozen masks

  private var changing: ExperimentConfig {
    RunFolder.config {
      $0.extraction.epochsPerRound = 5
      $0.extraction.pruneCount = 3000
      $0.retraining.epochs = 5
      $0.evaluation.roundSamples = 0
    }
  }

  /// Runs one round, freezes the second subnetwork, lets the third go slower, and goes on.
  private func change(_ runner: EngineRunner) async {
    let reader = await Reader(runner)
    runner.send(.runFor(RunLength(1, .rounds)))
    await reader.wait(for: .paused)
    runner.send(.freeze(subnetwork: 1))
    runner.send(.changeSettings(SettingsChange(pruneCount: 1000, epochs: 2), subnetwork: 2))
    runner.send(.resume)
  }

  @Test("each mask goes by its own count; a target is reached when all that go have reached it")
  func ownSettings() async throws {
    let runner = try await folder.start(changing, name: "own", threads: 2)
    await change(runner)
    await runner.waitUntilEnded()
    let summary = try folder.directory("own").summary()
    #expect(summary.state == .finished)
    #expect(summary.subnetworks.map(\.weightsLeft) == [11_736, 20_472, 11_736])
    // 3,000 in round 1; then the third needs 3 more rounds to 5,868, and 6 to 11,736.
    #expect(summary.rounds == 10)
    #expect(summary.evaluations.map(\.round) == [4, 10])
    #expect(summary.evaluations.map(\.target) == [0.25, 0.5])
    #expect(
      summary.evaluations.allSatisfy { $0.subnetworks.count == 3 }, "frozen ones are retrained")
    let log = try EventLog.read(folder.directory("own").eventsPath).events.map(\.event)
    let plans = log.compactMap { if case .roundStarted(let start) = $0 { start } else { nil } }
    #expect(
      plans.map(\.plan.resting) == [
        [], [1], [0, 1], [0, 1], [1], [1], [0, 1], [0, 1], [0, 1], [0, 1],
      ])
    #expect(plans[1].plannedSteps[1] == 0 && plans[1].plan[2]?.epochs == 2)
    #expect(plans[1].plan[0]?.pruneCount == 2868, "it lands on the target")
    let changes = log.compactMap { event -> Int? in
      if case .settingsChanged(_, let round) = event { round } else { nil }
    }
    #expect(changes == [2, 2])
    let run = try StoredRun.open("own", in: folder.path)
    #expect(run.verify(steps: 3, threads: 1).flatMap(\.complaints) == [])
  }

  @Test("a resumed and a branched run keep the changes; a change of the config goes before them")
  func keptChanges() async throws {
    let parent = try await folder.start(changing, name: "parent")
    await change(parent)
    await parent.waitUntilEnded()
    let results = try folder.results("parent")

    let cut = try await folder.start(changing, name: "cut")
    await change(cut)
    await folder.stop(cut, after: 120)
    try #require(try folder.directory("cut").summary().state == .stopped)
    await (try await folder.resume("cut")).waitUntilEnded()
    #expect(try folder.results("cut") == results)

    for (round, changes) in [(1, []), (5, []), (1, ["extraction.prune_count=2000"])] {
      let name = "from-\(round)-\(changes.count)"
      let branch = try await EngineRunner.branch(
        "parent", round: round, changes: changes, runsFolder: folder.path, name: name, threads: 1,
        isInteractive: false)
      // Without a checkpoint the changes come from where the branch keeps its origin.
      if round == 5 {
        branch.send(.pause)
        await Reader(branch).wait(for: .paused)
        branch.send(.stop(.now))
        await branch.waitUntilEnded()
        try FileManager.default.removeItem(atPath: folder.directory(name).checkpointsPath)
        await (try await folder.resume(name)).waitUntilEnded()
      } else {
        await branch.waitUntilEnded()
      }
      let summary = try folder.directory(name).summary()
      #expect(summary.subnetworks[1].weightsLeft == 20_472, "\(name)")
      if changes.isEmpty {
        #expect(summary.rounds == 10)
        for (file, data) in try folder.results(name) { #expect(data == results[file], "\(file)") }
      } else {
        // 2,000 for all: 868 are missing after 5,000; then 2,000, 2,000, 1,868.
        #expect(summary.rounds == 6)
      }
    }
  }

  @Test(
    "a frozen mask goes on when it is let go; a round can be for one alone; nonsense is refused")
  func oneAlone() async throws {
    var config = changing
    // A mask that catches up becomes more like the others.
    config.watch.pauseOnCrit = false
    let runner = try await EngineRunner.start(
      config: config, configText: config.yaml(), runsFolder: folder.path, name: "alone",
      threads: 1, isInteractive: true)
    let reader = await Reader(runner)
    runner.send(.runFor(RunLength(1, .rounds)))
    await reader.wait(for: .paused)
    for refused: RunCommand in [
      .freeze(subnetwork: 3), .freeze(subnetwork: -1), .unfreeze(subnetwork: 0),
      .changeSettings(SettingsChange(), subnetwork: nil),
      .changeSettings(SettingsChange(epochs: 0), subnetwork: nil),
      .launchRound(RoundSettings(pruneCount: 5, epochs: 1, learningRate: .infinity)),
      .launchRound(RoundSettings(pruneCount: 5, epochs: 1, learningRate: 0.1), subnetwork: 7),
    ] {
      runner.send(refused)
    }
    runner.send(.freeze(subnetwork: 0))
    runner.send(
      .launchRound(RoundSettings(pruneCount: 5, epochs: 1, learningRate: 0.1), subnetwork: 0))
    runner.send(.resume)
    await reader.wait(for: .waiting)
    func left() -> [Int] {
      reader.events.reduce(into: [0, 0, 0]) { left, event in
        if case .pruned(let report) = event { left[report.subnetwork] = report.weightsLeft }
      }
    }
    #expect(left() == [20_472, 11_736, 11_736])
    let refusals = reader.events.count { if case .commandRefused = $0 { true } else { false } }
    #expect(refusals == 8)
    runner.send(
      .launchRound(RoundSettings(pruneCount: 36, epochs: 1, learningRate: 0.1), subnetwork: 2))
    await reader.wait(for: .waiting)
    #expect(left() == [20_472, 11_736, 11_700])
    // The plan was done; now it is not.
    runner.send(.unfreeze(subnetwork: 0))
    await reader.wait(for: .waiting)
    #expect(left() == [11_736, 11_736, 11_700])
    runner.send(.stop(.finishRound))
    await runner.waitUntilEnded()
    #expect(try folder.directory("alone").summary().evaluations.last?.target == 0.5)
  }
}
