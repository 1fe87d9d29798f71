import Experiments
import Foundation
import LotteryEngine
import Testing

/// A run that is ended without a checkpoint is one whose engine died, only without the damage.
@Suite(.serialized, .timeLimit(.minutes(3))) struct KillTests {
  private let folder = RunFolder()

  @Test("a killed run is interrupted, keeps its older checkpoint, and resumes to the same bits")
  func killed() async throws {
    let config = RunFolder.config()
    try await folder.finished(config, name: "whole")
    let runner = try await folder.start(config, name: "killed")
    let mailbox = await runner.subscribe(.everything)
    var (steps, newest) = (0, 0)
    var events: [Event] = []
    while let batch = await mailbox.next() {
      events += batch.map(\.event)
      steps += batch.count { $0.event.isProgress }
      let numbers = try folder.store("killed").numbers()
      // Well after a checkpoint, so that there are steps that no checkpoint has.
      if newest == 0, steps > 120, let first = numbers.first {
        newest = first
        runner.send(.stop(.kill))
      }
    }
    await runner.waitUntilEnded()
    #expect(newest > 0, "it was killed in time")
    #expect(events.contains(.commandAccepted(.stop(.kill))))
    #expect(!events.contains { if case .runEnded = $0 { true } else { false } })
    #expect(try !folder.directory("killed").summary().state.isFinal)
    await (try await folder.resume("killed")).waitUntilEnded()
    #expect(try folder.directory("killed").summary().state == .finished)
    #expect(try folder.metrics("killed") == folder.metrics("whole"))
    #expect(try folder.results("killed") == folder.results("whole"))
  }

  @Test("standing still, a run is killed as well, and nothing is saved")
  func whilePaused() async throws {
    let config = RunFolder.config { $0.extraction.epochsPerRound = 2000 }
    let runner = try await folder.start(config, name: "paused")
    let mailbox = await runner.subscribe(.everything)
    runner.send(.pause)
    var states: [RunState] = []
    while let batch = await mailbox.next() {
      for case .stateChanged(let state) in batch.map(\.event) {
        states.append(state)
        if state == .paused { runner.send(.stop(.kill)) }
      }
    }
    await runner.waitUntilEnded()
    #expect(states.suffix(2) == [.paused, .stopping])
    #expect(try !folder.directory("paused").summary().state.isFinal)
  }
}
