import Experiments
import Foundation
import TerminalUI
import Testing
import Workbench

@Suite struct ChartAxisTests {
  /// Two rounds of a subnetwork, ten steps of two epochs each; an hour passes between them.
  private func twoRounds(stage: Stage = .extraction, rounds: [Int] = [1, 2]) -> StageProgress {
    var progress = StageProgress()
    for (index, round) in rounds.enumerated() {
      for step in 1...10 {
        _ = progress.record(
          StepReport(
            stage: stage, round: round, subnetwork: 0, epoch: 1 + (step - 1) / 5, step: step,
            plannedSteps: 10, loss: 1 / Double(step), samples: 8),
          seconds: Double(index) * 3600 + Double(step), epochs: 2)
      }
    }
    return progress
  }

  @Test func aStepHasItsPlaceOnEveryAxis() {
    let progress = twoRounds()
    #expect(progress.position(of: 15, on: .step) == 15)
    #expect(progress.position(of: 5, on: .epoch) == 1)
    #expect(progress.position(of: 15, on: .epoch) == 3)
    #expect(progress.position(of: 10, on: .round) == 1)
    #expect(progress.position(of: 15, on: .round) == 1.5)
    #expect(progress.position(of: 3, on: .time) == 3)
    #expect(progress.position(of: 10, on: .time) == 10)
    #expect(progress.position(of: 11, on: .time) == 3601)
    #expect(progress.position(of: 20, on: .time) == 3610)
  }

  @Test func roundsThatWereLeftOutLeaveTheirRoom() {
    let progress = twoRounds(stage: .retraining, rounds: [2, 5])
    #expect(progress.position(of: 10, on: .round) == 2, "the end of round 2, not the start of 5")
    #expect(progress.position(of: 11, on: .round) > 4)
  }

  @Test(arguments: ChartAxis.allCases) func placesRiseAndLeadBack(_ axis: ChartAxis) {
    let progress = twoRounds()
    var before = -Double.infinity
    for tenth in 0...200 {
      let step = Double(tenth) / 10
      let place = progress.position(of: step, on: axis)
      #expect(place >= before, "\(step)")
      before = place
      #expect(progress.step(at: place, on: axis) >= step - 0.01, "\(step)")
    }
    for step in 1...20 where step != 11 {
      let back = progress.step(at: progress.position(of: Double(step), on: axis) + 1e-9, on: axis)
      #expect(abs(back - Double(step)) < 1, "\(step)")
    }
  }

  @Test func aMillionStepsKeepTheirTimesWithinAThousandth() {
    var progress = StageProgress()
    let count = 1_000_000
    for step in 1...count {
      // Slower and slower, so that a straight line would be wrong.
      let share = Double(step) / Double(count)
      _ = progress.record(
        StepReport(
          stage: .extraction, round: 1, subnetwork: 0, epoch: 1, step: step, plannedSteps: count,
          loss: 0.5, samples: 1), seconds: 1000 * share * share, epochs: 1)
    }
    for step in [1, 1234, 499_999, 777_777, count] {
      let share = Double(step) / Double(count)
      let place = progress.position(of: Double(step), on: .time)
      #expect(abs(place - 1000 * share * share) < 1, "\(step)")
    }
  }

  @Test func figuresFromABrokenLogDoNotTrap() {
    var progress = StageProgress()
    for (round, step, epoch) in [
      (1, Int.max, Int.max), (2, Int.max, 1), (.min, 1, .min), (3, -5, 0), (.max, 5, 3),
    ] {
      _ = progress.record(
        StepReport(
          stage: .extraction, round: round, subnetwork: 0, epoch: epoch, step: step,
          plannedSteps: .max, loss: 1, samples: .max), seconds: .nan, epochs: .max)
      for axis in ChartAxis.allCases {
        _ = progress.position(of: Double(progress.totalSteps), on: axis)
        _ = progress.step(at: 12, on: axis)
      }
    }
    #expect(progress.segments.count >= 3)
    #expect(progress.totalSteps(round: 3, step: .max) != nil)
  }

  @Test func theCursorReadsTheSameStepWhateverTheAxis() {
    var state = Fixture.state(.midway(subnetworks: 3), size: Size(width: 120, height: 40))
    var legends: Set<[String]> = []
    for _ in ChartAxis.allCases {
      state.press(.character("c"), .home)
      let start = render(state, size: state.size, look: Fixture.color).text
      #expect(start.contains(/step 0( of .)? · round 1/), "\(state.lossView.axis)")
      state.press(.end)
      let text = render(state, size: state.size, look: Fixture.color).text
      #expect(text.contains("round 4 · epoch 8.0"), "\(state.lossView.axis)")
      legends.insert(
        text.split(separator: "\n").compactMap { line in
          line.split(separator: "│").first { $0.contains("● A 0.") }.map {
            String($0.suffix(10)).trimmingCharacters(in: .whitespaces)
          }
        })
      state.press(.character("c"), .character("x"))
    }
    // One of each stage.
    #expect(legends.count == 1 && legends.first?.count == 2, "\(legends)")
  }
}
