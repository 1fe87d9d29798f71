import Experiments
import Foundation
import TerminalUI
import Testing
import Workbench

@Suite struct NoteTests {
  private let place = Note.Place(stage: .extraction, round: 2, subnetwork: 1, step: 30)

  @Test func wordsAreTypedAndSent() {
    var state = Fixture.state(.midway())
    state.type("m")
    state.type("D falls")
    state.press(.backspace)
    #expect(state.press(.enter) == [.send(.note("D fall"))])
    #expect(state.popup == nil)
    state.type("m")
    state.type("x")
    #expect(state.press(.escape) == [])
    #expect(state.popup == nil)
  }

  @Test func nothingIsNoNoteAndTooMuchIsNotTaken() {
    var state = Fixture.state(.midway())
    state.type("m ")
    #expect(state.press(.enter) == [.ring], "a blank")
    state.press(.control("u"))
    state.type(String(repeating: "w", count: 300))
    #expect(state.press(.enter) == [.send(.note(String(repeating: "w", count: Note.limit)))])
  }

  @Test func whoMayNotCommandMayNotNote() {
    var state = Fixture.state(.midway())
    _ = update(&state, .contact(RunContact(refusal: "this only watches")))
    state.type("m")
    #expect(state.popup == nil && state.notice?.text == "this only watches")
    var run = ScriptedRun.midway()
    run.send(.runEnded(.finished))
    state = Fixture.state(run)
    state.type("m")
    #expect(state.popup == nil && state.notice?.text.contains("rtl note") == true)
  }

  @Test func aNoteThatWasBegunDoesNotOutliveTheRun() {
    var state = Fixture.state(.midway())
    state.type("mhere")
    state.receive(.runEnded(.stopped))
    #expect(state.popup == nil)
  }

  @Test func aNoteIsALineOfTheLogAndOfTheChartsAtItsStep() {
    var run = ScriptedRun.midway(subnetworks: 3)
    run.send(.commandAccepted(.note("look")))
    run.send(.noted(Note(text: "look\u{1B}[2J", place: place)))
    let state = Fixture.state(run, size: Size(width: 120, height: 40))
    let marker = state.run.markers.last
    #expect(marker?.kind == .note("look?[2J"))
    #expect(marker?.step == 60 + 30, "sixty steps of the first round come before")
    #expect(marker?.stage == .extraction && marker?.round == 2)
    #expect(state.run.log.last?.text == "note: look?[2J")
    #expect(state.run.log.filter { $0.text.contains("look") }.count == 1, "said once")
    #expect(render(state, size: state.size, look: Fixture.mono).text.contains("note: look?[2J"))
  }

  @Test func theCursorOnANoteReadsItOut() {
    var run = ScriptedRun.midway(subnetworks: 3)
    run.send(.noted(Note(text: "here it turns", place: place)))
    var state = Fixture.state(run, size: Size(width: 120, height: 40))
    state.press(.character("z"), .character("c"), .home)
    func isRead() -> Bool {
      render(state, size: state.size, look: Fixture.color).text.contains("n here it turns")
    }
    #expect(!isRead())
    var moves = 0
    while !isRead(), moves < 200 {
      state.press(.right)
      moves += 1
    }
    #expect((20...70).contains(moves), "\(moves)")
  }

  /// A screen that reads the log shows what the live one showed.
  @Test func aNoteIsReplayedFromTheLog() throws {
    var run = ScriptedRun.midway(subnetworks: 3)
    run.send(.noted(Note(text: "kept", place: place)))
    let path = NSTemporaryDirectory() + "notes-\(UUID().uuidString).jsonl"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try run.events.reduce(into: Data()) { $0.append(try EventLog.encode($1)) }
      .write(to: URL(filePath: path))
    var replayed = RunModel()
    for event in try EventLog.read(path).events { replayed.apply(event) }
    var live = RunModel()
    for event in run.events { live.apply(event) }
    #expect(replayed.markers == live.markers && replayed.log == live.log)
    #expect(replayed.markers.contains { $0.kind == .note("kept") })
    let summary = RunSummary(events: Array(run.events.dropFirst()))
    #expect(summary?.notes == [Note(text: "kept", place: place)])
  }

  @Test func plainLinesSayIt() {
    var reporter = PlainReporter()
    var run = ScriptedRun(subnetworks: 2)
    run.send(.commandAccepted(.note("words")))
    run.send(.noted(Note(text: "words", place: nil)))
    let lines = run.events.flatMap { reporter.lines(for: $0) }
    #expect(lines.filter { $0.contains("words") } == ["[00:01] note: words"])
  }
}
