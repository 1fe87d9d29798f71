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

  @Test(arguments: [("run-for", "N"), ("settings", "S"), ("go-back", "b")])
  func control(_ name: String, _ key: String) throws {
    var state = Fixture.state(.midway(), canLaunch: true)
    state.type(key)
    try expect(
      render(state, size: state.size, look: Fixture.color).text, "popup-\(name).txt")
  }

  @Test func collapse() throws {
    let size = Size(width: 120, height: 40)
    var state = Fixture.state(.collapsing(), size: size, canLaunch: true)
    let asked = render(state, size: size, look: Fixture.color)
    try expect(asked.text, "popup-collapse.txt")
    state.press(.escape)
    _ = update(&state, .tick(state.now + 60))
    let screen = render(state, size: size, look: Fixture.color)
    try expect(screen.text, "alarm-120x40.txt")
    try expect(screen.styleText, "alarm-120x40.style")
    try expect(render(state, size: size, look: Fixture.ascii).text, "alarm-120x40-ascii.txt")
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

  @Test(arguments: ["80x24", "120x40", "200x60"]) func closerLooks(_ name: String) throws {
    let sides = name.split(separator: "x").compactMap { Int($0) }
    let size = Size(width: sides[0], height: sides[1])
    var state = Fixture.state(.midway(), size: size)
    state.type("3")
    state.press(.down, .down, .down, .down, .right, .right, .enter)
    let screen = render(state, size: size, look: Fixture.color)
    try expect(screen.text, "pair-\(name).txt")
    try expect(screen.styleText, "pair-\(name).style")
    try expect(render(state, size: size, look: Fixture.ascii).text, "pair-\(name)-ascii.txt")
    state.press(.down, .enter)
    try expect(render(state, size: size, look: Fixture.color).text, "layer-\(name).txt")
    state.press(.escape, .escape, .home, .enter)
    try expect(render(state, size: size, look: Fixture.color).text, "subnetwork-\(name).txt")
  }

  @Test(arguments: ["80x24", "120x40", "200x60"]) func sixtyFour(_ name: String) throws {
    let sides = name.split(separator: "x").compactMap { Int($0) }
    let size = Size(width: sides[0], height: sides[1])
    var state = Fixture.state(.midway(subnetworks: 64), size: size)
    state.type("3z")
    state.press(.down, .pageDown, .pageDown, .right, .right, .right)
    let screen = render(state, size: size, look: Fixture.color)
    try expect(screen.text, "k64-\(name).txt")
    try expect(screen.styleText, "k64-\(name).style")
    state.type("v")
    try expect(render(state, size: size, look: Fixture.color).text, "k64-numbers-\(name).txt")
    try expect(render(state, size: size, look: Fixture.mono).text, "k64-numbers-\(name)-mono.txt")
    state.type("v")
    try expect(render(state, size: size, look: Fixture.color).text, "k64-swatches-\(name).txt")
  }

  @Test func similarity() throws {
    let size = Size(width: 120, height: 40)
    var state = Fixture.state(.midway(), size: size)
    state.type("3o")
    _ = update(&state, .tick(state.now + 60))
    try expect(render(state, size: size, look: Fixture.color).text, "similarity-120x40.txt")
  }

  @Test(arguments: ["layers", "ownership"]) func sparsity(_ name: String) throws {
    for sides in [(80, 24), (120, 40), (200, 60)] {
      let size = Size(width: sides.0, height: sides.1)
      var state = Fixture.state(.midway(), size: size)
      state.type(name == "layers" ? "2t" : "2tt")
      state.press(.down, .down)
      try expect(
        render(state, size: size, look: Fixture.color).text,
        "sparsity-\(name)-\(size.width)x\(size.height).txt")
    }
  }

  @Test func export() throws {
    var state = Fixture.state(.midway())
    state.type("3e")
    try expect(render(state, size: state.size, look: Fixture.color).text, "popup-export.txt")
    state.press(.backspace)
    try expect(render(state, size: state.size, look: Fixture.color).text, "popup-export-bad.txt")
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

  /// As `rtl run` and `make run` start it: with a launcher and a folder of runs, which is looked into.
  @Test(arguments: ["80x24", "120x40", "200x60"]) func asItIsStarted(_ name: String) throws {
    let sides = name.split(separator: "x").compactMap { Int($0) }
    let size = Size(width: sides[0], height: sides[1])
    let run = ScriptedRun.midway()
    var state = WorkbenchState(
      runName: run.description.runName, configurations: Fixture.configurations, canLaunch: true,
      runsFolder: "runs", hasRunsFolder: true, now: ScriptedRun.start, size: size)
    _ = update(&state, .events(run.events))
    let looks = update(&state, .tick(run.time)) == [.listRuns(matching: "")]
    #expect(looks == (size.width >= 120), "the list is looked for where it is seen")
    if looks { _ = update(&state, .runs(.success(Shelf.listings), matching: "")) }
    let screen = render(state, size: size, look: Fixture.color)
    try expect(screen.text, "started-\(name).txt")
    try expect(screen.styleText, "started-\(name).style")
  }

  @Test func beforeTheFirstStep() throws {
    let size = Size(width: 120, height: 40)
    let screen = render(Fixture.state(ScriptedRun(), size: size), size: size, look: Fixture.color)
    try expect(screen.text, "start-120x40.txt")
  }

  func expect(
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
