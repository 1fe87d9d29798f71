import Experiments
import Foundation
import Testing

@Suite(.timeLimit(.minutes(1))) struct ReplayTests {
  /// A run of a few rounds with its log on disk, removed with the last reference.
  final class Recording {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("rtl-replay-\(UUID().uuidString)")
    let directory: RunDirectory

    init(_ events: [RecordedEvent], tail: String = "") throws {
      let config = try ExperimentConfig.parse(
        yaml: "name: x\ndataset:\n  kind: procedural\n", file: "x.yaml")
      directory = try RunDirectory.create(
        name: "x", defaultName: "x", in: folder.path, configText: "", config: config)
      var data = Data()
      for event in events { data += try EventLog.encode(event) }
      data += Data(tail.utf8)
      try data.write(to: URL(fileURLWithPath: directory.eventsPath))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }
  }

  /// Rounds of so many steps, a hundredth of a second apart.
  static func events(rounds: Int, steps: Int) -> [RecordedEvent] {
    var events: [Event] = [.stateChanged(.preparing), .stateChanged(.running)]
    for round in 1...rounds {
      events.append(
        .roundStarted(
          RoundStarted(
            round: round, settings: RoundSettings(pruneCount: 1, epochs: 1, learningRate: 1e-3),
            plannedSteps: [steps])))
      for step in 1...steps {
        events.append(
          .stepFinished(
            StepReport(
              stage: .extraction, round: round, subnetwork: 0, epoch: 1, step: step,
              plannedSteps: steps, loss: 1, samples: 1)))
      }
      events.append(.roundFinished(round: round))
    }
    events.append(.runEnded(.finished))
    return events.enumerated().map {
      RecordedEvent(sequence: $0, time: 1_780_000_000 + Double($0) * 0.01, event: $1)
    }
  }

  private func all(_ mailbox: Mailbox) async -> [RecordedEvent] {
    var events: [RecordedEvent] = []
    while let more = await mailbox.next() { events += more }
    return events
  }

  private func rounds(_ events: [RecordedEvent]) -> [Int] {
    events.compactMap {
      if case .roundStarted(let report) = $0.event { return report.round }
      return nil
    }
  }

  @Test func aScreenGetsEveryEventHoweverFast() async throws {
    let events = Self.events(rounds: 3, steps: 6000)
    let recording = try Recording(events)
    let runner = ReplayRunner(recording.directory)
    let mailbox = await runner.subscribe(.newestProgress(limit: 500))
    var seen: [RecordedEvent] = []
    while let more = await mailbox.next() { seen += more }
    #expect(mailbox.droppedCount == 0)
    #expect(seen == events)
    #expect(runner.contact.playback?.isOver == true)
    #expect(runner.contact.playback?.percent == 100)
    #expect(runner.contact.playback?.remark == nil)
    let late = await all(await runner.subscribe(.everything))
    #expect(late == events.filter { !$0.event.isProgress }, "as from any stream")
  }

  @Test func aTornTailAndStrangeLinesArePassedOver() async throws {
    let events = Self.events(rounds: 1, steps: 3)
    let tail = "{\"event\":\"sung\",\"data\":{},\"sequence\":9,\"time\":1}\n{\"event\":\"stat"
    let recording = try Recording(events, tail: tail)
    let runner = ReplayRunner(recording.directory)
    #expect(await all(await runner.subscribe(.everything)) == events)
    #expect(runner.contact.playback?.remark == "has 1 event(s) of unknown kinds")
  }

  @Test func aLogThatIsNotThereIsSaidSo() async throws {
    let recording = try Recording([])
    try FileManager.default.removeItem(atPath: recording.directory.eventsPath)
    let runner = ReplayRunner(recording.directory)
    #expect(await all(await runner.subscribe(.everything)) == [])
    #expect(runner.contact.playback?.remark?.contains("events.jsonl") == true)
  }

  @Test func itKeepsTheRecordedDistances() async throws {
    let recording = try Recording(Self.events(rounds: 1, steps: 100))
    let runner = ReplayRunner(recording.directory, speed: 2)
    let begin = ContinuousClock.now
    _ = await all(await runner.subscribe(.everything))
    // A second of events at twice the speed; how much longer it takes is the machine's affair.
    #expect(begin.duration(to: .now) > .milliseconds(450))
  }

  @Test func itPausesJumpsAndGoesBack() async throws {
    let recording = try Recording(Self.events(rounds: 4, steps: 50))
    let runner = ReplayRunner(recording.directory, speed: 0.001)
    let mailbox = await runner.subscribe(.everything)
    #expect(!runner.perform(.nextRound))
    var seen: [RecordedEvent] = []
    while rounds(seen) != [1], let more = await mailbox.next() { seen += more }
    #expect(!runner.perform(.pauseOrResume))
    #expect(runner.contact.playback?.isPaused == true)
    #expect(!runner.perform(.nextRound), "also while it is paused")
    while rounds(seen) != [1, 2], let more = await mailbox.next() { seen += more }
    try await Task.sleep(for: .milliseconds(200))
    #expect(rounds(seen + mailbox.drain()) == [1, 2], "and is paused again there")
    #expect(runner.contact.playback?.isHurrying == false)

    #expect(runner.perform(.previousRound), "anew from the beginning")
    #expect(await mailbox.next() == nil, "who watches subscribes again")
    let again = await runner.subscribe(.everything)
    seen = []
    while rounds(seen) != [1], let more = await again.next() { seen += more }
    #expect(seen.first?.sequence == 0)

    _ = runner.perform(.pauseOrResume)
    for _ in 0..<40 { _ = runner.perform(.faster) }
    #expect(runner.contact.playback?.speed == .infinity)
    while let more = await again.next() { seen += more }
    #expect(rounds(seen) == [1, 2, 3, 4])
    _ = runner.perform(.slower)
    #expect(runner.contact.playback?.speed == 1024)
  }

  @Test func commandsAreRefusedWithAReason() async throws {
    let recording = try Recording(Self.events(rounds: 1, steps: 1))
    let runner = ReplayRunner(recording.directory, speed: 0.001)
    let mailbox = await runner.subscribe(.everything)
    runner.send(.pause)
    var refusals: [String] = []
    while refusals.isEmpty, let events = await mailbox.next() {
      for case .commandRefused(.pause, let reason) in events.map(\.event) {
        refusals.append(reason)
      }
    }
    #expect(refusals.first?.contains("recording") == true)
    #expect(runner.contact.refusal == refusals.first)
    await runner.leave()
    #expect(await mailbox.next() == nil)
  }

  @Test func aHeldLockIsSeenAndAFreeOneIsNot() throws {
    let recording = try Recording([])
    #expect(RunLock.holder(of: recording.directory) == nil)
    do {
      let lock = try RunLock(recording.directory)
      #expect(RunLock.holder(of: recording.directory) != nil)
      withExtendedLifetime(lock) {}
    }
    #expect(RunLock.holder(of: recording.directory) == nil)
  }
}
