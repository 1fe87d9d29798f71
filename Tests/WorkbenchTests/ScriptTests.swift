import Experiments
import TerminalUI
import Testing
import Workbench

@Suite struct ScriptTests {
  private func steps(_ text: String) throws -> [WorkbenchScript.Step] {
    try WorkbenchScript(parsing: text, file: "s").steps.map(\.step)
  }

  @Test func stepsAreRead() throws {
    let text = """
      # a tour
      size 80x24
      key p
      keys Down ctrl-u Enter
      type a b
      type " x "
      wait idle
      wait state paused within 2.5
      wait round 3
      wait event round_finished
      save-screen a.svg
      save-screen a.txt --colours
      assert "two words"
      assert-not NaN

      quit
      """
    #expect(
      try steps(text) == [
        .resize(Size(width: 80, height: 24)), .press([.character("p")]),
        .press([.down, .control("u"), .enter]),
        .press([.character("a"), .character(" "), .character("b")]),
        .press([.character(" "), .character("x"), .character(" ")]), .wait(.idle, seconds: 60),
        .wait(.state(.paused), seconds: 2.5), .wait(.round(3), seconds: 60),
        .wait(.event("round_finished"), seconds: 60), .save(path: "a.svg", .svg),
        .save(path: "a.txt", .colours), .assert("two words", isThere: true),
        .assert("NaN", isThere: false), .quit,
      ])
  }

  @Test(arguments: [
    ("key p\nasert \"x\"", "s:2: found 'asert', expected a step; did you mean 'assert'?"),
    ("wait stat paused", "s:1: found 'stat', expected what to wait for; did you mean 'state'?"),
    ("wait state pausd", "s:1: found 'pausd', expected a state; did you mean 'paused'?"),
    (
      "wait event round_finish",
      "s:1: found 'round_finish', expected an event; did you mean 'round_finished'?"
    ),
    ("key Entr", "s:1: found 'Entr', expected a key; did you mean 'Enter'?"),
    (
      "size 0x9", "s:1: found '0x9', expected columns and rows such as 120x40, at most 1000 of each"
    ),
    ("wait round none", "s:1: found 'none', expected a round from 1"),
    ("assert \"x", "s:1: found \"x, expected a text with a quote at either end"),
    ("save-screen a --png", "s:1: found '--png', expected a form; did you mean '--svg'?"),
    ("quit now", "s:1: found 'now', expected nothing after quit"),
  ])
  func mistakesHaveALineAndTheNearestWord(_ text: String, _ sentence: String) {
    #expect(throws: ScriptError(isMistake: true, description: sentence)) {
      try WorkbenchScript(parsing: text, file: "s")
    }
  }

  @Test func everyEventHasTheNameOfItsLine() throws {
    var run = ScriptedRun.midway()
    run.send(.message(.info, "x"))
    run.send(.commandAccepted(.pause))
    run.send(.commandRefused(.pause, reason: "x"))
    run.send(.runEnded(.finished))
    var names: Set<String> = []
    for event in run.events where names.insert(event.event.name).inserted {
      let line = String(decoding: try EventLog.encode(event), as: UTF8.self)
      #expect(line.contains("\"event\":\"\(event.event.name)\""), "\(line)")
    }
    #expect(names.isSubset(of: Event.names))
    #expect(names.count > 12)
  }
}
