import Experiments
import Foundation
import TerminalUI
import Testing
import Workbench

/// The key tables with a person's changes, and as documentation.
@Suite struct KeyTablesTests {
  private func tables(_ yaml: String) throws -> KeyTables {
    try KeyTables.standard.applying(SettingsFile(yaml: yaml, file: "config.yaml").keys)
  }

  @Test("a changed key takes the place of the standard one, everywhere")
  func changed() throws {
    let keys = try tables("keys: { pause: F5, log-scale: [L, ctrl-l], retrain: [], help: F2 }")
    var state = WorkbenchState(
      runName: "demo", now: 0, size: Size(width: 120, height: 40), keys: keys)
    _ = update(&state, .events(ScriptedRun.midway().events))
    #expect(state.type("p") == [])
    #expect(state.press(.function(5)) == [.send(.pause)])
    #expect(state.notice?.text.contains("F5 withdraws") == true)
    state.press(.control("l"))
    #expect(state.lossView.isLogarithmic)
    let footer = keys.run.footer(for: state).map(\.shortLabel)
    #expect(footer.contains("F5") && !footer.contains("p"))
    #expect(keys.run[.character("r")] == nil)
    #expect(keys.picker[.function(2)] == .help && keys.picker[.character("?")] == nil)
    state.press(.function(2))
    let help = render(state, size: state.size, look: Fixture.color).text
    #expect(help.contains("F5") && help.contains(":retrain"))
  }

  @Test("sentences name the keys that a person has")
  func sentences() throws {
    let keys = try tables(
      "keys: { cursor: F3, zoom-in: F4, view: F5, order: F6, overlap: F7, up: F8, down: F9 }")
    var state = WorkbenchState(
      runName: "demo", now: 0, size: Size(width: 120, height: 40), keys: keys)
    _ = update(&state, .events(ScriptedRun.midway().events))
    for (typed, words) in [
      ([Key.function(3)], "F3 takes it away"), ([.function(3), .left], "F4 zooms in"),
      ([.character("4"), .function(5)], "F5 is for Loss"),
      ([.character("6"), .function(6)], "F6 orders"),
      ([.character("6"), .character("v")], "press F7"),
      ([.character("F")], "F8 F9 in Sparsity"),
      ([.character("2"), .enter], "nothing is pointed at: F8 F9 do"),
    ] {
      for key in typed { state.press(key) }
      #expect(state.notice?.text.contains(words) == true, "\(state.notice?.text ?? "none")")
    }
  }

  @Test("two commands may change places")
  func swapped() throws {
    let keys = try tables("keys: { pause: P, pause-at-round-end: p }")
    #expect(keys.run[.character("p")] == .pauseAtRoundEnd)
    #expect(keys.run[.character("P")] == .pause)
  }

  @Test(
    "what cannot be is an error with its place",
    arguments: [
      (
        "keys:\n  pasue: p", "config.yaml:2:3: unknown command 'pasue'; did you mean 'pause'?"
      ),
      (
        "keys:\n  zoom: p",
        "config.yaml:2:9: p is the key of both 'pause' and 'zoom' on the run screen"
      ),
      (
        "keys:\n  zoom: [Z, f]\n  smoothing: Z",
        "config.yaml:2:10: Z is the key of both 'smoothing' and 'zoom' on the run screen"
      ),
      ("keys:\n  zoom: [Z, Z]", "config.yaml:2:13: expected each key once, found Z again"),
      ("keys:\n  leave: []", "config.yaml:2:3: 'leave' needs a key"),
      (
        "keys:\n  launch: g",
        "config.yaml:2:11: g is the key of both 'first' and 'launch' on the start screen"
      ),
    ])
  func errors(_ yaml: String, _ sentence: String) {
    let error = #expect(throws: SettingsError.self) { try tables(yaml) }
    #expect(error?.description.hasPrefix(sentence) == true, "\(error?.description ?? "none")")
  }

  @Test("names, keys and argument commands are unique; every command is documented")
  func unique() {
    for (screen, map) in KeyTables.standard.all {
      let names = map.bindings.map(\.name) + ArgumentCommand.all.map(\.name)
      #expect(Set(names).count == names.count, "\(screen)")
      #expect(names.allSatisfy { $0.allSatisfy { $0.isLowercase || $0 == "-" } }, "\(screen)")
      let keys = map.bindings.flatMap(\.keys)
      #expect(Set(keys).count == keys.count, "\(screen)")
      let page = KeyReference.markdown()
      for name in names { #expect(page.contains("`\(name)`") || page.contains("`:\(name) ")) }
    }
  }

  @Test("the example of the documentation can be used as it is")
  func example() throws {
    let parts = KeyReference.markdown().components(separatedBy: "```")
    let yaml = try #require(parts.first { $0.hasPrefix("yaml\n") }).dropFirst(5)
    let settings = try SettingsFile(yaml: String(yaml), file: "config.yaml")
    #expect(settings.keys.count == 3)
    #expect(try KeyTables.standard.applying(settings.keys).run[.function(5)] == .pause)
  }

  @Test("docs/keys.md is what the table says: rtl keys --markdown > docs/keys.md")
  func documentation() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "docs/keys.md")
    if ProcessInfo.processInfo.environment["RTL_UPDATE_GOLDENS"] == "1" {
      try KeyReference.markdown().write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == KeyReference.markdown())
  }
}
