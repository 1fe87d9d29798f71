import Experiments
import Foundation
import TerminalUI
import Testing
import Workbench

/// Wheel and click.
@Suite struct MouseTests {
  /// A state with the mouse on.
  private func state(_ size: Size = Size(width: 120, height: 40)) -> WorkbenchState {
    var state = Fixture.state(.midway(), size: size)
    #expect(state.type("M") == [.setMouse(true)])
    return state
  }

  /// Where a text stands on the screen.
  private func place(of text: String, in state: WorkbenchState) throws -> Point {
    let lines = render(state, size: state.size, look: Fixture.color).text.split(
      separator: "\n", omittingEmptySubsequences: false)
    for (y, line) in lines.enumerated() {
      guard let range = line.range(of: text) else { continue }
      return Point(x: DisplayText.width(String(line[..<range.lowerBound])), y: y)
    }
    throw Missing(text: text)
  }

  private struct Missing: Error { let text: String }

  @Test("it is off at first and can be switched off again; then nothing happens")
  func switching() {
    var state = Fixture.state(.midway(), size: Size(width: 120, height: 40))
    let click = Key.mouse(.press, at: Point(x: 100, y: 5))
    state.press(click)
    #expect(state.focus == .loss)
    #expect(state.type("M") == [.setMouse(true)])
    state.press(click)
    #expect(state.focus == .overlap)
    #expect(state.type("M") == [.setMouse(false)])
    state.press(.mouse(.press, at: Point(x: 3, y: 5)))
    #expect(state.focus == .overlap)
  }

  @Test("a click anywhere on a pane gives it the focus", arguments: Pane.allCases)
  func focus(_ pane: Pane) throws {
    var state = state()
    let rect = try #require(Layout(state).rect(of: pane))
    for point in [rect.origin, Point(x: rect.maxX - 1, y: rect.maxY - 1)] {
      state.type(pane == .loss ? "6" : "1")
      state.press(.mouse(.press, at: point))
      #expect(state.focus == pane)
    }
  }

  @Test("a click on a tab goes to its pane", arguments: Pane.allCases)
  func tabs(_ pane: Pane) throws {
    var state = state(Size(width: 80, height: 24))
    state.press(.mouse(.press, at: try place(of: "\(pane.rawValue) \(pane.title)", in: state)))
    #expect(state.focus == pane)
  }

  @Test("a click on a subnetwork's line chooses it, another takes it back")
  func rows() throws {
    var state = state()
    let point = try place(of: "deer", in: state)
    // The first place is the header's.
    let rect = try #require(Layout(state).rect(of: .sparsity))
    let row = Point(x: rect.x + 10, y: rect.y + 2 + 2)
    state.press(.mouse(.press, at: row))
    #expect(state.selected == 2 && state.focus == .sparsity)
    state.press(.mouse(.press, at: row))
    #expect(state.selected == nil)
    state.press(.mouse(.press, at: point))
    #expect(state.selected == nil, "the header is no list")
  }

  @Test("a click on a cell of the heatmap chooses its row")
  func heatmap() throws {
    var state = state()
    let rect = try #require(Layout(state).rect(of: .overlap))
    // A frame, the heads above, the heads at the left; four columns a cell.
    state.press(.mouse(.press, at: Point(x: rect.x + 1 + 2 + 4 * 1 + 2, y: rect.y + 2 + 3)))
    #expect(state.selected == 3 && state.focus == .overlap)
  }

  @Test("the wheel scrolls the pane under it; the focus stays")
  func wheel() throws {
    var state = state()
    let rect = try #require(Layout(state).rect(of: .log))
    let over = Point(x: rect.x + 3, y: rect.y + 1)
    state.press(.mouse(.wheelUp, at: over), .mouse(.wheelUp, at: over))
    #expect(state.scroll[.log] == 6 && state.focus == .loss)
    for _ in 0..<5 { state.press(.mouse(.wheelDown, at: over)) }
    #expect(state.scroll[.log] == 0)
  }

  @Test("a click on a key of the footer does what the key does")
  func footer() throws {
    var state = state()
    _ = update(&state, .tick(state.now + 60))
    let effects = state.press(.mouse(.press, at: try place(of: "p pause", in: state)))
    #expect(effects == [.send(.pause)])
  }

  @Test("a click in the help chooses, the second one runs; in a question it only chooses")
  func popups() throws {
    var state = state()
    state.type("?")
    let row = try place(of: "hold the display still", in: state)
    state.press(.mouse(.press, at: row))
    #expect(state.frozen == nil && state.popup != nil)
    state.press(.mouse(.press, at: try place(of: "hold the display still", in: state)))
    #expect(state.frozen != nil && state.popup == nil)
    state.type("Q")
    let stop = try place(of: "Stop now", in: state)
    #expect(state.press(.mouse(.press, at: stop), .mouse(.press, at: stop)) == [])
    #expect(state.press(.enter) == [.send(.stop(.now))])
  }

  @Test("on the start screen a click picks, the second one launches")
  func picker() throws {
    var state = WorkbenchState(
      runName: nil, configurations: Fixture.configurations, canLaunch: true, now: 0,
      size: Size(width: 80, height: 24))
    state.type("M")
    let line = try place(of: "cifar10-paper", in: state)
    #expect(state.press(.mouse(.press, at: line)) == [])
    #expect(state.picker.selected == 1)
    let effects = state.press(.mouse(.press, at: line))
    #expect(effects == [.launch(Fixture.configurations[1])])
  }

  @Test(
    "no place on a screen of any size traps",
    arguments: [
      Size(width: 1, height: 1), Size(width: 20, height: 3), Size(width: 60, height: 15),
      Size(width: 80, height: 24), Size(width: 200, height: 60),
    ])
  func everywhere(_ size: Size) {
    for opening in ["", "?", "Q", "n", ":"] {
      var state = state(size)
      state.type(opening)
      for y in -1...size.height {
        for x in stride(from: -1, through: size.width, by: 3) {
          for action in MouseAction.allCases {
            state.press(.mouse(action, at: Point(x: x, y: y)))
          }
        }
      }
      #expect(render(state, size: size, look: Fixture.color).size == size)
    }
  }
}
