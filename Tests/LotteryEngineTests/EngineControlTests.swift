import Experiments
import Foundation
import LotteryEngine
import Testing

/// The pause state machine, with workers on real threads.
struct EngineControlTests {
  /// Collects the events of a stream until a state appears.
  private func states(_ mailbox: Mailbox, until last: RunState) async -> [RunState] {
    var seen: [RunState] = []
    while let events = await mailbox.next() {
      for case .stateChanged(let state) in events.map(\.event) { seen.append(state) }
      if seen.contains(last) { break }
    }
    return seen
  }

  @Test("a pause completes only when every worker stands still, and no step passes after it")
  func pauseWithTwoWorkers() async {
    let events = EventStream()
    let control = EngineControl(events: events)
    let pump = Task { await events.run() }
    let mailbox = await events.subscribe(.everything)
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
    while steps.counts[0] == atPause[0] { await Task.yield() }
    // Pausing again straight after a resume must not be lost.
    for _ in 0..<200 {
      control.submit(.pause)
      control.submit(.resume)
    }
    control.submit(.pause)
    _ = await states(mailbox, until: .paused)
    control.submit(.stop(.now))
    _ = await states(mailbox, until: .stopping)
    events.finish()
    await pump.value
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
    while finished.counts[1] == 0 { await Task.yield() }
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
    control.end()
    control.submit(.pause)
    events.finish()
    await pump.value
    var reasons: [String] = []
    while let batch = await mailbox.next() {
      for case .commandRefused(_, let reason) in batch.map(\.event) { reasons.append(reason) }
    }
    #expect(
      reasons == ["prune count, epochs and learning rate must be positive", "the run has ended"])
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
