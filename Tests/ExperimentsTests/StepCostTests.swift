import Experiments
import Foundation
import Testing

/// What keeps the reports of steps cheap must not change what is reported.
struct StepCostTests {
  private func step(_ number: Int, loss: Double = 1, time: Double = 0) -> RecordedEvent {
    RecordedEvent(
      sequence: number, time: time,
      event: .stepFinished(
        StepReport(
          stage: number % 2 == 0 ? .extraction : .retraining, round: number,
          subnetwork: number % 64,
          epoch: number / 7, step: number, plannedSteps: 320_000, loss: loss, samples: 64)))
  }

  @Test("a step's line is to the byte what the JSON encoder writes")
  func lines() throws {
    var random = SystemRandomNumberGenerator()
    var values: [Double] = [
      0, -0.0, 1, -1, 0.1, 1e15, 1e16, 123_456_789_012_345_680, 1e-5, 1e-4, 5e-324, 1.7e308,
      .nan, .infinity, -.infinity, 1_795_684_504, 1_795_684_504.441_914_6,
    ]
    for _ in 0..<2000 {
      values.append(Double(bitPattern: UInt64.random(in: 0 ... .max, using: &random)))
    }
    for _ in 0..<2000 { values.append(Double(Float.random(in: 0..<3, using: &random))) }
    for (number, value) in values.enumerated() {
      let event = step(number, loss: value, time: value.isFinite ? value : 0)
      let expected = try ExperimentJSON.line(event) + Data([10])
      let line = try EventLog.encode(event)
      #expect(line == expected, "\(String(decoding: line, as: UTF8.self))")
    }
  }

  @Test("steps are gathered, and all come with the next event that cannot wait")
  func gathering() async {
    let mailbox = Mailbox(.everything)
    for number in 0..<5 { mailbox.deliver(step(number)) }
    let waiting = Task { await mailbox.next(gathering: .seconds(600)) }
    mailbox.deliver(step(5))
    mailbox.deliver(RecordedEvent(sequence: 6, time: 0, event: .rewound(round: 1, subnetwork: 0)))
    mailbox.deliver(RecordedEvent(sequence: 7, time: 0, event: .stateChanged(.pausing)))
    #expect(await waiting.value?.map(\.sequence) == Array(0...7))
  }

  @Test("steps alone come when their time is over, and at the end")
  func patience() async {
    let mailbox = Mailbox(.newestProgress(limit: 3))
    for number in 0..<5 { mailbox.deliver(step(number)) }
    #expect(await mailbox.next(gathering: .milliseconds(20))?.map(\.sequence) == [2, 3, 4])
    mailbox.deliver(step(5))
    let waiting = Task { await mailbox.next(gathering: .seconds(600)) }
    mailbox.close()
    #expect(await waiting.value?.map(\.sequence) == [5])
    #expect(await mailbox.next(gathering: .seconds(600)) == nil)
  }

  @Test("progress that wakes nobody is there for who looks, and nothing is waited for in vain")
  func quietProgress() async {
    let mailbox = Mailbox(.everything)
    let count = 20_000
    let filling = Task {
      for number in 0..<count { mailbox.deliver(step(number)) }
      mailbox.close()
    }
    var seen: [Int] = []
    while let events = await mailbox.next() { seen += events.map(\.sequence) }
    await filling.value
    #expect(seen == Array(0..<count))
  }
}
