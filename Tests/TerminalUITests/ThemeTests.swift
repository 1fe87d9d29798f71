import TerminalUI
import Testing

@Suite("Themes")
struct ThemeTests {
  @Test("Every theme that is compiled in reads without a warning", arguments: Theme.builtInNames)
  func builtIn(name: String) throws {
    let source = try #require(Theme.source(of: name))
    let file = try ThemeFile(yaml: source, file: name)
    #expect(file.warnings.isEmpty)
    #expect(file.theme.name == name)
    #expect(Theme.named(name)?[.critical].attributes.contains(.bold) == true)
  }

  @Test("A missing role and a missing attribute are inherited from the default theme")
  func inheritance() throws {
    let file = try ThemeFile(yaml: "roles: { critical: { fg: blue } }", file: "t.yaml")
    #expect(file.theme[.critical].foreground == .indexed(4))
    #expect(file.theme[.critical].attributes == .bold)
    #expect(file.theme[.good] == Theme.standard[.good])
  }

  @Test("A theme that inherits from a named one takes its heat ramp")
  func parent() throws {
    let file = try ThemeFile(yaml: "inherits: cividis\nroles: {}", file: "t.yaml")
    #expect(file.theme[.heat15].background == .rgb(0xFE, 0xE8, 0x38))
    #expect(Theme.standard[.heat15].background == .rgb(0xFD, 0xE7, 0x25))
  }

  @Test("An unknown role is a warning with its place and the nearest name; the rest holds")
  func unknownRole() throws {
    let yaml = """
      name: mine
      roles:
        good: { fg: 10 }
        criticl: { fg: red }
        warning: { blod: true }
      """
    let file = try ThemeFile(yaml: yaml, file: "mine.yaml")
    #expect(
      file.warnings.map(\.description) == [
        "mine.yaml:4:3: unknown name 'criticl'; did you mean 'critical'?",
        "mine.yaml:5:14: unknown name 'blod'; did you mean 'bold'?",
      ])
    #expect(file.theme[.good].foreground == .indexed(10))
  }

  @Test(
    "What is wrong is an error with its file, line and column",
    arguments: [
      ("roles:\n  good: { fg: reddish }", "t.yaml:2:15: 'reddish' is no colour"),
      ("roles:\n  good: { fg: 256 }", "t.yaml:2:15: '256' is no colour"),
      ("roles:\n  good: { fg: \"#12345\" }", "t.yaml:2:15: '#12345' is no colour"),
      ("roles:\n  good: red", "t.yaml:2:9: expected a style"),
      ("roles:\n  good: { bold: maybe }", "t.yaml:2:17: expected true or false"),
      ("inherits: darkk", "t.yaml:1:11: there is no theme 'darkk'"),
      ("heat: [red]", "t.yaml:1:7: expected a list of two"),
      ("colors: some", "t.yaml:1:9: expected none or all"),
      ("just text", "t.yaml:1:1: expected a mapping"),
      ("", "t.yaml:1:1: expected a theme, found nothing"),
      ("roles: [", "t.yaml:"),
    ])
  func errors(yaml: String, start: String) throws {
    let error = #expect(throws: ThemeError.self) { try ThemeFile(yaml: yaml, file: "t.yaml") }
    #expect(error?.description.hasPrefix(start) == true, "\(error?.description ?? "none")")
  }

  @Test("A person's theme inherits from another of theirs, whatever their files' order")
  func ownParents() throws {
    let folder = ThemeFolder([
      .init(name: "b", file: "b.yaml", yaml: "inherits: z\nroles: { critical: { fg: blue } }"),
      .init(name: "z", file: "z.yaml", yaml: "inherits: cividis\nroles: { good: { fg: 10 } }"),
      .init(name: "nord", file: "nord.yaml", yaml: "inherits: nord\nroles: { good: { fg: 11 } }"),
      .init(name: "y", file: "y.yaml", yaml: "inherits: nord"),
    ])
    #expect(folder.errors.isEmpty)
    let theme = try #require(folder.themes["b"]?.theme)
    #expect(theme.name == "b")
    #expect(theme[.critical].foreground == .indexed(4))
    #expect(theme[.good].foreground == .indexed(10))
    #expect(theme[.heat15].background == .rgb(0xFE, 0xE8, 0x38))
    #expect(folder.themes["y"]?.theme[.good].foreground == .indexed(11), "theirs goes first")
    #expect(folder.themes["nord"]?.theme[.text] == Theme.named("nord")?[.text])
  }

  @Test("A theme that inherits from itself is refused with its line, and so are its heirs")
  func circles() throws {
    let folder = ThemeFolder([
      .init(name: "a", file: "a.yaml", yaml: "name: a\ninherits: b"),
      .init(name: "b", file: "b.yaml", yaml: "inherits: c"),
      .init(name: "c", file: "c.yaml", yaml: "roles: {}\ninherits: b"),
      .init(name: "self", file: "self.yaml", yaml: "inherits: self"),
      .init(name: "lost", file: "lost.yaml", yaml: "inherits: sefl"),
      .init(name: "good", file: "good.yaml", yaml: "roles: {}"),
    ])
    #expect(Set(folder.themes.keys) == ["good"])
    let circle = "c.yaml:2:11: a theme cannot inherit from itself: b inherits c inherits b"
    #expect(folder.errors["b"]?.description == circle)
    #expect(folder.errors["c"]?.description == circle)
    #expect(folder.errors["a"]?.description == circle)
    #expect(
      folder.errors["self"]?.description
        == "self.yaml:1:11: a theme cannot inherit from itself: self inherits self")
    #expect(folder.errors["lost"]?.description.contains("there is no theme 'sefl'") == true)
    #expect(folder.errors["lost"]?.description.contains("good") == true, "theirs are named, too")
  }

  @Test("A theme that paints its background paints it behind every role")
  func ownBackground() throws {
    let theme = try #require(Theme.named("high-contrast"))
    for role in StyleRole.allCases { #expect(theme[role].background != .terminal, "\(role)") }
  }

  @Test("The mono theme and every theme adapted to mono have no colour left")
  func mono() throws {
    for name in Theme.builtInNames {
      let theme = try #require(Theme.named(name)).adapted(to: .mono)
      #expect(theme.depth == .mono)
      for role in StyleRole.allCases {
        #expect(theme[role].foreground == .terminal)
        #expect(theme[role].background == .terminal)
      }
      #expect(theme[.alarm].attributes.contains(.reverse), "the alarm stands out in \(name)")
      #expect(theme[.selection].attributes.contains(.reverse))
    }
  }

  @Test(
    "No depth leaves text that vanishes in its background",
    arguments: ColorDepth.allCases.filter { $0 != .mono })
  func contrast(depth: ColorDepth) throws {
    for name in Theme.builtInNames where name != "mono" {
      let theme = try #require(Theme.named(name)).adapted(to: depth)
      for role in StyleRole.allCases {
        let style = theme[role]
        guard let contrast = style.foreground.contrast(with: style.background) else { continue }
        #expect(contrast >= 1.6, "\(name) \(role) \(depth)")
        if StyleRole.heatRoles.contains(role) { #expect(contrast >= 3.5, "\(name) \(role)") }
      }
    }
  }

  @Test("The heat ramp grows or falls in lightness in every theme and depth")
  func heatIsOrdered() throws {
    for name in Theme.builtInNames where name != "mono" {
      for depth in [ColorDepth.eight, .sixteen, .indexed256, .trueColor] {
        let theme = try #require(Theme.named(name)).adapted(to: depth)
        let light = StyleRole.heatRoles.compactMap { theme[$0].background.luminance }
        #expect(light.count == 16)
        let up = zip(light, light.dropFirst()).allSatisfy { $0 <= $1 }
        let down = zip(light, light.dropFirst()).allSatisfy { $0 >= $1 }
        #expect(up || down, "\(name) \(depth)")
        #expect(Set(light).count >= 7)
      }
    }
  }

  @Test(
    "The background that the terminal tells of chooses between dark and light",
    arguments: [
      (nil, "dark"), ("0;15", "light"), ("15;0", "dark"), ("0;default;7", "light"),
      ("15;default", "dark"), ("", "dark"), ("0;200", "dark"),
    ] as [(String?, String)])
  func suggestion(colors: String?, name: String) {
    #expect(Theme.suggestedName(colorFGBG: colors) == name)
  }
}
