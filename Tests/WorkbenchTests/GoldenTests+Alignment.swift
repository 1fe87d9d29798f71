import Experiments
import TerminalUI
import Testing
import Workbench

extension GoldenTests {
  @Test(arguments: ["80x24", "120x40", "200x60"]) func alignment(_ name: String) throws {
    let sides = name.split(separator: "x").compactMap { Int($0) }
    let size = Size(width: sides[0], height: sides[1])
    var state = Fixture.state(.midway(), size: size)
    state.type("3A")
    let reason = "/usr/share/wordnet/index.noun: is missing: install Debian's package wordnet-base"
    var without = state
    _ = update(&without, .namesFound(.unknown(reason), for: ScriptedRun.classNames))
    let plain = render(without, size: size, look: Fixture.color)
    try expect(plain.text, "alignment-\(name)-without.txt")
    _ = update(
      &state,
      .namesFound(
        .known(AlignmentTests.similarity(ScriptedRun.classNames)), for: ScriptedRun.classNames))
    state.press(.down, .down, .down)
    let screen = render(state, size: size, look: Fixture.color)
    try expect(screen.text, "alignment-\(name).txt")
    try expect(screen.styleText, "alignment-\(name).style")
    let ascii = render(state, size: size, look: Fixture.ascii)
    #expect(ascii.text.allSatisfy { $0.isASCII })
    try expect(ascii.text, "alignment-\(name)-ascii.txt")
  }
}
