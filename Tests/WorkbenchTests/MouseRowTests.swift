import Experiments
import Foundation
import TerminalUI
import Testing
import Workbench

/// A click chooses what is written where it lands, in every list and every popup.
@Suite struct MouseRowTests {
  private static let size = Size(width: 120, height: 40)

  private func lines(_ state: WorkbenchState) -> [String] {
    render(state, size: state.size, look: Fixture.color).text
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// Where a text stands on the screen, after another one.
  private func place(
    of text: String, after head: String = "", in state: WorkbenchState
  ) throws -> Point {
    let lines = lines(state)
    let start = try #require(lines.firstIndex { head.isEmpty || $0.contains(head) }, "\(head)")
    let y = try #require(lines[start...].firstIndex { $0.contains(text) }, "\(text)")
    let range = try #require(lines[y].range(of: text))
    return Point(x: DisplayText.width(String(lines[y][..<range.lowerBound])), y: y)
  }

  private func state(_ keys: String = "", _ more: Key...) -> WorkbenchState {
    var state = Fixture.state(.midway(), size: Self.size, canLaunch: true)
    state.type("M" + keys)
    for key in more { state.press(key) }
    _ = update(&state, .tick(state.now + 60))
    return state
  }

  @Test func aLayerOfTheTable() throws {
    var state = state("4z")
    for name in ["features.2.conv", "stem.0"] {
      state.press(.mouse(.press, at: try place(of: name, after: "weights", in: state)))
      let layer = try #require(
        state.shown.overlap?.layers.firstIndex { $0.name.hasPrefix(name) })
      #expect(state.layerCursor == layer, "\(name)")
    }
    #expect(state.drillTarget == .layer(0))
  }

  @Test func aCellOfTheSparsityOfLayers() throws {
    var state = state("2tz")
    // The heads are letters; the cells of a layer lie on its line, four columns each.
    let heads = try place(of: "A   B", in: state)
    let line = try place(of: "features.1", in: state)
    state.press(.mouse(.press, at: Point(x: heads.x + 4 * 3, y: line.y)))
    #expect(state.selected == 3 && state.layerCursor == 2)
  }

  @Test func aLineOfTheOwners() throws {
    var state = state("2ttz")
    let head = try place(of: "in masks", in: state)
    state.press(.mouse(.press, at: Point(x: head.x + 2, y: head.y + 1 + 4)))
    #expect(state.ownersCursor == 4)
  }

  @Test func aLayerOfACloserLookAndACellOfItsHeatmap() throws {
    var state = state("3", .down, .down, .down, .right, .enter)
    guard case .pair? = state.drills.last else {
      Issue.record("found \(state.drills), expected a pair")
      return
    }
    state.press(.mouse(.press, at: try place(of: "features.1", after: "only", in: state)))
    #expect(state.layerCursor == 2)
    state.press(.enter)
    #expect(state.drills.last == .layer(2))
    let rect = Layout(state).body
    // A frame, the heads above and at the left.
    let row = try place(of: "D cat", in: state)
    state.press(.mouse(.press, at: Point(x: rect.x + rect.width / 5, y: row.y)))
    #expect(state.selected == 3)
  }

  @Test func aSecondClickOpensARun() throws {
    var state = Shelf.state()
    state.type("M")
    let line = try place(of: "alpha", in: state)
    let other = try place(of: "delta", in: state)
    #expect(state.press(.mouse(.press, at: other)) == [])
    #expect(state.runList.selected?.name == "delta")
    #expect(state.press(.mouse(.press, at: line)) == [])
    #expect(state.press(.mouse(.press, at: line)) == [.openRun("alpha")])
  }

  @Test func aRoundOfTheList() throws {
    var state = state("b")
    let dense = try place(of: "dense", in: state)
    state.press(.mouse(.press, at: dense))
    guard case .rounds(let chooser)? = state.popup else {
      Issue.record("found \(String(describing: state.popup)), expected the list")
      return
    }
    #expect(chooser.round == 0)
    #expect(state.press(.mouse(.press, at: try place(of: "dense", in: state))) == [])
    guard case .dialog(let dialog)? = state.popup else {
      Issue.record("found \(String(describing: state.popup)), expected a question")
      return
    }
    #expect(dialog.title.contains("dense"))
    let over = Point(x: 3, y: 3)
    state.press(.escape)
    state.type("b")
    state.press(.mouse(.wheelDown, at: over))
    guard case .rounds(let moved)? = state.popup else { return }
    #expect(moved.selected == 1, "the wheel moves")
  }

  @Test func aFieldOfAForm() throws {
    var state = state("n")
    state.press(.mouse(.press, at: try place(of: "Learning rate", in: state)))
    guard case .form(let form)? = state.popup else { return }
    #expect(form.focus == .learningRate)
    let scope = try place(of: "all", after: "Learning rate", in: state)
    state.press(.mouse(.press, at: scope), .mouse(.press, at: scope))
    guard case .form(let changed)? = state.popup else { return }
    #expect(changed.focus == .scope && changed.scope == 0, "the second click goes on")
    state.press(.mouse(.wheelUp, at: scope))
    guard case .form(let moved)? = state.popup else { return }
    #expect(moved.focus == .learningRate)
  }

  @Test func aFormatOfAnExport() throws {
    var state = state("3e")
    state.press(.mouse(.press, at: try place(of: "svg", after: "Format", in: state)))
    guard case .export(let form)? = state.popup else { return }
    #expect(form.format == .svg && form.input.text.hasSuffix(".svg"))
  }

  @Test func aCandidateOfTheCommandLine() throws {
    var state = state(":pause")
    state.press(.mouse(.press, at: try place(of: "pause-at-round-end", in: state)))
    guard case .prompt(let prompt)? = state.popup else { return }
    #expect(prompt.input.text == "pause-at-round-end")
    #expect(state.press(.enter) == [.send(.pauseAtRoundEnd)])
  }

  @Test(arguments: [Size(width: 1, height: 1), Size(width: 20, height: 3), Self.size])
  func noPlaceTraps(_ size: Size) {
    for opening in ["2t", "2tt", "4", "b", "e", "3e", "N", ":", ":theme ", "m"] {
      var state = Fixture.state(.midway(), size: size, canLaunch: true)
      state.type("M" + opening)
      for y in -1...size.height {
        for x in stride(from: -1, through: size.width, by: 7) {
          for action in MouseAction.allCases {
            state.press(.mouse(action, at: Point(x: x, y: y)))
          }
        }
      }
      #expect(render(state, size: size, look: Fixture.color).size == size)
    }
  }
}
