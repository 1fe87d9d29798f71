import Experiments
import TerminalUI
import Testing
import Workbench

/// What the screen makes of many masks that collapse at once.
@Suite struct SharedAlarmTests {
  /// All ten masks lose a layer in the fourth round.
  private static func collapsed() -> ScriptedRun {
    var run = ScriptedRun()
    for round in 1...4 { run.round(round) }
    for k in 0..<10 {
      run.send(
        .alarmRaised(
          Alarm(
            .emptyLayer, .critical, subnetwork: k, stage: .extraction, round: 4, value: 1, limit: 1,
            layer: "head.conv.weight")))
    }
    run.send(
      .alarmRaised(
        Alarm(
          .overlap, .warning, subnetwork: 2, stage: .extraction, round: 4, value: 0.031,
          limit: 0.02, reference: 0.61, chance: 0.33)))
    return run
  }

  @Test("what is said of ten masks is one line of the log and of the strip")
  func oneLine() {
    let state = Fixture.state(Self.collapsed(), size: Size(width: 120, height: 40))
    let lines = state.run.log.map(\.text).filter { $0.hasPrefix("CRIT") || $0.hasPrefix("WARN") }
    #expect(
      lines.first
        == "CRIT A airplane and 9 others: no weights left in head.conv.weight")
    #expect(lines.count == 2 && lines.last?.hasPrefix("WARN C bird: J ") == true, "\(lines)")
    #expect(
      state.alarm?.text
        == "CRIT A airplane and 9 others: no weights left in head.conv.weight (and 1 more)")
    #expect(state.run.alarms.count == 11)
  }

  @Test("an alarm of another round or layer has a line of its own")
  func ownLines() {
    var run = Self.collapsed()
    for (k, layer) in [(3, "stem.0.weight"), (4, "stem.0.weight")] {
      run.send(
        .alarmRaised(
          Alarm(
            .emptyLayer, .critical, subnetwork: k, stage: .extraction, round: 5, value: 2, limit: 1,
            layer: layer)))
    }
    let lines = Fixture.state(run).run.log.map(\.text).filter { $0.hasPrefix("CRIT") }
    #expect(lines.count == 2, "\(lines)")
    #expect(lines.last?.hasPrefix("CRIT D cat and 1 other: no weights left in stem.0") == true)
  }

  @Test("that layers are empty is said above them, for they may be out of sight")
  func emptyLayers() throws {
    var run = Self.collapsed()
    var found: OverlapReport?
    for case .overlapMeasured(let report) in run.events.map(\.event) { found = report }
    var report = try #require(found)
    func title() -> String {
      let state = Fixture.state(run, size: Size(width: 120, height: 40))
      return render(state, size: state.size, look: Fixture.color).text
    }
    #expect(title().contains("4 Layers ─"))
    report.layers[4].sparsity[2] = 1
    run.send(.overlapMeasured(report))
    #expect(title().contains("4 Layers · 1 layer empty ─"), "\(title())")
    report.layers[3].sparsity[2] = 1
    run.send(.overlapMeasured(report))
    #expect(title().contains("4 Layers · 2 layers empty ─"))
  }

  @Test("the heatmap keeps its numbers where an alarm stands beside every head")
  func numbers() {
    let calm = Fixture.state(.midway(), size: Size(width: 120, height: 40))
    let state = Fixture.state(Self.collapsed(), size: Size(width: 120, height: 40))
    for state in [calm, state] {
      let screen = render(state, size: state.size, look: Fixture.color)
      let own = "\(Figures.ratio(state.run.subnetworks[0].sparsity)) ."
      #expect(screen.text.contains(own), "\(screen.text)")
    }
    let text = render(state, size: state.size, look: Fixture.color).text
    #expect(text.contains("AX .50") || text.contains("AX.50"), "\(text)")
  }

  @Test(
    "help and the way out are in the footer however narrow it is", arguments: [60, 72, 80, 100])
  func footer(_ width: Int) throws {
    let state = Fixture.state(Self.collapsed(), size: Size(width: width, height: 24))
    let footer = try #require(
      render(state, size: state.size, look: Fixture.color).text.split(separator: "\n").last)
    #expect(footer.contains("? help") && footer.contains("q leave"), "\(footer)")
  }

  @Test("once the run stands still, nothing says any more that it will")
  func paused() {
    var run = ScriptedRun.midway()
    var state = Fixture.state(run)
    state.type("p")
    #expect(state.notice?.text.hasPrefix("pausing at the next batch") == true)
    run.send(.stateChanged(.paused))
    _ = update(&state, .events(Array(run.events.suffix(1))))
    #expect(state.notice?.text == "paused: p goes on")
  }
}
