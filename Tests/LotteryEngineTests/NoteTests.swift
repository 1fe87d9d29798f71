import Experiments
import Foundation
import LotteryEngine
import Testing

/// Notes on their way through the engine.
@Suite struct NoteTests {
  private func step(_ number: Int, of subnetwork: Int) -> Event {
    .stepFinished(
      StepReport(
        stage: .retraining, round: 3, subnetwork: subnetwork, epoch: 1, step: number,
        plannedSteps: 9, loss: 1, samples: 1))
  }

  /// What comes out of an engine's control for some notes, one after each step.
  private func events(
    of notes: [String], continuing earlier: [RecordedEvent] = [], steps: [Event] = []
  ) async -> [Event] {
    let events = EventStream(continuing: earlier)
    let control = EngineControl(events: events)
    let pump = Task { await events.run() }
    let mailbox = await events.subscribe(.everything)
    for (index, note) in notes.enumerated() {
      if index < steps.count { events.send(steps[index]) }
      control.submit(.note(note))
    }
    events.finish()
    await pump.value
    return mailbox.drain().map(\.event).filter { !$0.isProgress }
  }

  @Test("a note is accepted and becomes an event with the step it was written at")
  func place() async {
    let first = Note.Place(stage: .retraining, round: 3, subnetwork: 1, step: 4)
    let second = Note.Place(stage: .retraining, round: 3, subnetwork: 0, step: 5)
    let seen = await events(of: ["a", "b"], steps: [step(4, of: 1), step(5, of: 0)])
    #expect(
      seen == [
        .commandAccepted(.note("a")), .noted(Note(text: "a", place: first)),
        .commandAccepted(.note("b")), .noted(Note(text: "b", place: second)),
      ])
  }

  @Test("before the first step a note has no place, in a resumed run that of the step before")
  func edges() async {
    #expect(await events(of: ["a"]).last == .noted(Note(text: "a", place: nil)))
    let earlier = [
      RecordedEvent(sequence: 0, time: 1, event: step(7, of: 1)),
      RecordedEvent(sequence: 1, time: 2, event: .stateChanged(.stopped)),
    ]
    let place = Note.Place(stage: .retraining, round: 3, subnetwork: 1, step: 7)
    #expect(
      await events(of: ["a"], continuing: earlier).last == .noted(Note(text: "a", place: place)))
  }

  @Test(
    "what is no line of words is refused with the reason",
    arguments: [
      ("", "some words"), ("  \t", "some words"), ("two\nlines", "one line"),
      ("\u{1B}[2J", "control characters"), (String(repeating: "x", count: 201), "at most 200"),
    ])
  func refused(text: String, reason: String) async {
    let seen = await events(of: [text])
    guard case .commandRefused(.note(text), let words)? = seen.first else {
      Issue.record("\(seen)")
      return
    }
    #expect(words.contains(reason) && seen.count == 1)
  }
}
