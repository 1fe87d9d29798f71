import Experiments
import TerminalUI
import Testing
import Workbench

/// What goes on by itself on the screen, and what must not.
@Suite struct ClockTests {
  private func screen(_ state: WorkbenchState) -> Screen {
    render(state, size: state.size, look: Fixture.color)
  }

  /// Whether the screen is the same an hour later.
  private func stands(_ state: WorkbenchState) -> Bool {
    var later = state
    _ = update(&later, .tick(state.now + 3600))
    return screen(later) == screen(state) && !state.hasRunningClock
  }

  private func quiet(_ run: ScriptedRun = .midway()) -> WorkbenchState {
    var state = Fixture.state(run, size: Size(width: 120, height: 40))
    _ = update(&state, .tick(state.now + 60))
    return state
  }

  @Test func whileARunWorksItsClockGoesOn() {
    let state = quiet()
    var later = state
    _ = update(&later, .tick(state.now + 1))
    #expect(state.hasRunningClock && screen(later) != screen(state))
  }

  @Test(arguments: [RunState.paused, .waiting])
  func aRunThatStandsStillWritesNothing(_ runState: RunState) {
    var state = quiet()
    state.receive(.stateChanged(runState))
    #expect(stands(state))
    state.receive(.stateChanged(.running))
    #expect(state.hasRunningClock)
  }

  @Test func aFrozenDisplayStands() {
    var state = quiet()
    state.type("f")
    _ = update(&state, .tick(state.now + 60))
    #expect(stands(state))
    for number in 0..<3 {
      _ = update(
        &state,
        .events([
          RecordedEvent(
            sequence: 0, time: state.now + Double(number),
            event: .rewound(round: 1, subnetwork: number))
        ]))
    }
    #expect(stands(state))
    state.type("f")
    #expect(state.hasRunningClock)
  }

  @Test func lostAndEndedRunsStand() {
    var state = quiet()
    _ = update(&state, .contact(RunContact(link: .lost(advice: "gone"))))
    #expect(stands(state))
    state = quiet()
    state.receive(.runEnded(.finished))
    _ = update(&state, .tick(state.now + 60))
    #expect(stands(state))
  }

  @Test func overlapStandsInTimeWhereItWasMeasured() throws {
    let run = ScriptedRun.midway()
    var model = RunModel()
    var measured: [Double] = []
    for event in run.events {
      model.apply(event)
      if case .overlapMeasured = event.event { measured.append(event.time - ScriptedRun.start) }
    }
    #expect(measured.count >= 2)
    for subnetwork in model.subnetworks {
      for metric in [ChartMetric.jaccard, .excess] {
        let history = try #require(subnetwork.extraction.timedHistory(of: metric))
        let points = history.points(buckets: 100)
        #expect(points.map(\.x) == measured, "\(subnetwork.name)")
        let steps = try #require(subnetwork.extraction.history(of: metric))
        #expect(points.map(\.y) == steps.points(buckets: 100).map(\.y))
      }
      #expect(subnetwork.extraction.timedHistory(of: .loss) == nil)
    }
  }

  @Test func aRoundWithoutASingleStepIsDrawnEverywhere() {
    // Masks that are drawn, not trained: comparisons and prunings, and no step at all.
    for size in [(80, 24), (120, 40), (200, 60), (60, 15), (20, 3), (1, 1)] {
      var state = quiet(.untrained())
      _ = update(&state, .resize(Size(width: size.0, height: size.1)))
      for key in "123456uuuuuuuuuxxxxc+-tto3v4b" {
        state.type(String(key))
        #expect(screen(state).size == state.size, "\(key)")
      }
      state.press(.escape)
      state.type("2")
      for key: Key in [.enter, .down, .enter, .right, .end, .home, .left] { state.press(key) }
      #expect(screen(state).size == state.size)
      for format in ExportFormat.allCases {
        #expect(!ExportText.of(state, as: format, look: Fixture.color).isEmpty)
      }
    }
  }

  @Test func aNameThatNobodyChoseFollowsTheBackground() {
    var state = quiet()
    let before = state.look.theme.name
    state.press(.background(.rgb(255, 255, 255)))
    #expect(state.look.theme.name == before, "somebody has chosen it")
    state.followsBackground = true
    state.press(.background(.rgb(0xFD, 0xF6, 0xE3)))
    #expect(state.look.theme.name == "light" && state.notice == nil)
    state.press(.background(.rgb(0x12, 0x12, 0x12)))
    #expect(state.look.theme.name == Theme.defaultName)
    state.type("T")
    let chosen = state.look.theme.name
    state.press(.background(.rgb(255, 255, 255)))
    #expect(state.look.theme.name == chosen, "chosen by hand")
  }
}

extension ScriptedRun {
  /// Two rounds whose masks were drawn without any training, and the end of a retraining of none.
  static func untrained() -> ScriptedRun {
    var run = ScriptedRun()
    let count = run.description.subnetworks.count
    for round in 1...2 {
      run.send(
        .roundStarted(
          RoundStarted(
            round: round, settings: RoundSettings(pruneCount: 6134, epochs: 0, learningRate: 1e-3),
            plannedSteps: Array(repeating: 0, count: count))))
      for k in 0..<count {
        run.send(
          .pruned(
            PruneReport(
              round: round, subnetwork: k, removed: 6134, weightsLeft: 49072 - 6134 * round,
              sparsity: 0.125 * Double(round), maskHash: "00")))
        run.send(.rewound(round: round, subnetwork: k))
      }
      let matrix = (0..<count).map { i in (0..<count).map { i == $0 ? 1 : 0.4 } }
      run.send(
        .overlapMeasured(
          OverlapReport(
            round: round, jaccard: matrix, chance: matrix, unionParameters: 40_000,
            ownership: Array(repeating: 4000, count: count + 1),
            layers: run.description.layers.map {
              LayerOverlap(
                name: $0.name, sparsity: Array(repeating: 0.1, count: count), jaccard: matrix,
                chance: matrix)
            })))
      run.send(.roundFinished(round: round))
    }
    run.send(.retrainingStarted(round: 0, epochs: 0))
    run.send(.retrainingFinished(round: 0))
    return run
  }
}
