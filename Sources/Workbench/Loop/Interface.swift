public import TerminalUI

/// How a person wants the screen to be: keys, themes, mouse.
public struct Interface: Sendable {
  /// The keys.
  package var keys: KeyTables
  /// The themes that can be chosen.
  public var themes: ThemeCatalogue
  /// The theme at first.
  public var theme: Theme
  /// Whether nobody has chosen the theme, so that the terminal's background may.
  public var followsBackground: Bool
  /// Whether the mouse is on at first.
  public var isMouseOn: Bool
  /// What was odd about the person's files.
  public var warnings: [String]

  /// The standard keys and themes.
  public init() {
    keys = .standard
    themes = ThemeCatalogue()
    theme = .standard
    followsBackground = false
    isMouseOn = false
    warnings = []
  }
}
