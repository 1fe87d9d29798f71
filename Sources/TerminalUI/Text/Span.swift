/// A piece of text with one role; a line is a list of them.
public struct Span: Hashable, Sendable, ExpressibleByStringLiteral {
  /// What it says.
  public var text: String
  /// What it stands for.
  public var role: StyleRole
  /// Attributes besides those of the role.
  public var attributes: TextAttributes

  /// A piece of text; ordinary by default.
  public init(_ text: String, _ role: StyleRole = .text, attributes: TextAttributes = []) {
    self.text = text
    self.role = role
    self.attributes = attributes
  }

  /// Ordinary text.
  public init(stringLiteral value: String) { self.init(value) }

  /// How it looks, on another background if one is given.
  public func style(_ look: Look, on background: Color? = nil) -> Style {
    let own = look[role]
    guard let background, own.background == look[.text].background else {
      return own.with(attributes)
    }
    return own.with(attributes).on(background)
  }
}

extension [Span] {
  /// The columns that the line takes.
  public var width: Int { reduce(0) { $0 + DisplayText.width($1.text) } }

  /// What the line says, without styles.
  public var plain: String { map(\.text).joined() }
}

extension Screen {
  /// Writes a line into the first row of `rect`, cut where it does not fit, and gives back the
  /// columns it took.
  ///
  /// With a `base` style, the spans take its background, and ordinary ones its whole look.
  @discardableResult
  public mutating func put(
    _ line: [Span], in rect: Rect, look: Look, base: Style? = nil,
    alignment: TextAlignment = .left
  ) -> Int {
    guard !rect.isEmpty else { return 0 }
    let space = alignment == .left ? 0 : Swift.max(0, rect.width - line.width)
    var used =
      switch alignment {
      case .left: 0
      case .center: space / 2
      case .right: space
      }
    for span in line {
      guard used < rect.width else { break }
      var style = span.style(look, on: base?.background)
      if let base, span.role == .text {
        style = base.with(span.attributes)
      } else if let base, base.attributes.contains(.reverse) {
        // On a bar in reverse a role must not punch a hole.
        style.attributes.insert(.reverse)
      }
      let room = rect.width - used
      let text =
        DisplayText.width(span.text) <= room
        ? span.text
        : DisplayText.shortened(span.text, to: room, ellipsis: look.glyphs.ellipsis)
      used += put(text, at: Point(x: rect.x + used, y: rect.y), style: style, clip: rect)
    }
    return used
  }
}
