import Experiments
import Testing
import Workbench

@Suite struct PlainReporterTests {
  private func lines(_ run: ScriptedRun) -> [String] {
    var reporter = PlainReporter()
    return run.events.flatMap { reporter.lines(for: $0) }
  }

  @Test func aRunIsToldByEpochsAndRounds() {
    let run = ScriptedRun.midway(subnetworks: 3)
    let lines = lines(run)
    let epochs = run.events.count { if case .epochFinished = $0.event { true } else { false } }
    #expect(lines.count { $0.contains(" epoch ") && $0.contains(": loss ") } == epochs)
    let steps = run.events.count { $0.event.isProgress }
    #expect(lines.count < steps / 2, "not a line per step")
    #expect(lines.contains { $0.contains("round 2 finished") && $0.contains(" left") })
    #expect(lines.contains { $0.contains("target 25% sparsity reached") })
    #expect(lines.contains { $0.contains("A airplane: loss") && $0.contains("balanced accuracy") })
    #expect(lines.contains { $0.hasPrefix("[00:01] running") })
  }

  @Test func whatIsKnownAlreadyIsNotToldAgain() throws {
    let run = ScriptedRun.midway(subnetworks: 3)
    let all = lines(run)
    let half = run.events.count / 2
    var reporter = PlainReporter(from: run.events[half].sequence)
    let told = run.events.flatMap { reporter.lines(for: $0) }
    #expect(!told.isEmpty && told.count < all.count && Array(all.suffix(told.count)) == told)
    // The figures are those of the whole run.
    var whole = PlainReporter()
    for event in run.events { _ = whole.lines(for: event) }
    #expect(reporter.summary() == whole.summary())
    // A refusal has no place in the run, and is told.
    let refusal = RecordedEvent(
      sequence: -1, time: run.time, event: .commandRefused(.pause, reason: "it only watches"))
    #expect(reporter.lines(for: refusal).first?.contains("it only watches") == true)
  }

  @Test func nothingMovesACursor() {
    var run = ScriptedRun(names: ["a\u{1B}[2J", "b\nc"])
    run.round(1)
    run.send(.message(.warning, "disk\u{1B}]0;x\u{7} full"))
    run.send(.runEnded(.failed))
    let lines = lines(run)
    for line in lines {
      #expect(line.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
    }
    #expect(lines.contains { $0.contains("warning: disk") })
    #expect(lines.last?.contains("error: run failed") == true)
  }

  @Test func lossThatBreaksIsSaidAtOnce() {
    var run = ScriptedRun(subnetworks: 1)
    run.beginRound(1)
    var reporter = PlainReporter()
    for event in run.events { _ = reporter.lines(for: event) }
    func step(_ step: Int, _ loss: Double) -> RecordedEvent {
      RecordedEvent(
        sequence: step, time: run.time,
        event: .stepFinished(
          StepReport(
            stage: .extraction, round: 1, subnetwork: 0, epoch: 1, step: step, plannedSteps: 9,
            loss: loss, samples: 8)))
    }
    #expect(reporter.lines(for: step(1, 0.5)).isEmpty)
    #expect(reporter.lines(for: step(2, .nan)).count == 1)
    #expect(reporter.lines(for: step(3, .nan)).isEmpty)
  }

  @Test func theSummaryHasALinePerSubnetwork() {
    var reporter = PlainReporter()
    for event in ScriptedRun.midway().events { _ = reporter.lines(for: event) }
    let summary = reporter.summary()
    #expect(summary.first?.hasPrefix("demo: running after") == true)
    #expect(summary.count == 2 + 10)
  }
}
