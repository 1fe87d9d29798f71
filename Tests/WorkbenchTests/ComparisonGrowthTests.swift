import Experiments
import Foundation
import TerminalUI
import Testing
import Workbench

/// Marking what is listed, and a comparison of runs that go on.
@Suite struct ComparisonGrowthTests {
  @Test("a key marks all runs that the filter shows, the oldest first, or none of them")
  func marksAll() {
    var state = Shelf.state()
    state.type("/a")
    state.press(.enter)
    _ = update(&state, .runs(.success(Shelf.listings), matching: ""))
    _ = update(&state, .tick(state.now))
    let found = Shelf.listings.filter { $0.name.hasSuffix("ta") }
    _ = update(&state, .runs(.success(found), matching: "a"))
    #expect(state.type("*=") == [.compareRuns(["delta", "beta"])])
    #expect(state.runList.marked == ["delta", "beta"])
    state.type("*")
    #expect(state.runList.marked == [])
    // What was marked before keeps its place.
    state.type(" *")
    #expect(state.runList.marked == ["beta", "delta"])
    state.type("R")
    #expect(state.reasonAgainst(.markAllRuns) != nil)
  }

  @Test("logs are looked at again, less and less often where none has grown")
  func asksAgain() throws {
    var state = Shelf.state()
    let runs = [Fixture.compared("alpha", 4), ComparedRun(name: "beta")]
    _ = update(&state, .compared(runs))
    let start = state.now
    var asked: [Int] = []
    for second in 1...60 {
      guard update(&state, .tick(start + Double(second))) == [.readComparisonOn] else { continue }
      asked.append(second)
      _ = update(&state, .comparisonGrown(nil))
    }
    #expect(asked == [3, 9, 21, 45])
    state.type("vt")
    #expect(update(&state, .tick(start + 70)) == [.readComparisonOn])
    #expect(update(&state, .tick(start + 99)) == [], "one question at a time")
    _ = update(&state, .comparisonGrown([runs[0], Fixture.compared("beta", 3)]))
    let comparison = try #require(state.comparison)
    #expect(comparison.runs[1].rounds.count == 3)
    #expect(comparison.showsPanels && comparison.isPerSubnetwork, "the view stays")
    #expect(update(&state, .tick(start + 102)) == [.readComparisonOn], "and soon again")
    // An answer that is about another comparison changes nothing.
    _ = update(&state, .comparisonGrown([ComparedRun(name: "gamma")]))
    #expect(state.comparison?.runs.map(\.name) == ["alpha", "beta"])
    state.press(.escape)
    _ = update(&state, .comparisonGrown(runs))
    #expect(state.comparison == nil)
  }

  @Test("a run that was cut off and goes on is told as it is")
  func goesOn() {
    var state = Shelf.state()
    var run = ComparedRun(name: "gamma")
    for event in ScriptedRun.midway().events { run.apply(event) }
    _ = update(&state, .compared([run, Fixture.compared("alpha", 3)]))
    #expect(state.comparison?.figures.first?.values.first == "interrupted")
    run.apply(
      RecordedEvent(sequence: 9_999, time: state.now, event: .stateChanged(.finished)))
    _ = update(&state, .comparisonGrown([run, Fixture.compared("alpha", 3)]))
    #expect(state.comparison?.figures.first?.values.first == "finished")
  }
}
