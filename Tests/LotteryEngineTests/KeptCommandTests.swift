import Experiments
import Foundation
import LotteryEngine
import Testing

/// What a person asked for is there after a kill, also where nothing moved that would have led to a
/// checkpoint.
@Suite(.serialized, .timeLimit(.minutes(3))) struct KeptCommandTests {
  private let folder = RunFolder()

  /// Two rounds, then the last target is reached.
  private let config = RunFolder.config {
    $0.extraction.epochsPerRound = 20
    $0.extraction.targets = [0.5]
    $0.retraining.epochs = 2
  }

  /// Reads on until an event of this sitting comes.
  private func events(
    _ mailbox: Mailbox, from first: Int = 0, until isLast: (Event) -> Bool
  ) async -> [Event] {
    var seen: [Event] = []
    while let batch = await mailbox.next() {
      seen += batch.map(\.event)
      if batch.contains(where: { $0.sequence >= first && isLast($0.event) }) { break }
    }
    return seen
  }

  private func start(_ name: String, isInteractive: Bool = false) async throws -> EngineRunner {
    try await EngineRunner.start(
      config: config, configText: config.yaml(), runsFolder: folder.path, name: name, threads: 1,
      isInteractive: isInteractive)
  }

  /// Copies a run as a kill would leave it, once its newest checkpoint is as expected.
  private func copy(
    _ name: String, as copy: String, when isThere: (RunSnapshot) -> Bool
  ) async throws {
    let store = try folder.store(name)
    let sizes = RunSnapshot.Sizes(try ClassificationTask(config))
    var newest: RunSnapshot?
    for _ in 0..<2000 {
      newest = try store.newest {
        try RunSnapshot(files: $0.files, folder: "", sizes: sizes)
      }.found
      if newest.map(isThere) ?? false { break }
      try await Task.sleep(for: .milliseconds(5))
    }
    #expect(newest.map(isThere) ?? false, "no such checkpoint")
    let place = folder.path + "/" + copy
    // An older checkpoint may be on its way out.
    while (try? FileManager.default.copyItem(atPath: folder.path + "/" + name, toPath: place))
      == nil
    {
      try? FileManager.default.removeItem(atPath: place)
      try await Task.sleep(for: .milliseconds(10))
    }
    try FileManager.default.removeItem(atPath: folder.directory(copy).lockPath)
  }

  /// Long enough to be stopped in.
  private let one = RoundSettings(pruneCount: 50, epochs: 60, learningRate: 0.01)

  /// A run that stands still in its first round, and who listens to it.
  private func paused(_ name: String) async throws -> (EngineRunner, Mailbox) {
    let runner = try await start(name)
    // Before anything else, so that it does not come too late.
    runner.send(.runFor(RunLength(1, .batches)))
    let mailbox = await runner.subscribe(.everything)
    let course = await events(mailbox) { $0 == .stateChanged(.paused) }
    #expect(course.contains { if case .stepFinished = $0 { true } else { false } })
    return (runner, mailbox)
  }

  @Test("what is accepted while the run is paused survives a kill")
  func whilePaused() async throws {
    let (runner, _) = try await paused("paused")
    runner.send(.freeze(subnetwork: 1))
    runner.send(.note("while it stood"))
    runner.send(.launchRound(one))
    try await copy("paused", as: "copy") {
      $0.orders == [.round(one)] && $0.standing?.frozen == [1]
    }
    runner.send(.stop(.now))
    await runner.waitUntilEnded()

    await (try await folder.resume("copy")).waitUntilEnded()
    let summary = try folder.directory("copy").summary()
    #expect(summary.state == .finished)
    #expect(summary.notes?.map(\.text) == ["while it stood"])
    // All lose 7,000 in the round that was going on, then the two that are not frozen 50, and the rest.
    #expect(summary.subnetworks.map(\.weightsLeft) == [11_736, 16_472, 11_736])
    let plans = try folder.metrics("copy").compactMap {
      if case .roundStarted(let start) = $0 { start.plan } else { nil }
    }
    #expect(plans.map(\.settings.pruneCount) == [7000, 50, 4686])
    #expect(plans.map(\.resting) == [[], [1], [1]])
  }

  @Test("what is accepted by an engine that waits survives a kill, and a stop")
  func whileWaiting() async throws {
    let runner = try await start("waiting", isInteractive: true)
    let mailbox = await runner.subscribe(.everything)
    _ = await events(mailbox) { $0 == .stateChanged(.waiting) }
    runner.send(.note("all done"))
    runner.send(.freeze(subnetwork: 2))
    _ = await events(mailbox) { $0 == .stateChanged(.waiting) }
    try await copy("waiting", as: "copy") { $0.standing?.frozen == [2] }
    // Whether it has begun with the order or not when it is told to stop.
    runner.send(.launchRound(one))
    runner.send(.stop(.now))
    await runner.waitUntilEnded()
    #expect(try folder.directory("waiting").summary().state == .stopped)
    await (try await folder.resume("waiting")).waitUntilEnded()
    let summary = try folder.directory("waiting").summary()
    #expect(summary.subnetworks.map(\.weightsLeft) == [11_686, 11_686, 11_736])

    await (try await folder.resume("copy")).waitUntilEnded()
    let copied = try folder.directory("copy").summary()
    #expect(copied.notes?.map(\.text) == ["all done"])
    #expect(copied.subnetworks.map(\.weightsLeft) == [11_736, 11_736, 11_736])
  }

  @Test("a run that was to stand still at the end of the round does so after a resume")
  func pausesAtRoundEnd() async throws {
    let (runner, _) = try await paused("asked")
    runner.send(.pauseAtRoundEnd)
    try await copy("asked", as: "copy") { $0.pausesAtRoundEnd == true }
    runner.send(.stop(.now))
    await runner.waitUntilEnded()
    for name in ["copy", "asked"] {
      let again = try await folder.resume(name)
      let mailbox = await again.subscribe(.everything)
      let course = await events(mailbox, from: again.firstSequence) {
        $0 == .stateChanged(.paused)
      }
      #expect(course.contains(.roundFinished(round: 1)))
      #expect(course.count { if case .roundStarted = $0 { true } else { false } } == 1)
      again.send(.resume)
      await again.waitUntilEnded()
      let summary = try folder.directory(name).summary()
      #expect(summary.state == .finished && summary.rounds == 2)
    }
  }

  @Test("a round launched out of a pause between rounds runs after a kill, and not another pause")
  func launchedFromPause() async throws {
    let runner = try await start("between")
    runner.send(.pauseAtRoundEnd)
    let mailbox = await runner.subscribe(.everything)
    _ = await events(mailbox) { $0 == .stateChanged(.paused) }
    // The order and the stop come before the engine wakes, or after: it is the same.
    runner.send(.launchRound(one))
    runner.send(.stop(.now))
    await runner.waitUntilEnded()
    let again = try await folder.resume("between")
    let course = await events(await again.subscribe(.everything), from: again.firstSequence) {
      $0 == .stateChanged(.paused)
    }
    let plans = course.compactMap {
      if case .roundStarted(let start) = $0 { start.plan.settings.pruneCount } else { nil }
    }
    #expect(plans.last == 50 && course.contains { $0 == .roundFinished(round: plans.count) })
    again.send(.resume)
    await again.waitUntilEnded()
    #expect(try folder.directory("between").summary().state == .finished)
  }

  @Test("a mask that is frozen after a round was ordered for it stays")
  func frozenAfterTheOrder() async throws {
    let (runner, _) = try await paused("frozen")
    runner.send(.launchRound(one, subnetwork: 0))
    runner.send(.freeze(subnetwork: 0))
    runner.send(.resume)
    await runner.waitUntilEnded()
    let summary = try folder.directory("frozen").summary()
    #expect(summary.state == .finished && summary.rounds == 2)
    #expect(summary.subnetworks.map(\.weightsLeft) == [16_472, 11_736, 11_736])
    let log = try EventLog.read(folder.directory("frozen").eventsPath).events.map(\.event)
    #expect(log.contains(.message(.warning, "no round: the mask of disc is frozen")))
  }
}
