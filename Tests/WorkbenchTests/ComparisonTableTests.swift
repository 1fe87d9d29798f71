import Experiments
import TerminalUI
import Testing
import Workbench

/// The table of a comparison of more runs than have room.
@Suite struct ComparisonTableTests {
  private func state(_ count: Int, _ size: Size) -> WorkbenchState {
    var state = Shelf.state(size: size)
    let runs = (1...count).map { Fixture.compared("tt-prune_count=\($0 * 1024),k=2-1", 2 + $0 % 3) }
    _ = update(&state, .compared(runs))
    return state
  }

  private func text(_ state: WorkbenchState) -> String {
    render(state, size: state.size, look: Fixture.color).text
  }

  @Test("as many runs as have room stand with whole figures, and the others are a key away")
  func scrolls() throws {
    var state = state(16, Size(width: 130, height: 40))
    let first = text(state)
    #expect(first.contains("runs 1–6 of 16 ← →"), "\(first)")
    #expect(first.contains("tt-prune_count=…,k=2-1"), "what they have in common stands above")
    #expect(first.contains(" 5120 "), "\(first)")
    let heads = try #require(first.split(separator: "\n").first { $0.contains("│ state") })
    #expect(heads.ranges(of: "finished").count + heads.ranges(of: "running").count == 6)
    #expect(first.split(separator: "\n").contains { $0.ranges(of: "37.5%").count == 6 })
    state.press(.right)
    #expect(text(state).contains("runs 2–7 of 16"))
    for _ in 0..<20 { state.press(.right) }
    #expect(text(state).contains("runs 11–16 of 16"))
    state.press(.left)
    #expect(text(state).contains("runs 10–15 of 16"))
    // What is scrolled away on a wide screen is in sight again.
    _ = update(&state, .resize(Size(width: 400, height: 40)))
    #expect(!text(state).contains("of 16"))
    #expect(state.reasonAgainst(.right) == "all runs are in the table")
    state.type("v")
    #expect(state.reasonAgainst(.left)?.contains("move the panels") == true)
  }

  @Test("an export has a column for every run")
  func export() {
    let picture = ExportText.of(
      state(16, Size(width: 80, height: 24)), as: .text, look: Fixture.color)
    #expect(!picture.contains("of 16"))
    #expect(picture.split(separator: "\n").contains { $0.ranges(of: "37.5%").count == 16 })
  }

  @Test("curves end in what tells their runs apart")
  func labels() {
    let shown = text(state(3, Size(width: 130, height: 40)))
    #expect(!shown.contains("tt-prune 0."), "\(shown)")
    #expect(shown.contains(" 1024 0.") && shown.contains(" 3072 0."), "\(shown)")
  }
}
