import TerminalUI
import Testing

/// What can be read, measured by the contrast of WCAG 2 on a terminal of 256 colours.
@Suite("Contrast of the themes")
struct ThemeContrastTests {
  /// Roles that are shapes; WCAG asks 3 of them, and 4.5 of text.
  static let shapes: Set<StyleRole> =
    Set(StyleRole.seriesRoles).union([.borderFocused, .target, .marker, .cursor])
  /// Roles that nothing hangs on: frames, and the rest of a bar.
  static let decoration: Set<StyleRole> = [.border, .track]

  /// The backgrounds that a terminal may have of its own: black or nearly, white or nearly.
  private func backgrounds(of name: String) -> [Color] {
    name.hasSuffix("light")
      ? [.rgb(255, 255, 255), .rgb(0xEE, 0xEE, 0xEE)] : [.rgb(0, 0, 0), .rgb(0x1C, 0x1C, 0x1C)]
  }

  @Test(
    "Text stands out from its background", arguments: Theme.builtInNames.filter { $0 != "mono" })
  func text(name: String) throws {
    let theme = try #require(Theme.named(name)).adapted(to: .indexed256)
    var measured = 0
    for role in StyleRole.allCases
    where !StyleRole.heatRoles.contains(role) && !Self.decoration.contains(role) {
      let style = theme[role]
      let behind = style.background == .terminal ? backgrounds(of: name) : [style.background]
      for background in behind {
        guard let contrast = style.foreground.contrast(with: background) else { continue }
        measured += 1
        let least = Self.shapes.contains(role) ? 3 : 4.5
        #expect(contrast >= least, "\(name) \(role): \(contrast)")
      }
    }
    #expect(measured >= 25)
  }

  @Test("Of the themes on the terminal's own background one is for light ones")
  func lightBackgrounds() {
    let light = Theme.builtInNames.filter { Theme.named($0)?.isForLightBackgrounds == true }
    #expect(light == ["light", "gruvbox-light"])
    let screen = Screen(size: Size(width: 1, height: 1))
    let look = Look(theme: Theme.named("light") ?? .standard)
    #expect(screen.svg(in: look).contains("fill=\"#ffffff\""))
    #expect(!screen.svg(in: Look()).contains("fill=\"#ffffff\""))
  }

  @Test("Figures stand out on every step of the heat ramp", arguments: Theme.builtInNames)
  func heat(name: String) throws {
    let theme = try #require(Theme.named(name)).adapted(to: .indexed256)
    for role in StyleRole.heatRoles {
      guard let contrast = theme[role].foreground.contrast(with: theme[role].background) else {
        continue
      }
      #expect(contrast >= 4.5, "\(name) \(role): \(contrast)")
    }
  }

  @Test("The ramp of cividis grows in lightness from step to step, with 256 colours and with all")
  func cividis() throws {
    for depth in [ColorDepth.trueColor, .indexed256] {
      let theme = try #require(Theme.named("cividis")).adapted(to: depth)
      let light = StyleRole.heatRoles.compactMap { theme[$0].background.luminance }
      #expect(light.count == 16)
      let grows = zip(light, light.dropFirst()).allSatisfy {
        depth == .trueColor ? $0 < $1 : $0 <= $1
      }
      #expect(grows, "\(depth): \(light)")
    }
  }

  @Test("A catalogue has the built-in themes; a person's own takes the place of one with its name")
  func catalogue() throws {
    var themes = ThemeCatalogue()
    #expect(themes.names == Theme.builtInNames)
    themes.add(
      try ThemeFile(yaml: "roles: { good: { fg: blue } }", file: "t.yaml", name: "nord").theme)
    themes.add(try ThemeFile(yaml: "name: mine", file: "t.yaml", name: "t").theme)
    #expect(themes.names == Theme.builtInNames + ["mine"])
    #expect(themes["nord"]?[.good].foreground == .indexed(4))
    #expect(themes["none"] == nil && themes.nearest(to: "nrod") == "nord")
  }
}
