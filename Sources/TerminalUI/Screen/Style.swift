/// Attributes of text besides its colour.
public struct TextAttributes: OptionSet, Hashable, Sendable {
  /// The bits.
  public let rawValue: UInt8

  /// Attributes from their bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Heavier or brighter.
  public static let bold = TextAttributes(rawValue: 1)
  /// Fainter.
  public static let dim = TextAttributes(rawValue: 2)
  /// With a line below.
  public static let underline = TextAttributes(rawValue: 4)
  /// Text and background exchanged.
  public static let reverse = TextAttributes(rawValue: 8)
}

/// How a cell looks: its colours and attributes, and the role they were chosen for.
public struct Style: Hashable, Sendable {
  /// What the style stands for; ``Screen/styleText`` shows it.
  public var role: StyleRole
  /// The colour of the text.
  public var foreground: Color
  /// The colour behind it.
  public var background: Color
  /// Bold, dim, underline, reverse.
  public var attributes: TextAttributes

  /// A style; by default the terminal's own colours.
  public init(
    role: StyleRole = .text, foreground: Color = .terminal, background: Color = .terminal,
    attributes: TextAttributes = []
  ) {
    self.role = role
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }

  /// The terminal's own colours, without attributes.
  public static let plain = Style()

  /// The same style with more attributes.
  public func with(_ more: TextAttributes) -> Style {
    var style = self
    style.attributes.formUnion(more)
    return style
  }

  /// The same style on another background.
  public func on(_ color: Color) -> Style {
    var style = self
    style.background = color
    return style
  }
}
