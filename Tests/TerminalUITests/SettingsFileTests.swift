import TerminalUI
import Testing

@Suite("Settings")
struct SettingsFileTests {
  @Test("Theme, mouse and keys are read, with their places")
  func everything() throws {
    let yaml = """
      theme: nord
      mouse: on
      keys:
        pause: Space
        zoom: [Z, "?"]
        retrain: []
      """
    let file = try SettingsFile(yaml: yaml, file: "c.yaml")
    #expect(file.theme?.name == "nord" && file.theme?.place.description == "c.yaml:1:8")
    #expect(file.isMouseOn == true)
    #expect(file.keys.map(\.name) == ["pause", "zoom", "retrain"])
    #expect(
      file.keys.map { $0.keys.map(\.key) } == [
        [.character(" ")], [.character("Z"), .character("?")], [],
      ])
    #expect(file.keys[1].keys[1].place.description == "c.yaml:5:13")
  }

  @Test("A file without anything changes nothing", arguments: ["", "# nothing\n", "\n\n"])
  func empty(yaml: String) throws {
    let file = try SettingsFile(yaml: yaml, file: "c.yaml")
    #expect(file.keys.isEmpty && file.theme == nil && file.isMouseOn == nil)
  }

  @Test(
    "What is wrong is an error with its file, line and column",
    arguments: [
      ("thme: nord", "c.yaml:1:1: unknown setting 'thme'; did you mean 'theme'?"),
      ("keys:\n  pause: pp", "c.yaml:2:10: 'pp' is no key"),
      ("keys:\n  pause: { a: b }", "c.yaml:2:10: expected a key or a list of keys"),
      ("keys:\n  pause: ctrl-z", "c.yaml:2:10: ctrl-z cannot be given to a command"),
      ("keys:\n  pause: ctrl-m", "c.yaml:2:10: ctrl-m cannot be given to a command"),
      ("keys:\n  pause: mouse-press@1,1", "c.yaml:2:10: 'mouse-press@1,1' is no key"),
      ("keys: [p]", "c.yaml:1:7: expected a mapping from commands to keys"),
      ("mouse: perhaps", "c.yaml:1:8: expected on or off"),
      ("theme: [nord]", "c.yaml:1:8: expected a theme's name"),
      ("just text", "c.yaml:1:1: expected a mapping"),
      ("keys: [", "c.yaml:"), ("keys: &a {}", "c.yaml:1:7: found an anchor"),
      ("theme: a\ntheme: b", "c.yaml:"),
    ])
  func errors(yaml: String, start: String) {
    let error = #expect(throws: SettingsError.self) { try SettingsFile(yaml: yaml, file: "c.yaml") }
    #expect(error?.description.hasPrefix(start) == true, "\(error?.description ?? "none")")
  }
}
