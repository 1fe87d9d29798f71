import Experiments
import Foundation
import LotteryEngine
import Synchronization
import Testing

/// A run whose disk cannot be written stands still and goes on; snapshots are taken between two steps.
@Suite(.timeLimit(.minutes(1))) struct StorageTests {
  private func events(_ mailbox: Mailbox, until last: Event) async -> [Event] {
    var seen: [Event] = []
    while let events = await mailbox.next() {
      seen += events.map(\.event)
      if seen.contains(last) { break }
    }
    return seen
  }

  @Test("while something cannot be written the run is paused; then it goes on by itself")
  func pausesAndGoesOn() async throws {
    let stream = EventStream()
    let control = EngineControl(events: stream)
    let pump = Task { await stream.run() }
    let mailbox = await stream.subscribe(.everything)
    let retries = Mutex(0)
    control.onStandstill({}, onRetry: { retries.withLock { $0 += 1 } })
    Thread.detachNewThread {
      while (try? control.checkpoint()) != nil {}
      control.workerFinished()
    }
    control.storageFailed(.events, reason: "No space left on device")
    control.storageFailed(.events, reason: "No space left on device")
    control.storageFailed(.checkpoints, reason: "No space left on device")
    // A person who wants to go on is told why not, and it is tried again.
    control.submit(.resume)
    let refused = await events(
      mailbox,
      until: .commandRefused(
        .resume,
        reason: "a checkpoint cannot be written: No space left on device; the event log cannot be "
          + "written: No space left on device; the run goes on by itself when it can"))
    #expect(!refused.contains(.stateChanged(.running)))
    let banners = refused.filter { if case .message(.error, _) = $0 { true } else { false } }
    #expect(banners.count == 2, "one for each thing, once")
    #expect(retries.withLock { $0 } == 1)
    control.storageRecovered(.events)
    #expect(control.storageFails)
    control.storageRecovered(.checkpoints)
    #expect(await events(mailbox, until: .stateChanged(.running)).count >= 2)
    // A pause that a person asked for stays.
    control.submit(.pause)
    _ = await events(mailbox, until: .commandAccepted(.pause))
    control.storageFailed(.results, reason: "full")
    control.storageRecovered(.results)
    control.submit(.resume)
    let untilResumed = await events(mailbox, until: .commandAccepted(.resume))
    #expect(untilResumed.contains(.message(.info, "everything can be written again")))
    #expect(
      !untilResumed.prefix { $0 != .commandAccepted(.resume) }.contains(.stateChanged(.running)))
    control.submit(.stop(.now))
    stream.finish()
    await pump.value
  }

  @Test("a result that cannot be written is tried again; a stop gives it up")
  func insists() async throws {
    let stream = EventStream()
    let control = EngineControl(events: stream)
    var attempts = 0
    try control.insist {
      attempts += 1
      if attempts < 2 { throw ExperimentError.file(path: "/x", reason: "full") }
    }
    #expect(attempts == 2 && !control.storageFails)
    #expect(throws: EngineError.self) {
      try control.insist { throw EngineError.unsupported("no fault of a disk") }
    }
    control.submit(.stop(.now))
    #expect(throws: StopRequested.self) {
      try control.insist { throw ExperimentError.file(path: "/x", reason: "full") }
    }
    #expect(control.storageFails)
  }

  @Test("a snapshot sees every worker between two steps, and holds them for that only")
  func snapshots() async throws {
    let stream = EventStream()
    let control = EngineControl(events: stream)
    // A worker's step changes two counters; its capture copies them.
    let board = Mutex([Int: (Int, Int)]())
    let moving = Mutex(0)
    let snapshots = Mutex(0)
    let faults = Mutex(0)
    control.onStandstill(
      {
        let isStill = moving.withLock { $0 == 0 }
        let isWhole = board.withLock { $0.values.allSatisfy { $0.0 == $0.1 } }
        if !isStill || !isWhole { faults.withLock { $0 += 1 } }
        snapshots.withLock { $0 += 1 }
      }, onRetry: {})
    control.begin(workers: 3)
    let done = Mutex(0)
    for worker in 0..<3 {
      Thread.detachNewThread {
        var (a, b) = (0, 0)
        while (try? control.checkpoint(capture: { board.withLock { $0[worker] = (a, b) } })) != nil
        {
          moving.withLock { $0 += 1 }
          a += 1
          b += 1
          moving.withLock { $0 -= 1 }
        }
        control.workerFinished()
        done.withLock { $0 += 1 }
      }
    }
    for _ in 0..<400 {
      control.requestSnapshot()
      for _ in 0..<20 { await Task.yield() }
      if Bool.random() {
        control.submit(.pause)
        control.requestSnapshot()
        control.submit(.resume)
      }
    }
    while snapshots.withLock({ $0 }) < 20 {
      control.requestSnapshot()
      try await Task.sleep(for: .milliseconds(1))
    }
    control.submit(.stop(.now))
    while done.withLock({ $0 }) < 3 { try await Task.sleep(for: .milliseconds(1)) }
    #expect(faults.withLock { $0 } == 0)
    #expect(control.secondsHeld > 0)
  }
}
