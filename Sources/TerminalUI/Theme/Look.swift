/// What a widget needs to know besides its data: the theme and the glyphs.
public struct Look: Sendable {
  /// The style of each role.
  public var theme: Theme
  /// What curves, bars and frames are made of.
  public var glyphs: GlyphSet

  /// A look of a theme and a set of glyphs.
  public init(theme: Theme = .standard, glyphs: GlyphSet = .braille) {
    self.theme = theme
    self.glyphs = glyphs
  }

  /// A look of a theme as a terminal can show it.
  public init(theme: Theme, on capabilities: TerminalCapabilities) {
    self.init(theme: theme.adapted(to: capabilities.colors), glyphs: capabilities.glyphs)
  }

  /// The style of a role.
  public subscript(role: StyleRole) -> Style { theme[role] }

  /// Whether there are no colours, so that marks and digits have to tell things apart.
  public var isMono: Bool { theme.depth == .mono }
}
