/// What can show a screen and read keys.
///
/// A terminal belongs to the one task or thread that drives it; it isn't `Sendable`.
public protocol Terminal: AnyObject {
  /// Its present size.
  var size: Size { get }
  /// What it can show.
  var capabilities: TerminalCapabilities { get }
  /// Shows a screen; writes only what differs from the one before.
  func show(_ screen: Screen)
  /// The next key that was pressed, or nil; never waits.
  func nextKey() -> Key?
  /// Switches the mouse on or off; it's off at first.
  func setMouse(_ on: Bool)
  /// Rings the bell.
  func ring()
  /// Gives the terminal back, stops the process as Ctrl-Z does, and takes it again once continued.
  func suspend()
  /// Gives the terminal back for good; may be called again without effect.
  func restore()
}

/// What a terminal can show.
public struct TerminalCapabilities: Sendable, Hashable {
  /// Its colours.
  public var colors: ColorDepth
  /// Its glyphs.
  public var glyphs: GlyphSet

  /// So many colours and such glyphs.
  public init(colors: ColorDepth = .indexed256, glyphs: GlyphSet = .braille) {
    self.colors = colors
    self.glyphs = glyphs
  }
}
