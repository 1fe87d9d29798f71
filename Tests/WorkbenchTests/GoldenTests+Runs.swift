import Experiments
import TerminalUI
import Testing
import Workbench

extension GoldenTests {
  @Test(arguments: [(80, 24), (120, 40), (200, 60)]) func runs(_ width: Int, _ height: Int) throws {
    let size = Size(width: width, height: height)
    var state = Shelf.state(size: size)
    state.type(" ")
    let screen = render(state, size: size, look: Fixture.color)
    try expect(screen.text, "runs-\(width)x\(height).txt")
    try expect(screen.styleText, "runs-\(width)x\(height).style")
  }

  @Test func aFilterThatIsWrong() throws {
    var state = Shelf.state(size: Size(width: 80, height: 24))
    _ = update(&state, .tick(state.now + 4))
    state.type("/state = 'pausd")
    _ = update(&state, .runs(.success(Shelf.listings), matching: ""))
    _ = update(&state, .tick(state.now))
    let problem = RunQueryError(
      column: 9, description: "column 9: found a text without its end, expected '")
    _ = update(&state, .runs(.failure(problem), matching: "state = 'pausd"))
    try expect(render(state, size: state.size, look: Fixture.color).text, "runs-filter.txt")
  }

  @Test(arguments: [(80, 24), (120, 40), (200, 60)])
  func comparison(_ width: Int, _ height: Int) throws {
    let size = Size(width: width, height: height)
    var state = Shelf.state(size: size)
    _ = update(&state, .compared([Fixture.compared("alpha", 10), Fixture.compared("beta", 3)]))
    try expect(
      render(state, size: size, look: Fixture.color).text, "comparison-\(width)x\(height).txt")
    state.type("t")
    try expect(
      render(state, size: size, look: Fixture.ascii).text,
      "comparison-\(width)x\(height)-subnetworks-ascii.txt")
  }

  @Test func recording() throws {
    let size = Size(width: 120, height: 40)
    var state = Fixture.state(.midway(), size: size)
    var playback = Playback(speed: 4)
    playback.percent = 37
    _ = update(&state, .contact(RunContact(refusal: "recorded", playback: playback)))
    try expect(render(state, size: size, look: Fixture.color).text, "recording-120x40.txt")
  }
}
