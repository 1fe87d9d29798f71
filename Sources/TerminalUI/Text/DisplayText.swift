/// Text as a terminal shows it: characters with their widths, cut, padded and made harmless.
///
/// A cluster that terminals disagree about is made plain: control characters become `?`, tabs and
/// line ends spaces, joined emoji their first part, flags their two letters; variation selectors,
/// joiners and direction marks are dropped.
public enum DisplayText {
  /// A character and the columns it takes: 1 or 2.
  public typealias Glyph = (character: Character, width: Int)

  /// The visible characters of `text` with their widths.
  public static func glyphs(_ text: String) -> [Glyph] {
    if let glyphs = plainGlyphs(text) { return glyphs }
    var glyphs: [Glyph] = []
    glyphs.reserveCapacity(text.utf8.count)
    for character in text { append(character, to: &glyphs) }
    return glyphs
  }

  /// The columns that `text` takes.
  public static func width(_ text: String) -> Int {
    if isPlain(text.utf8) { return text.utf8.count }
    var width = 0
    for glyph in glyphs(text) { width += glyph.width }
    return width
  }

  /// Whether a text is of visible ASCII alone, as most on a screen are: then a byte is a column, and
  /// nothing has to be found out about it.
  private static func isPlain(_ bytes: some Sequence<UInt8>) -> Bool {
    bytes.allSatisfy { (0x20...0x7E).contains($0) }
  }

  private static func plainGlyphs(_ text: String) -> [Glyph]? {
    guard isPlain(text.utf8) else { return nil }
    return text.utf8.map { (Character(Unicode.Scalar($0)), 1) }
  }

  /// The beginning of `text` that fits in `width` columns.
  public static func prefix(_ text: String, width: Int) -> String {
    var result = ""
    var used = 0
    for glyph in glyphs(text) {
      guard used + glyph.width <= width else { break }
      result.append(glyph.character)
      used += glyph.width
    }
    return result
  }

  /// `text` if it fits in `width` columns, else its beginning and an ellipsis.
  public static func shortened(_ text: String, to width: Int, ellipsis: String = "…") -> String {
    guard self.width(text) > width else { return text }
    let tail = self.width(ellipsis)
    guard width > tail else { return prefix(text, width: width) }
    return prefix(text, width: width - tail) + ellipsis
  }

  /// `text` with spaces up to `width` columns, cut where it is longer.
  public static func padded(
    _ text: String, to width: Int, alignment: TextAlignment = .left
  ) -> String {
    let shown = shortened(text, to: max(0, width))
    let space = max(0, width - self.width(shown))
    let before =
      switch alignment {
      case .left: 0
      case .center: space / 2
      case .right: space
      }
    return String(repeating: " ", count: before) + shown
      + String(repeating: " ", count: space - before)
  }

  private static func append(_ character: Character, to glyphs: inout [Glyph]) {
    if let ascii = character.asciiValue {
      switch ascii {
      case 0x20...0x7E: glyphs.append((character, 1))
      case 0x09, 0x0A, 0x0D: glyphs.append((" ", 1))
      default: glyphs.append(("?", 1))
      }
      return
    }
    var kept = String.UnicodeScalarView()
    var width = 0
    for scalar in character.unicodeScalars {
      if let letter = regionalLetter(scalar) {
        glyphs.append((letter, 1))
        continue
      }
      if ScalarWidth.isDropped(scalar) {
        // What follows a joiner belongs to a picture that not every terminal can draw.
        if scalar.value == 0x200D, width > 0 { break }
        continue
      }
      let own = ScalarWidth.width(of: scalar)
      if own < 0 {
        glyphs.append(("?", 1))
      } else if own > 0, width == 0 {
        kept.append(scalar)
        width = own
      } else if own == 0, width > 0, kept.count < 4 {
        kept.append(scalar)
      }
    }
    if width > 0 { glyphs.append((Character(String(kept)), width)) }
  }

  private static func regionalLetter(_ scalar: Unicode.Scalar) -> Character? {
    guard (0x1F1E6...0x1F1FF).contains(scalar.value),
      let letter = Unicode.Scalar(scalar.value - 0x1F1E6 + 0x41)
    else { return nil }
    return Character(letter)
  }
}
