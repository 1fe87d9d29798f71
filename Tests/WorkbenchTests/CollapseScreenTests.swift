import Experiments
import Foundation
import TerminalUI
import Testing
import Workbench

/// Quality and overlap against sparsity, a chart per subnetwork.
@Suite struct CollapseScreenTests {
  private static let sizes = ["80x24", "120x40", "200x60"]

  private func size(_ name: String) -> Size {
    let sides = name.split(separator: "x").compactMap { Int($0) }
    return Size(width: sides[0], height: sides[1])
  }

  @Test(arguments: sizes) func golden(_ name: String) throws {
    let size = size(name)
    var state = Fixture.state(.collapsing(), size: size)
    state.press(.escape)
    _ = update(&state, .tick(state.now + 60))
    state.type("C")
    let goldens = GoldenTests()
    let screen = render(state, size: size, look: Fixture.color)
    try goldens.expect(screen.text, "collapse-\(name).txt")
    try goldens.expect(screen.styleText, "collapse-\(name).style")
    let ascii = render(state, size: size, look: Fixture.ascii)
    #expect(ascii.text.allSatisfy { $0.isASCII })
    try goldens.expect(ascii.text, "collapse-\(name)-ascii.txt")
  }

  @Test(arguments: sizes) func sixtyFour(_ name: String) throws {
    let size = size(name)
    var state = Fixture.state(.midway(subnetworks: 64), size: size)
    state.type("C")
    let top = render(state, size: size, look: Fixture.color).text
    #expect(top.contains("airplane") && !top.contains("class 63"))
    #expect(top.contains("Collapse · row 1–"))
    state.press(.down)
    #expect(render(state, size: size, look: Fixture.color).text != top)
    state.press(.up, .up)
    #expect(render(state, size: size, look: Fixture.color).text == top)
    state.press(.end)
    let bottom = render(state, size: size, look: Fixture.color).text
    #expect(bottom.contains("class 63") && !bottom.contains("airplane"))
    state.press(.down, .pageDown)
    #expect(render(state, size: size, look: Fixture.color).text == bottom)
    try GoldenTests().expect(bottom, "collapse-k64-\(name).txt")
    state.press(.home)
    #expect(render(state, size: size, look: Fixture.color).text == top)
  }

  @Test func opensOnceAndGoesBack() {
    var state = Fixture.state(.midway())
    state.type("CC")
    #expect(state.drills == [.collapse(firstRow: 0)])
    state.press(.escape)
    #expect(state.drills.isEmpty)
    // From a closer look it lies on top, and leads back to it.
    state.type("3")
    state.press(.down, .enter)
    #expect(state.drills.count == 1)
    state.type("C")
    #expect(state.drills.count == 2)
    state.press(.escape)
    #expect(state.drills.count == 1)
  }

  @Test("a branch begins with the rounds of the run that it comes from, once they were read")
  func branch() {
    var whole = CollapseCourse()
    let events = ScriptedRun.midway().events.map(\.event)
    events.forEach { whole.take($0) }
    var state = WorkbenchState(
      runName: "demo", hasRunsFolder: true, now: ScriptedRun.start, size: size("120x40"))
    for event in events {
      // What a branch of the last round has seen: that round's comparison, and nothing before it.
      if case .overlapMeasured(let report) = event, report.round < 3 { continue }
      _ = state.receive(event)
    }
    #expect(state.type("C") == [.readEarlierCourse("demo")])
    func rounds() -> [String] {
      let text = ExportText.of(state, as: .csv, look: Fixture.color)
      return text.split(separator: "\r\n").dropFirst().map { String($0.prefix { $0 != "," }) }
    }
    #expect(Set(rounds()) == ["3"])
    _ = update(&state, .earlierCourse(whole, of: "another"))
    #expect(Set(rounds()) == ["3"])
    _ = update(&state, .earlierCourse(whole, of: "demo"))
    #expect(Set(rounds()) == ["1", "2", "3"])
    _ = update(&state, .launched(name: "another"))
    #expect(state.earlierCourse == nil)
  }

  @Test func saysWhyNot() {
    var state = Fixture.state(ScriptedRun())
    state.type("C")
    #expect(state.drills.isEmpty)
    #expect(state.reasonAgainst(.collapse) == "overlap is measured at the end of a round")
    let single = Fixture.state(.midway(names: ["all"]))
    #expect(single.reasonAgainst(.collapse) == "one subnetwork has nothing to overlap with")
  }

  @Test func figures() {
    var state = Fixture.state(.midway())
    state.type("C")
    let records = ExportText.of(state, as: .csv, look: Fixture.color)
      .split(separator: "\r\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    #expect(records.first?.prefix(3).map(String.init) == ["round", "subnetwork", "sparsity"])
    // Three rounds have ended, each with ten masks.
    #expect(records.count == 31)
    #expect(records.allSatisfy { $0.count == records[0].count })
    #expect(ExportText.of(state, as: .svg, look: Fixture.color).hasPrefix("<svg"))
    #expect(ExportText.of(state, as: .text, look: Fixture.color).contains("truck"))
  }
}
