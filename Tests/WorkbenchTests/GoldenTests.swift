import Experiments
import Foundation
import TerminalUI
import Testing
import Workbench

/// Screens against text files; `RTL_UPDATE_GOLDENS=1` writes the files anew.
@Suite struct GoldenTests {
  static let sizes = [(80, 24), (120, 40), (200, 60), (60, 15), (20, 3), (1, 1)]
    .map { Size(width: $0.0, height: $0.1) }

  @Test(arguments: sizes) func color(_ size: Size) throws {
    let screen = render(Fixture.state(.midway(), size: size), size: size, look: Fixture.color)
    try expect(screen.text, "run-\(size.width)x\(size.height).txt")
    try expect(screen.styleText, "run-\(size.width)x\(size.height).style")
  }

  @Test(arguments: sizes) func mono(_ size: Size) throws {
    let screen = render(Fixture.state(.midway(), size: size), size: size, look: Fixture.mono)
    try expect(screen.text, "run-\(size.width)x\(size.height)-mono.txt")
  }

  @Test(arguments: sizes) func ascii(_ size: Size) throws {
    let screen = render(Fixture.state(.midway(), size: size), size: size, look: Fixture.ascii)
    #expect(screen.text.allSatisfy { $0.isASCII })
    try expect(screen.text, "run-\(size.width)x\(size.height)-ascii.txt")
  }

  @Test(arguments: [("help", "?"), ("form", "n"), ("end", "Q"), ("prompt", ":pau")])
  func popups(_ name: String, _ key: String) throws {
    var state = Fixture.state(.midway())
    state.type(key)
    let screen = render(state, size: state.size, look: Fixture.color)
    try expect(screen.text, "popup-\(name).txt")
    try expect(screen.styleText, "popup-\(name).style")
  }

  @Test func watchingAndLost() throws {
    let size = Size(width: 120, height: 40)
    var state = Fixture.state(.midway(), size: size)
    _ = update(&state, .contact(RunContact(refusal: "this only watches")))
    try expect(render(state, size: size, look: Fixture.color).text, "watching-120x40.txt")
    let advice = "the engine (process 4711) is gone: `rtl status demo` says what is kept"
    _ = update(&state, .contact(RunContact(link: .lost(advice: advice))))
    _ = update(&state, .tick(state.now + 60))
    let screen = render(state, size: size, look: Fixture.color)
    try expect(screen.text, "lost-120x40.txt")
    try expect(screen.styleText, "lost-120x40.style")
  }

  @Test(arguments: Pane.allCases) func panes(_ pane: Pane) throws {
    var state = Fixture.state(.midway())
    state.type("\(pane.rawValue)")
    try expect(
      render(state, size: state.size, look: Fixture.color).text, "pane-\(pane.title).txt")
  }

  @Test func picker() throws {
    let size = Size(width: 80, height: 24)
    var state = WorkbenchState(
      runName: nil, configurations: Fixture.configurations, canLaunch: true,
      now: ScriptedRun.start, size: size)
    try expect(render(state, size: size, look: Fixture.color).text, "picker.txt")
    _ = update(&state, .launchFailed("demo.yaml:3:5: unknown key 'epoch': did you mean 'epochs'?"))
    try expect(render(state, size: size, look: Fixture.color).text, "picker-failure.txt")
  }

  @Test func beforeTheFirstStep() throws {
    let size = Size(width: 120, height: 40)
    let screen = render(Fixture.state(ScriptedRun(), size: size), size: size, look: Fixture.color)
    try expect(screen.text, "start-120x40.txt")
  }

  private func expect(
    _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Goldens").appending(path: name)
    if ProcessInfo.processInfo.environment["RTL_UPDATE_GOLDENS"] == "1" {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try (text + "\n").write(to: file, atomically: true, encoding: .utf8)
      return
    }
    let golden = try String(contentsOf: file, encoding: .utf8)
    #expect(text + "\n" == golden, "\(name) differs", sourceLocation: sourceLocation)
  }
}
