/// One cell of a screen: what it shows and how.
public struct Cell: Hashable, Sendable {
  /// What it shows: a visible character with its combining marks, or a space.
  public var character: Character
  /// 1 or 2 columns; 0 for the right half of the wide character to its left.
  public var width: UInt8
  /// How it looks.
  public var style: Style

  /// A cell; by default a plain space.
  public init(_ character: Character = " ", width: UInt8 = 1, style: Style = .plain) {
    self.character = character
    self.width = width
    self.style = style
  }

  /// A space in the terminal's own colours.
  public static let blank = Cell()
}
