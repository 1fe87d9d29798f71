import Experiments
import TerminalUI
import Testing
import Workbench

@Suite struct RunModelTests {
  private func fold(_ events: [RecordedEvent]) -> RunModel {
    var model = RunModel()
    for event in events { model.apply(event) }
    return model
  }

  @Test func aRunIsFoldedIntoWhatTheScreensShow() {
    let model = fold(ScriptedRun.midway().events)
    #expect(model.name == "demo")
    #expect(model.state == .running)
    #expect(model.stage == .extraction)
    #expect(model.round == 4)
    #expect(model.finishedRounds == 3)
    #expect(model.finishedRetrainings == 1)
    #expect(model.activeSubnetwork == 4)
    #expect(model.subnetworks.map(\.weightsLeft).prefix(5) == [24536, 24536, 24536, 24536, 30670])
    #expect(model.subnetworks[4].extraction.step == 25)
    #expect(model.subnetworks[4].extraction.totalSteps == 3 * 60 + 25)
    #expect(model.subnetworks[4].retraining.totalSteps == 60)
    #expect(model.rounds.map(\.round) == [1, 2, 3, 4])
    #expect(model.rounds[1].target == 0.25)
    #expect(model.rounds[1].retrained.count == 10)
    #expect(model.evaluations.count == 1)
    #expect(model.markers.filter { $0.kind == .rewind }.map(\.round) == [1, 2, 3, 4])
    #expect(model.nextTarget == 0.5)
  }

  @Test func thinnedStepsStillCount() {
    let events = ScriptedRun.midway().events
    var kept = 0
    let thinned = events.filter { event in
      guard event.event.isProgress else { return true }
      kept += 1
      return kept.isMultiple(of: 5)
    }
    let full = fold(events)
    let few = fold(thinned)
    #expect(few.subnetworks[0].extraction.totalSteps == full.subnetworks[0].extraction.totalSteps)
    #expect(few.effort[.extraction]?.steps == full.effort[.extraction]?.steps)
    let speeds = (full.speed.samplesPerSecond ?? 0, few.speed.samplesPerSecond ?? 0)
    #expect(abs(speeds.0 - speeds.1) < speeds.0 * 0.1)
  }

  /// A screen that comes to a resumed run gets no steps of the earlier sitting.
  @Test func theTimeBeforeAResumeIsNotSetAgainstItsSteps() throws {
    var model = fold(
      ScriptedRun.midway().events.filter { !$0.event.isProgress })
    let resumed = (model.lastTime ?? 0) + 10_000
    func apply(_ event: Event, at seconds: Double) {
      model.apply(RecordedEvent(sequence: 0, time: resumed + seconds, event: event))
    }
    #expect(model.effort.isEmpty)
    apply(.stateChanged(.running), at: 0)
    for step in 1...50 {
      apply(
        .stepFinished(
          StepReport(
            stage: .extraction, round: 5, subnetwork: 0, epoch: 1, step: step, plannedSteps: 60,
            loss: 1, samples: 64)), at: Double(step))
    }
    #expect(model.effort[.extraction]?.steps == 49)
    #expect(model.effort[.extraction]?.seconds == 49)
  }

  @Test func speedComesFromTheTimesOfTheEvents() {
    var meter = SpeedMeter()
    #expect(meter.samplesPerSecond == nil)
    for step in 0..<200 { meter.record(samples: 64, at: Double(step) * 0.1) }
    #expect(abs((meter.samplesPerSecond ?? 0) - 640) < 40)
    meter.restart()
    #expect(meter.samplesPerSecond == nil)
  }

  @Test func timeLeftIsUnknownUntilItIsMeasured() {
    #expect(fold(ScriptedRun().events).remaining == nil)
    var run = ScriptedRun()
    run.round(1)
    run.round(2)
    let early = fold(run.events).remaining
    #expect(early?.isLowerBound == true, "no retraining was seen yet")
    run.retrain(2)
    let later = fold(run.events).remaining
    #expect(later?.isLowerBound == false)
    // Four rounds of 600 steps and two retrainings of 600 steps, some 20 ms each.
    #expect(abs((later?.seconds ?? 0) - 6 * 600 * 0.021) < 6)
    run.send(.runEnded(.stopped))
    #expect(fold(run.events).remaining == nil)
  }

  @Test func standingStillCostsNoSpeed() {
    var run = ScriptedRun()
    run.round(1)
    let before = fold(run.events).pace(of: .extraction)
    run.send(.stateChanged(.paused))
    run.wait(3600)
    run.send(.stateChanged(.running))
    #expect(fold(run.events).pace(of: .extraction) == before)
  }

  @Test func lossThatIsNotFiniteIsAGapAndAnAlarm() {
    var run = ScriptedRun(subnetworks: 2)
    run.beginRound(1)
    for (index, loss) in [0.5, .nan, .nan, 0.4].enumerated() {
      run.wait(0.1)
      run.send(
        .stepFinished(
          StepReport(
            stage: .extraction, round: 1, subnetwork: 0, epoch: 1, step: index + 1,
            plannedSteps: 10, loss: loss, samples: 8)))
    }
    let model = fold(run.events)
    #expect(model.subnetworks[0].extraction.brokenSteps == 2)
    #expect(model.alarm?.level == .error)
    #expect(model.log.filter { $0.level == .error }.count == 1, "said once, not per step")
    let points = model.subnetworks[0].extraction.histories[0].points(buckets: 100)
    #expect(points.contains { $0.y.isNaN })
  }

  @Test func smoothingKeepsAConstantAndStartsAnewEachRound() {
    var progress = StageProgress()
    func report(_ round: Int, _ step: Int, _ loss: Double) -> StepReport {
      StepReport(
        stage: .extraction, round: round, subnetwork: 0, epoch: 1, step: step, plannedSteps: 50,
        loss: loss, samples: 1)
    }
    for step in 1...50 { _ = progress.record(report(1, step, 0.25)) }
    let constant = progress.histories[Smoothing.strong.rawValue].points(buckets: 1000)
    #expect(constant.allSatisfy { abs($0.y - 0.25) < 1e-12 })
    _ = progress.record(report(2, 1, 0.75))
    #expect(abs((progress.histories[Smoothing.strong.rawValue].last?.y ?? 0) - 0.75) < 1e-12)
    #expect(progress.totalSteps == 51)
    #expect(progress.roundPosition(of: 25) == 0.5)
    #expect(progress.roundPosition(of: 51) == 1 + 1.0 / 50)
  }

  @Test func theLogIsBounded() {
    var model = RunModel()
    for index in 0..<5000 {
      model.apply(
        RecordedEvent(sequence: index, time: Double(index), event: .message(.info, "\(index)")))
    }
    #expect(model.log.count <= RunModel.logLimit + 200)
    #expect(model.log.count + model.droppedLogLines == 5000)
    #expect(model.log.last?.text == "4999")
  }
}
