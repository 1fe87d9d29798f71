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
