import Experiments
import Studies
import Testing

@Suite("Progress of a queue") struct ForecastTests {
  /// Two subnetworks, in a round of so many steps each.
  private func extraction(_ log: inout Recording, round: Int, steps: Int, secondsPerStep: Double) {
    log.add(
      .roundStarted(
        RoundStarted(
          round: round, settings: RoundSettings(pruneCount: 1, epochs: 1, learningRate: 0.1),
          plannedSteps: [steps, steps])))
    for step in 1...steps {
      for k in 0..<2 {
        log.step(
          .extraction, round: round, subnetwork: k, step: step, of: steps, after: secondsPerStep)
      }
    }
    log.add(.roundFinished(round: round))
  }

  private func retraining(
    _ log: inout Recording, round: Int, taken: Int, of steps: Int, secondsPerStep: Double
  ) {
    log.add(.retrainingStarted(round: round, epochs: 1))
    for step in 1...taken {
      for k in 0..<2 {
        log.step(
          .retraining, round: round, subnetwork: k, step: step, of: steps, epoch: 4,
          after: secondsPerStep)
      }
    }
  }

  private func progress(_ log: Recording, newsFrom first: Int = 0) -> RunProgress {
    var progress = RunProgress()
    for event in log.events { progress.take(event, isNews: event.sequence >= first) }
    return progress
  }

  @Test("a run says where it is and how far")
  func place() {
    var log = Recording.begun()
    #expect(progress(log).place == "running")
    extraction(&log, round: 1, steps: 20, secondsPerStep: 1)
    #expect(progress(log).place == "extraction round 1/4")
    #expect(progress(log).done == Workload(extraction: 40))
    retraining(&log, round: 1, taken: 3, of: 10, secondsPerStep: 1)
    #expect(progress(log).place == "retraining 25 % epoch 4")
    #expect(progress(log).done == Workload(extraction: 40, retraining: 6))
    log.add(.retrainingFinished(round: 1))
    log.add(.retrainingStarted(round: 2, epochs: 1))
    #expect(progress(log).place == "retraining 50 %")
    // Of an earlier sitting not every step is told; what has finished counts in full.
    #expect(progress(log).done == Workload(extraction: 40, retraining: 20))
  }

  @Test("in extraction a share of all steps is told, which only grows while subnetworks take turns")
  func turns() {
    var log = Recording.begun()
    log.add(
      .roundStarted(
        RoundStarted(
          round: 1, settings: RoundSettings(pruneCount: 100, epochs: 2, learningRate: 0.1),
          plannedSteps: [10, 10])))
    var shares: [String] = []
    for k in 0..<2 {
      for step in 1...10 {
        log.step(
          .extraction, round: 1, subnetwork: k, step: step, of: 10, epoch: 1 + (step - 1) / 5,
          after: 1)
        shares.append(progress(log).place)
      }
    }
    #expect(shares == (1...20).map { "extraction round 1/4 \(5 * $0) %" })
  }

  @Test("the rest takes as long as its steps take, by stage")
  func secondsLeft() throws {
    var forecast = QueueForecast([
      "a": Workload(extraction: 80, retraining: 40), "b": Workload(extraction: 0, retraining: 40),
    ])
    #expect(forecast.secondsLeft == nil && forecast.fraction == 0)
    var log = Recording.begun()
    extraction(&log, round: 1, steps: 20, secondsPerStep: 1)
    forecast.note(progress(log), of: "a")
    // Nothing is known of retraining yet: as long as extraction.
    #expect(try #require(forecast.secondsLeft).rounded() == 40 + 40 + 40)
    retraining(&log, round: 1, taken: 10, of: 20, secondsPerStep: 3)
    forecast.note(progress(log), of: "a")
    let left = try #require(forecast.secondsLeft)
    #expect(left.rounded() == 40 + 20 * 3 + 40 * 3, "\(left)")
    #expect(abs(forecast.fraction - 100 / (100 + left)) < 0.01, "\(forecast.fraction)")
    // Given up: nothing is left to do of it, and what was learnt stays.
    forecast.end("a", isFinished: false)
    #expect(try #require(forecast.secondsLeft).rounded() == 120)
    forecast.end("b", isFinished: true)
    #expect(forecast.secondsLeft == 0 && forecast.fraction == 1)
  }

  @Test("no speed is taken from what happened in an earlier sitting")
  func earlierSitting() {
    var log = Recording.begun()
    extraction(&log, round: 1, steps: 20, secondsPerStep: 1)
    #expect(progress(log).pace[.extraction] == 1)
    #expect(progress(log, newsFrom: log.events.count).pace[.extraction] == nil)
    #expect(progress(log, newsFrom: log.events.count).done == Workload(extraction: 40))
  }
}
