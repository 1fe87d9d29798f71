import Experiments
import TerminalUI
import Testing
import Workbench

@Suite struct OverlapViewTests {
  /// A run of K subnetworks on its overlap pane.
  private func overlapState(_ count: Int, width: Int = 120, height: Int = 40) -> WorkbenchState {
    var state = Fixture.state(
      .midway(subnetworks: count), size: Size(width: width, height: height))
    state.type("3")
    return state
  }

  @Test func theArrowsPointAtACell() throws {
    var state = overlapState(10)
    #expect(state.pointedPair == nil)
    state.press(.down)
    state.press(.down, .down, .right)
    let pair = try #require(state.pointedPair)
    #expect(pair == (2, 1))
    #expect(render(state, size: state.size, look: Fixture.color).text.contains("C×B J"))
    state.press(.end)
    #expect(try #require(state.pointedPair) == (9, 9))
    state.press(.down, .right)
    #expect(try #require(state.pointedPair) == (9, 9), "it stops at the edges")
    state.press(.escape)
    #expect(state.pointedPair == nil)
  }

  @Test func enterOpensThePairAndEscGoesBack() {
    var state = overlapState(10)
    state.press(.enter)
    #expect(state.drills.isEmpty && state.notice != nil, "nothing is pointed at")
    state.press(.down, .down, .enter)
    #expect(state.drills == [.pair(1, 0)])
    state.press(.down, .down, .enter)
    #expect(state.drills == [.pair(1, 0), .layer(2)])
    state.press(.enter)
    #expect(state.drills == [.pair(1, 0)], "what is open already is gone back to")
    state.press(.right)
    #expect(state.drills == [.pair(1, 2)], "sideways to the next subnetwork but the first")
    state.press(.escape, .escape)
    #expect(state.drills.isEmpty && state.selected == nil)
    state.press(.down, .enter)
    #expect(state.drills == [.subnetwork(0)], "the diagonal is one subnetwork")
    state.press(.tab)
    #expect(state.drills.isEmpty, "another pane closes what lies over the panes")
  }

  @Test func layersOpenTheirHeatmap() {
    var state = overlapState(10)
    state.type("4")
    state.press(.down, .enter)
    #expect(state.drills == [.layer(1)])
    let text = render(state, size: state.size, look: Fixture.color).text
    #expect(text.contains("features.0.conv · 4,608 weights · after round 3"))
    state.press(.down, .right, .enter)
    #expect(state.drills == [.layer(1), .pair(0, 1)])
    #expect(state.layerCursor == 1, "the pair begins at the layer it was opened from")
  }

  @Test func theOrderIsOfAllListsAndKeepsTheCell() throws {
    var state = overlapState(10)
    state.press(.down, .down, .down, .right)
    let before = try #require(state.pointedPair)
    state.type("o")
    #expect(state.displayOrder == state.run.similarityOrder)
    #expect(state.displayOrder.sorted() == Array(0..<10))
    #expect(state.displayOrder != Array(0..<10), "this run's similarities are not in order")
    #expect(try #require(state.pointedPair) == before)
    state.type("o")
    #expect(state.displayOrder == Array(0..<10))
  }

  @Test func modesAndViewsGoAround() {
    var state = overlapState(10)
    var modes: [HeatmapMode?] = []
    for _ in 0..<5 {
      modes.append(state.overlapView.mode)
      state.type("v")
    }
    #expect(modes == [nil, .numbers, .swatches, .halfBlocks, .digits])
    #expect(state.overlapView.mode == nil)
    state.type("2")
    for view in [SparsityView.layers, .ownership, .bars] {
      state.type("t")
      #expect(state.sparsityView == view)
    }
    state.type("3t")
    #expect(state.notice?.text.contains("one view") == true)
  }

  @Test func theLogCanShowWarningsOnly() {
    var run = ScriptedRun.midway()
    run.send(.message(.warning, "the disk is nearly full"))
    var state = Fixture.state(run)
    state.type("6")
    #expect(render(state, size: state.size, look: Fixture.color).text.contains("pruned to"))
    state.type("t")
    #expect(state.logLines.map(\.text) == ["the disk is nearly full"])
    let text = render(state, size: state.size, look: Fixture.color).text
    #expect(text.contains("nearly full") && !text.contains("pruned to"))
  }

  @Test(arguments: [2, 10, 64]) func theCursorStaysInSight(_ count: Int) {
    var state = overlapState(count)
    state.press(.down)
    for (width, height) in [(60, 15), (80, 24), (99, 33), (120, 40), (200, 60)] {
      let size = Size(width: width, height: height)
      _ = update(&state, .resize(size))
      for mode in [nil] + HeatmapMode.allCases {
        while state.overlapView.mode != mode { state.type("v") }
        state.press(.home)
        for step in 0..<count {
          defer { state.press(.down, .right) }
          guard count < 64 || step % 5 == 0 || step == 63 else { continue }
          let screen = render(state, size: size, look: Fixture.color)
          // Its row's and its column's head are both brought out, so both are on the screen.
          let heads = screen.styleText.count { $0 == "+" }
          let least = Names.letter(step).count
          #expect(
            heads >= min(2, 2 * least), "\(count) \(size) \(String(describing: mode)) \(step)")
        }
      }
      while state.overlapView.mode != nil { state.type("v") }
    }
  }

  @Test(arguments: [(60, 15), (80, 24), (120, 40), (200, 60)])
  func theLineOfAListStaysInSight(_ size: (Int, Int)) {
    let size = Size(width: size.0, height: size.1)
    var state = Fixture.state(.midway(subnetworks: 64), size: size)
    state.type("4")
    for view in ["4", "2t", "t"] {
      state.type(view)
      state.press(.home)
      for _ in 0..<70 {
        let screen = render(state, size: size, look: Fixture.color)
        #expect(screen.styleText.contains { $0 == "e" || $0 == "+" }, "\(size) \(view)")
        state.press(.down)
      }
    }
  }

  @Test(arguments: [0, 1, 2, 64]) func closerLooksOfAnyNumberOfSubnetworks(_ count: Int) {
    var state = Fixture.state(.midway(subnetworks: count))
    for size in GoldenTests.sizes + [Size(width: 80, height: 15), Size(width: 61, height: 17)] {
      _ = update(&state, .resize(size))
      for keys in ["3", "4", "2", "2t", "t", "t"] {
        state.press(.escape, .escape, .escape, .escape)
        state.type(keys)
        for _ in 0..<3 {
          state.press(.down, .right, .enter)
          let screen = render(state, size: size, look: Fixture.color)
          #expect(screen.size == size)
          _ = render(state, size: size, look: Fixture.ascii)
        }
      }
    }
  }
}
