import Experiments
import TerminalUI
import Testing
import Workbench

/// The command line of the workbench.
@Suite struct PromptTests {
  private func prompt(_ state: WorkbenchState) throws -> CommandPrompt {
    guard case .prompt(let prompt)? = state.popup else { throw Absent() }
    return prompt
  }

  private struct Absent: Error {}

  @Test("every row of the table can be entered by its name and does what its key does")
  func everyName() {
    for row in KeyMap.run.bindings {
      guard let key = row.keys.first else { continue }
      var (typed, pressed) = (Fixture.state(.midway()), Fixture.state(.midway()))
      let effects = pressed.press(key)
      typed.type(":\(row.name)")
      #expect(typed.press(.enter) == effects, "\(row.name)")
      #expect(typed.popup == pressed.popup, "\(row.name)")
      #expect(typed.focus == pressed.focus && typed.notice == pressed.notice, "\(row.name)")
    }
  }

  @Test(
    "commands with words",
    arguments: [
      (":theme nord", "theme nord"), (":set smoothing strong", nil), (":pane layers", nil),
      (":set  y   log", nil),
    ])
  func words(_ line: String, _ notice: String?) {
    var state = Fixture.state(.midway())
    state.type(line)
    state.press(.enter)
    #expect(state.popup == nil)
    #expect(state.notice?.text == notice)
    switch line {
    case ":theme nord": #expect(state.look.theme.name == "nord")
    case ":pane layers": #expect(state.focus == .layers)
    case ":set smoothing strong": #expect(state.lossView.smoothing == .strong)
    default: #expect(state.lossView.isLogarithmic)
    }
  }

  @Test("what the charts show can be set, whatever they show")
  func charts() {
    var state = Fixture.state(.midway())
    for metric in ChartMetric.allCases + [.loss] {
      state.type(":set metric \(metric.word)")
      state.press(.enter)
      #expect(state.lossView.metric == metric)
    }
    state.type(":set metric f1")
    state.press(.enter)
    state.type(":set x epoch")
    state.press(.enter)
    #expect(state.lossView.axis == .epoch)
    state.type(":set smoothing strong")
    state.press(.enter)
    #expect(state.notice?.text.hasPrefix("only the loss is smoothed") == true)
  }

  @Test("a length to run, words to keep and a file to write may be typed as well")
  func commands() {
    var state = Fixture.state(.midway())
    state.type(":run 3 rounds")
    #expect(state.press(.enter) == [.send(.runFor(RunLength(3, .rounds)))])
    state.type(":annotate  lower  rate")
    #expect(state.press(.enter) == [.send(.note("lower rate"))])
    state.type(":write loss.csv")
    guard case .export(let request)? = state.press(.enter).first else {
      Issue.record("nothing is written")
      return
    }
    #expect(request.path.hasSuffix("loss.csv") && request.format == .csv)
  }

  @Test(
    "what means nothing is answered with the nearest name, and the line stays",
    arguments: [
      (":run", "expected a whole number from 1"), (":run 3 round", "did you mean 'rounds'?"),
      (":run 0 rounds", "found '0'"), (":annotate", "a note needs some words"),
      (":write", "expected a file name"),
      (":pasue", "no command 'pasue'; did you mean 'pause'?"),
      (":thme nord", "no command 'thme'; did you mean 'theme'?"),
      (":theme nrod", "no theme 'nrod'; did you mean 'nord'?"),
      (":theme", "expected a theme: dark, "), (":pane lyers", "did you mean 'layers'?"),
      (":set smothing", "did you mean 'smoothing'?"),
      (":set smoothing sttrong", "no value of smoothing 'sttrong'; did you mean 'strong'?"),
      (":pause now", "nothing may follow 'pause'"),
      (":theme nord dark", "nothing may follow the theme 'nord'"),
      (":qqqqqqqqqqqqqqqqqqqqqqqqqqqq", "Tab lists them"),
    ])
  func unknown(_ line: String, _ sentence: String) throws {
    var state = Fixture.state(.midway())
    state.type(line)
    #expect(state.press(.enter) == [.ring])
    #expect(state.notice?.text.contains(sentence) == true, "\(state.notice?.text ?? "none")")
    #expect(try prompt(state).input.text == String(line.dropFirst()))
    #expect(render(state, size: state.size, look: Fixture.color).text.contains(sentence))
  }

  @Test("Tab goes through what begins so, around, and back with shift; a single one is taken")
  func completion() throws {
    var state = Fixture.state(.midway())
    state.type(":pau")
    var seen: [String] = []
    for _ in 0..<3 {
      state.press(.tab)
      seen.append(try prompt(state).input.text)
    }
    #expect(seen == ["pause", "pause-at-round-end", "pause"])
    state.press(.backtab)
    #expect(try prompt(state).input.text == "pause-at-round-end")
    state.press(.control("u"))
    state.type("them")
    // `next-theme` has it somewhere: `theme` comes first, for it begins so.
    state.press(.tab)
    #expect(try prompt(state).input.text == "theme")
    state.type(" no")
    state.press(.tab)
    #expect(try prompt(state).input.text == "theme nord")
    #expect(state.press(.enter) == [] && state.look.theme.name == "nord")
  }

  @Test("up and down go through what was entered, and come back to the draft")
  func history() throws {
    var state = Fixture.state(.midway())
    for line in ["layers", "log", "log"] {
      state.type(":\(line)")
      state.press(.enter)
    }
    #expect(state.enteredLines == ["layers", "log"])
    state.type(":dra")
    state.press(.up)
    #expect(try prompt(state).input.text == "log")
    state.press(.up, .up)
    #expect(try prompt(state).input.text == "layers")
    state.press(.down, .down)
    #expect(try prompt(state).input.text == "dra")
  }

  @Test(
    "Escape, Ctrl-C and Backspace on nothing close it",
    arguments: [
      Key.escape, .control("c"), .backspace,
    ])
  func closing(_ key: Key) {
    var state = Fixture.state(.midway())
    state.type(":")
    #expect(state.press(key) == [])
    #expect(state.popup == nil)
  }

  @Test("the start screen has it, too; what needs a run says so")
  func onTheStartScreen() {
    var state = WorkbenchState(
      runName: nil, configurations: Fixture.configurations, canLaunch: true, now: 0,
      size: Size(width: 80, height: 24))
    state.type(":set smoothing strong")
    state.press(.enter)
    #expect(state.notice?.text == "no run yet: nothing to set")
    #expect(render(state, size: state.size, look: Fixture.color).text.contains("nothing to set"))
    state.type(":theme light")
    state.press(.enter)
    #expect(state.look.theme.name == "light")
    state.type(":quit")
    #expect(state.press(.enter) == [.quit])
  }

  @Test("candidates stand above the line with their help and why one does nothing now")
  func candidates() {
    var state = Fixture.state(.midway())
    state.type(":ack")
    let text = render(state, size: state.size, look: Fixture.color).text
    #expect(text.contains("acknowledge  not now: there is no alarm"), "\(text)")
    #expect(text.hasSuffix(":ack"), "\(text)")
  }

  @Test("T goes through all themes and back to the first")
  func themes() {
    var state = Fixture.state(.midway())
    var seen: [String] = []
    for _ in state.themes.names {
      seen.append(state.look.theme.name)
      state.type("T")
    }
    #expect(seen == Theme.builtInNames)
    #expect(state.look.theme.name == seen.first)
  }
}
