import Experiments
import Foundation
import TerminalUI
import Testing
import Workbench

/// The help of the workbench.
@Suite struct HelpPanelTests {
  private func text(_ state: WorkbenchState) -> String {
    render(state, size: state.size, look: Fixture.color).text
  }

  @Test("typing filters the rows, and Enter runs the chosen one")
  func filterAndRun() {
    var state = Fixture.state(.midway())
    state.type("?freeze-d")
    let shown = text(state)
    #expect(shown.contains("hold the display still") && !shown.contains("go to the next pane"))
    state.press(.enter)
    #expect(state.popup == nil)
    #expect(state.frozen != nil)
  }

  @Test("the rows of the focused pane come first")
  func focusedPaneFirst() throws {
    var state = Fixture.state(.midway(), size: Size(width: 100, height: 60))
    state.type("1?")
    let shown = text(state)
    let own = try #require(shown.range(of: "logarithmic or linear loss"))
    let other = try #require(shown.range(of: "at the next batch"))
    #expect(own.lowerBound < other.lowerBound)
    state.press(.escape)
    state.type("6?")
    let later = text(state)
    let first = try #require(later.range(of: "at the next batch"))
    let second = try #require(later.range(of: "logarithmic or linear loss"))
    #expect(first.lowerBound < second.lowerBound)
  }

  @Test("a row that does nothing now says why, and so does running it")
  func reasons() {
    var state = Fixture.state(.midway())
    state.type("?acknowledge")
    #expect(text(state).contains("not now: there is no alarm"))
    state.press(.enter)
    #expect(state.notice?.text == "there is no alarm")
  }

  @Test("Escape takes the filter away first, then closes; so do ? and F1 at once")
  func closing() {
    var state = Fixture.state(.midway())
    state.type("?zoo")
    state.press(.escape)
    #expect(text(state).contains("at the next batch"))
    state.press(.escape)
    #expect(state.popup == nil)
    state.type("??")
    #expect(state.popup == nil)
    state.type("?")
    state.press(.function(1))
    #expect(state.popup == nil)
  }

  @Test("a command that takes words is handed to the command line")
  func words() {
    var state = Fixture.state(.midway())
    state.type("?:theme")
    state.press(.enter)
    state.type("light")
    state.press(.enter)
    #expect(state.look.theme.name == "light")
  }

  @Test("every row is reached by going down, and stays in sight")
  func scrolling() {
    var state = Fixture.state(.midway(), size: Size(width: 80, height: 12))
    state.type("?")
    for _ in 0..<100 { state.press(.down) }
    #expect(text(state).contains("› :write"), "\(text(state))")
    state.press(.home)
    #expect(text(state).contains("› y"), "\(text(state))")
    state.type("no such words")
    #expect(text(state).contains("nothing has these words"))
    #expect(state.press(.enter) == [])
  }
}
