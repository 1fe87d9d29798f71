/// A colour of a cell's text or background.
public enum Color: Hashable, Sendable {
  /// Whatever the terminal uses by itself.
  case terminal
  /// One of the 256 numbered colours; 0…7 and 8…15 are the user's own palette.
  case indexed(UInt8)
  /// Red, green and blue, 0…255 each, in sRGB.
  case rgb(UInt8, UInt8, UInt8)
}

/// How many colours a screen can show, from none to all.
public enum ColorDepth: Int, Sendable, Comparable, CaseIterable {
  /// No colour: bold, dim, underline, reverse and marks only.
  case mono
  /// The eight basic colours.
  case eight
  /// The eight basic colours and their bright twins.
  case sixteen
  /// The 256 numbered colours.
  case indexed256
  /// Red, green and blue.
  case trueColor

  /// Whether `left` shows fewer colours than `right`.
  public static func < (left: ColorDepth, right: ColorDepth) -> Bool {
    left.rawValue < right.rawValue
  }
}
