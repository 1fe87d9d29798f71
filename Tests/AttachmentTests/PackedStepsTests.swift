import Attachment
import Experiments
import Foundation
import Testing

struct PackedStepsTests {
  private func step(_ number: Int, _ stage: Stage, loss: Double) -> RecordedEvent {
    RecordedEvent(
      sequence: number * 3 - 1, time: 1.7e9 + Double(number) / 7,
      event: .stepFinished(
        StepReport(
          stage: stage, round: number, subnetwork: number % 64, epoch: number + 1,
          step: number * 1_000_000_007, plannedSteps: .max - number, loss: loss, samples: 64)))
  }

  @Test("steps come out of a line as they went in, to the last bit")
  func roundTrip() throws {
    let losses: [Double] = [0.1, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, 1e300]
    let events = losses.enumerated().map {
      step($0, $0 % 2 == 0 ? .extraction : .retraining, loss: $1)
    }
    let line = try ExperimentJSON.line(ServerFrame.steps(PackedSteps(events)))
    #expect(!line.contains(10))
    let frame = try ExperimentJSON.decode(ServerFrame.self, from: line)
    #expect(frame == .steps(PackedSteps(events)))

    let lost = step(3, .extraction, loss: .nan)
    let back = try ExperimentJSON.decode(
      ServerFrame.self, from: ExperimentJSON.line(ServerFrame.steps(PackedSteps([lost]))))
    guard case .steps(let steps) = back, case .stepFinished(let report)? = steps.events.first?.event
    else {
      Issue.record("found \(back), expected a step")
      return
    }
    #expect(report.loss.isNaN && report.step == 3_000_000_021)
  }

  @Test(
    "what is no steps is refused",
    arguments: ["AAAA", "no base 64!", Data(repeating: 0xff, count: 80).base64EncodedString()])
  func damage(text: String) {
    #expect(throws: DecodingError.self) {
      try ExperimentJSON.decode(PackedSteps.self, from: Data("\"\(text)\"".utf8))
    }
  }
}
