/// What curves, bars and frames are made of.
public enum GlyphSet: String, Sendable, CaseIterable {
  /// Braille dots for curves, block elements for bars.
  case braille
  /// Block elements only, for fonts without braille.
  case blocks
  /// Nothing beyond ASCII.
  case ascii

  /// The glyphs that a terminal can be expected to show.
  ///
  /// - Parameters:
  ///   - locale: The value of `LC_ALL`, `LC_CTYPE` or `LANG`, the first that is set and not empty.
  ///   - term: The value of `TERM`; the Linux console has a font without braille.
  public static func detected(locale: String?, term: String?) -> GlyphSet {
    let encoding = (locale ?? "").lowercased()
    guard encoding.contains("utf-8") || encoding.contains("utf8") else { return .ascii }
    let name = term ?? ""
    if name == "linux" || name.hasPrefix("vt") { return .blocks }
    return .braille
  }

  /// The glyphs for the environment variables of this process, or of a test.
  public static func detected(environment: [String: String]) -> GlyphSet {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy
      .compactMap { environment[$0] }.first { !$0.isEmpty }
    return detected(locale: locale, term: environment["TERM"])
  }

  /// The lines of a frame.
  public struct Frame: Sendable {
    /// `─`
    public let horizontal: Character
    /// `│`
    public let vertical: Character
    /// `┌`
    public let topLeft: Character
    /// `┐`
    public let topRight: Character
    /// `└`
    public let bottomLeft: Character
    /// `┘`
    public let bottomRight: Character
  }

  /// The lines of a frame.
  public var frame: Frame {
    self == .ascii
      ? Frame(
        horizontal: "-", vertical: "|", topLeft: "+", topRight: "+", bottomLeft: "+",
        bottomRight: "+")
      : Frame(
        horizontal: "─", vertical: "│", topLeft: "┌", topRight: "┐", bottomLeft: "└",
        bottomRight: "┘")
  }

  /// What stands for text that was cut off.
  public var ellipsis: String { self == .ascii ? "~" : "…" }

  /// One of two texts: the second where only ASCII can be shown.
  public func choose<T>(_ unicode: T, ascii: T) -> T { self == .ascii ? ascii : unicode }

  /// The mark of series `index`, from 0, so that curves differ without colour.
  public func mark(_ index: Int) -> Character {
    let marks: [Character] =
      self == .ascii
      ? ["o", "^", "#", "*", "+", "x", "%", "@", "=", "&"]
      : ["●", "▲", "■", "◆", "○", "△", "□", "◇", "▼", "▽"]
    return marks[((index % marks.count) + marks.count) % marks.count]
  }
}
