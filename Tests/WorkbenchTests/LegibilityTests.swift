import Experiments
import TerminalUI
import Testing
import Workbench

/// What a screen says must be what it means, however little room and colour there is.
@Suite struct LegibilityTests {
  /// The run of two collapsed masks; the one with an alarm is frozen, too.
  private func frozenAndAlarmed(
    _ width: Int = 120, _ height: Int = 40, capabilities: TerminalCapabilities = .init()
  ) -> WorkbenchState {
    var run = ScriptedRun.collapsing()
    var standing = StandingSettings(run.description.defaultRound)
    standing.setFrozen(8, true)
    run.send(.settingsChanged(standing, fromRound: 5))
    var state = WorkbenchState(
      runName: "demo", canLaunch: true, now: ScriptedRun.start,
      size: Size(width: width, height: height), capabilities: capabilities)
    _ = update(&state, .events(run.events))
    _ = update(&state, .tick(run.time))
    state.press(.escape)
    return state
  }

  private func text(_ state: WorkbenchState) -> String {
    render(state, size: state.size, look: state.look).text
  }

  @Test("two signs behind a letter cost the heatmap no numbers, and half blocks no letter")
  func signs() {
    var state = frozenAndAlarmed()
    let own = Figures.ratio(state.run.subnetworks[9].sparsity)
    #expect(state.run.subnetworks[8].label == "IX=")
    #expect(text(state).contains("IX ") && text(state).contains("\(own)│"), "\(text(state))")
    state.type("3")
    while state.overlapView.mode != .halfBlocks { state.type("v") }
    #expect(text(state).contains("ABCDEFGHIJ"), "\(text(state))")
    state.type("4")
    for _ in 0..<10 where state.selected != 8 { state.press(.right) }
    #expect(text(state).contains(" I J ") && !text(state).contains("IX=…"), "\(text(state))")
  }

  @Test("the list to go back to tells qualities before a rewind from those after a retraining")
  func rounds() throws {
    for width in [40, 80] {
      var run = ScriptedRun()
      for round in 1...2 { run.round(round) }
      run.retrain(2)
      run.round(3)
      run.send(
        .alarmRaised(
          Alarm(
            .emptyLayer, .critical, subnetwork: 8, stage: .extraction, round: 3, value: 3,
            limit: 1, layer: "head.conv.weight")))
      run.send(.stateChanged(.paused))
      var state = Fixture.state(run, size: Size(width: width, height: 24), canLaunch: true)
      state.press(.escape)
      state.type("b")
      let shown = text(state)
      let head = try #require(shown.split(separator: "\n").first { $0.contains("joint") })
      #expect(head.contains("bal joint") || head.contains("bal  joint"), "\(shown)")
      #expect(head.contains("alarm") && shown.contains("CRIT"), "\(shown)")
      guard case .rounds(let chooser)? = state.popup else {
        Issue.record("no list")
        return
      }
      #expect(chooser.rows.map { $0.joint != nil } == [false, true, false, false])
      let second = chooser.rows[1]
      #expect(try #require(second.joint) > #require(second.quality))
    }
  }

  @Test("without colour numbers are chosen where they fit, and only modes that differ are offered")
  func mono() {
    var state = frozenAndAlarmed(capabilities: TerminalCapabilities(colors: .mono))
    let own = Figures.ratio(state.run.subnetworks[9].sparsity)
    #expect(text(state).contains("\(own)│"), "\(text(state))")
    state.type("3")
    var notices: [String] = []
    for _ in 0..<3 {
      state.type("v")
      notices.append(state.notice?.text ?? "")
    }
    #expect(notices == ["heatmap: numbers", "heatmap: digits", "heatmap: what fits"])
  }

  @Test("every bar of ownership is there; where there is no room for all, neighbours share one")
  func ownership() throws {
    try ownership(10, Size(width: 80, height: 24), keys: "3")
    try ownership(64, Size(width: 60, height: 80), keys: "2z")
  }

  private func ownership(_ count: Int, _ size: Size, keys: String) throws {
    var state = Fixture.state(.midway(subnetworks: count), size: size)
    state.type(keys)
    let shown = text(state)
    let line = try #require(
      shown.split(separator: "\n").first { $0.contains("0…\(count) masks") }, "\(shown)")
    let bars = line.filter { "▁▂▃▄▅▆▇█".contains($0) }
    let shared = line.contains(" a bar")
    #expect(shared ? bars.count < count : bars.count == count + 1, "\(line)")
    #expect(bars.contains("█"), "the tallest is shown: \(line)")
  }

  @Test("a list that goes on out of sight says so")
  func more() {
    var state = Fixture.state(.midway(subnetworks: 64))
    state.type("2")
    #expect(text(state).contains("mean of 64, 1-18 shown"), "\(text(state))")
    state.type("?")
    #expect(text(state).contains("↓") && !text(state).contains("↑ │"), "\(text(state))")
    for _ in 0..<100 { state.press(.down) }
    #expect(text(state).contains("↑"), "\(text(state))")
  }

  @Test("a target keeps the decimals that it has")
  func targets() {
    #expect(
      [0.5, 0.999, 0.9999, 0.875, 0.29].map(Figures.target)
        == ["50%", "99.9%", "99.99%", "87.5%", "29%"])
  }

  @Test("a filter in error says nothing of how many meet it")
  func filter() {
    var state = Shelf.state()
    state.type("/?")
    _ = update(
      &state, .runs(.failure(RunQueryError(column: 1, description: "found '?'")), matching: "?"))
    #expect(text(state).contains("found '?'") && !text(state).contains("the filter"))
  }

  @Test("what is far from every name is not taken for one")
  func names() {
    for (line, notice) in [
      (":foo", "no command 'foo'; Tab lists them"),
      (":wirte", "no command 'wirte'; did you mean 'write'?"),
      (":rnu", "no command 'rnu'; did you mean 'run'?"),
    ] {
      var state = Fixture.state(.midway())
      state.type(line)
      state.press(.enter)
      #expect(text(state).contains(notice), "\(text(state))")
    }
  }

  @Test("the advice about the cursor goes with the cursor")
  func cursor() {
    var state = Fixture.state(.midway())
    state.type("c")
    #expect(state.notice?.text.contains("move the cursor") == true)
    state.type("c")
    #expect(state.notice == nil)
  }
}
