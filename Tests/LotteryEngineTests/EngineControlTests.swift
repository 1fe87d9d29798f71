import Experiments
import Foundation
import LotteryEngine
import Synchronization
import Testing

/// The pause state machine, with workers on real threads.
@Suite(.timeLimit(.minutes(1))) struct EngineControlTests {
  /// Collects the events of a stream until a state appears.
  private func states(_ mailbox: Mailbox, until last: RunState) async -> [RunState] {
    var seen: [RunState] = []
    while let events = await mailbox.next() {
      for case .stateChanged(let state) in events.map(\.event) { seen.append(state) }
      if seen.contains(last) { break }
    }
    return seen
  }

  /// Whether a condition holds within ten seconds.
  private func becomesTrue(_ condition: () -> Bool) async -> Bool {
    let deadline = ContinuousClock.now + .seconds(10)
    while !condition() {
      guard ContinuousClock.now < deadline else { return false }
      try? await Task.sleep(for: .milliseconds(1))
    }
    return true
  }

  @Test("a pause completes only when every worker stands still, and no step passes after it")
  func pauseWithTwoWorkers() async {
    let events = EventStream()
    let control = EngineControl(events: events)
    let pump = Task { await events.run() }
    let mailbox = await events.subscribe(.everything)
    let everything = await events.subscribe(.everything)
    control.begin(workers: 2)
    let steps = StepCounter()
    for worker in 0..<2 {
      Thread.detachNewThread {
        while (try? control.checkpoint()) != nil { steps.add(worker) }
        control.workerFinished()
      }
    }
    control.submit(.pause)
    #expect(await states(mailbox, until: .paused) == [.pausing, .paused])
    let atPause = steps.counts
    try? await Task.sleep(for: .milliseconds(50))
    #expect(steps.counts == atPause)

    control.submit(.resume)
    #expect(await states(mailbox, until: .running) == [.running])
    #expect(await becomesTrue { steps.counts[0] > atPause[0] })
    // Pausing again straight after a resume is neither lost nor announced too early.
    for _ in 0..<300 {
      control.submit(.pause)
      #expect(await states(mailbox, until: .paused).last == .paused)
      let atPause = steps.counts
      for _ in 0..<20 { await Task.yield() }
      #expect(steps.counts == atPause)
      control.submit(.resume)
    }
    // Nor is one of many that come and go.
    for _ in 0..<200 {
      control.submit(.pause)
      control.submit(.resume)
    }
    control.submit(.pauseAtRoundEnd)
    control.submit(.stop(.now))
    control.submit(.pause)
    _ = await states(mailbox, until: .stopping)
    events.finish()
    await pump.value
    let refused = everything.drain().compactMap { recorded -> RunCommand? in
      if case .commandRefused(let command, _) = recorded.event { command } else { nil }
    }
    #expect(refused == [.pause], "a run that is ending cannot be paused")
  }

  @Test("a round launched out of a pause between rounds runs, then the run stands still again")
  func launchFromPause() async throws {
    let events = EventStream()
    let control = EngineControl(events: events)
    let pump = Task { await events.run() }
    let mailbox = await events.subscribe(.everything)
    control.submit(.pauseAtRoundEnd)
    let finished = StepCounter()
    Thread.detachNewThread {
      try? control.roundBoundary()
      if control.nextOrder() != nil { finished.add(0) }
      try? control.roundBoundary()
      finished.add(1)
    }
    _ = await states(mailbox, until: .paused)
    control.submit(.launchRound(RoundSettings(pruneCount: 1, epochs: 1, learningRate: 0.1)))
    #expect(await states(mailbox, until: .paused) == [.running, .paused])
    #expect(finished.counts == [1, 0])
    control.submit(.resume)
    _ = await states(mailbox, until: .running)
    #expect(await becomesTrue { finished.counts[1] > 0 })
    events.finish()
    await pump.value
  }

  @Test("after the end every command is refused with a reason")
  func refusals() async {
    let events = EventStream()
    let control = EngineControl(events: events)
    let pump = Task { await events.run() }
    let mailbox = await events.subscribe(.everything)
    control.submit(.launchRound(RoundSettings(pruneCount: 0, epochs: 1, learningRate: 0.1)))
    control.submit(.startRetraining(epochs: .max))
    control.submit(.stop(.now))
    control.submit(.stop(.finishRound))
    control.submit(.startRetraining(epochs: nil))
    #expect(control.stopMode == .now)
    control.submit(.stop(.kill))
    #expect(control.stopMode == .kill, "what does not end can be killed")
    control.submit(.stop(.now))
    #expect(control.stopMode == .kill)
    control.end()
    control.submit(.pause)
    events.finish()
    await pump.value
    var reasons: [String] = []
    while let batch = await mailbox.next() {
      for case .commandRefused(_, let reason) in batch.map(\.event) { reasons.append(reason) }
    }
    #expect(
      reasons == [
        "found prune count 0, expected from 1 to 1000000000",
        "found \(Int.max) epochs, expected from 1 to 100000", "the run stops at the next batch",
        "the run is ending", "the run stops at the next batch", "the run has ended",
      ])
  }

  @Test("a snapshot has exactly what was accepted before its place among the events")
  func keptWithItsEvents() async {
    let events = EventStream()
    let control = EngineControl(events: events)
    let pump = Task { await events.run() }
    let pairs = Mutex<[(orders: Int, events: Int)]>([])
    let isDone = Mutex(false)
    let snapshots = Task.detached {
      repeat {
        control.keep(in: RunSnapshot(masks: [])) { snapshot in
          events.mark { sequence in
            pairs.withLock { $0.append((snapshot.orders.count, sequence)) }
          }
        }
      } while !isDone.withLock { $0 }
    }
    // Each is one event.
    for _ in 0..<3000 { control.submit(.startRetraining(epochs: nil)) }
    isDone.withLock { $0 = true }
    await snapshots.value
    events.finish()
    await pump.value
    let found = pairs.withLock { $0 }
    #expect(!found.isEmpty && found.allSatisfy { $0.orders == $0.events })
  }

  @Test("an engine that waits saves an order before it takes it")
  func savedBeforeTaken() async {
    let events = EventStream()
    let control = EngineControl(events: events)
    let pump = Task { await events.run() }
    let mailbox = await events.subscribe(.everything)
    let saved = Mutex<[Int]>([])
    control.onStandstill(
      {
        control.keep(in: RunSnapshot(masks: [])) { snapshot in
          saved.withLock { $0.append(snapshot.orders.count) }
        }
      }, onRetry: {})
    let taken = StepCounter()
    Thread.detachNewThread {
      for _ in 0..<200 {
        control.waitForOrder()
        if control.nextOrder() != nil { taken.add(0) }
      }
    }
    for count in 1...200 {
      _ = await states(mailbox, until: .waiting)
      control.submit(.startRetraining(epochs: nil))
      #expect(saved.withLock { $0 } == Array(repeating: 1, count: count))
    }
    #expect(await becomesTrue { taken.counts[0] == 200 })
    events.finish()
    await pump.value
  }

  @Test("a disk that recovers does not withdraw the pause at the end of a round")
  func pauseAtRoundEndWithFullDisk() async {
    let events = EventStream()
    let control = EngineControl(events: events)
    let pump = Task { await events.run() }
    let mailbox = await events.subscribe(.everything)
    control.storageFailed(.checkpoints, reason: "full")
    control.submit(.pauseAtRoundEnd)
    let passed = StepCounter()
    Thread.detachNewThread {
      try? control.roundBoundary()
      passed.add(0)
    }
    _ = await states(mailbox, until: .paused)
    control.storageRecovered(.checkpoints)
    try? await Task.sleep(for: .milliseconds(50))
    #expect(passed.counts[0] == 0)
    control.submit(.resume)
    #expect(await becomesTrue { passed.counts[0] == 1 })
    events.finish()
    await pump.value
  }
}

/// Counts from several threads.
private final class StepCounter: Sendable {
  private let lock = NSLock()
  nonisolated(unsafe) private var values = [0, 0]

  func add(_ worker: Int) {
    lock.withLock { values[worker] += 1 }
  }

  var counts: [Int] { lock.withLock { values } }
}
