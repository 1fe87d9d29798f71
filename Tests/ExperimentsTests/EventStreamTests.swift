import Experiments
import Testing

struct EventStreamTests {
  private func step(_ number: Int) -> Event {
    .stepFinished(
      StepReport(
        stage: .extraction, round: 1, subnetwork: 0, epoch: 1, step: number, plannedSteps: 1,
        loss: 1, samples: 1))
  }

  @Test("order, numbers without gaps, and the end reach every subscriber")
  func delivery() async {
    let stream = EventStream(now: { 5 })
    let pump = Task { await stream.run() }
    let everything = await stream.subscribe(.everything)
    for number in 0..<1000 { stream.send(step(number)) }
    stream.send(.runEnded(.finished))
    stream.finish()
    await pump.value
    var events: [RecordedEvent] = []
    while let batch = await everything.next() { events += batch }
    #expect(events.map(\.sequence) == Array(0...1000))
    #expect(events.last?.event == .runEnded(.finished))
    #expect(events.allSatisfy { $0.time == 5 })
    // Who comes late still learns what happened, without the progress.
    let late = await stream.subscribe(.everything)
    #expect(late.drain().map(\.event) == [.runEnded(.finished)])
    #expect(await late.next() == nil)
  }

  @Test("who comes to a resumed run gets its course from before, steps and all, once")
  func resumed() async {
    var earlier = (0..<20).map { RecordedEvent(sequence: $0, time: 1, event: step($0)) }
    earlier[7].event = .rewound(round: 1, subnetwork: 0)
    let stream = EventStream(continuing: earlier, now: { 5 })
    let pump = Task { await stream.run() }
    let early = await stream.subscribe(.everything)
    stream.send(.stateChanged(.running))
    stream.send(step(20))
    stream.finish()
    await pump.value
    let events = early.drain()
    #expect(events.map(\.sequence) == Array(0...21))
    #expect(Array(events.prefix(20)) == earlier)
    let late = await stream.subscribe(.newestProgress(limit: 4096))
    #expect(late.drain().map(\.sequence) == Array(0...20))
  }

  @Test("a cancelled subscriber stops waiting, and the stream goes on")
  func cancellation() async {
    let stream = EventStream(now: { 0 })
    let pump = Task { await stream.run() }
    let left = await stream.subscribe(.everything)
    let stays = await stream.subscribe(.everything)
    let waiting = Task { while await left.next() != nil {} }
    waiting.cancel()
    await waiting.value
    stream.send(step(1))
    #expect(await stays.next()?.map(\.sequence) == [0])
    stream.finish()
    await pump.value
    #expect(await stays.next() == nil)
  }

  @Test("a slow screen loses the oldest progress and never a lifecycle event")
  func thinning() {
    let mailbox = Mailbox(.newestProgress(limit: 10))
    for number in 0..<500 {
      mailbox.deliver(RecordedEvent(sequence: number * 2, time: 0, event: step(number)))
      if number % 50 == 0 {
        mailbox.deliver(
          RecordedEvent(
            sequence: number * 2 + 1, time: 0, event: .rewound(round: number, subnetwork: 0)))
      }
    }
    let events = mailbox.drain()
    #expect(events.filter { !$0.event.isProgress }.count == 10)
    #expect(
      events.filter { $0.event.isProgress }.map(\.sequence) == (490..<500).map { $0 * 2 })
    #expect(events.map(\.sequence) == events.map(\.sequence).sorted())
    #expect(mailbox.droppedCount == 490)
  }
}
