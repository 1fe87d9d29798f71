extension Screen {
  /// Writes one line of text from `point` to the right and gives back the columns it took.
  ///
  /// What does not fit in `maxWidth`, `clip` or the screen is cut at a character; control characters
  /// are shown as `?`, tabs and line ends as spaces (see ``DisplayText``). A wide character of which
  /// only half would fit is left out.
  @discardableResult
  public mutating func put(
    _ text: String, at point: Point, style: Style, maxWidth: Int = .max, clip: Rect? = nil
  ) -> Int {
    let area = clip ?? bounds
    var used = 0
    for glyph in DisplayText.glyphs(text) {
      guard used + glyph.width <= maxWidth else { break }
      put(
        glyph.character, width: glyph.width, at: Point(x: point.x + used, y: point.y),
        style: style, clip: area)
      used += glyph.width
      if point.x + used >= area.maxX { break }
    }
    return used
  }

  /// Writes one line of text into the first row of `rect`, shortened with `…` where it does not fit.
  @discardableResult
  public mutating func put(
    _ text: String, in rect: Rect, style: Style, alignment: TextAlignment = .left,
    ellipsis: String = "…"
  ) -> Int {
    guard !rect.isEmpty else { return 0 }
    let shown = DisplayText.shortened(text, to: rect.width, ellipsis: ellipsis)
    let space = rect.width - DisplayText.width(shown)
    let indent =
      switch alignment {
      case .left: 0
      case .center: space / 2
      case .right: space
      }
    return put(shown, at: Point(x: rect.x + indent, y: rect.y), style: style, clip: rect)
  }

  /// The characters, a line per row, without the spaces at the end of each.
  public var text: String { lines.joined(separator: "\n") }

  /// The characters of each row, without the spaces at its end.
  public var lines: [String] {
    (0..<height).map { y in
      var line = ""
      for cell in row(y) where cell.width > 0 { line.append(cell.character) }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  /// The style roles, a line per row: for each cell its role's ``StyleRole/letter``.
  public var styleText: String {
    (0..<height).map { y in
      var line = ""
      for cell in row(y) { line.append(cell.style.role.letter) }
      while line.last == StyleRole.text.letter { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }
}

/// Where a line of text goes in the room that it has.
public enum TextAlignment: Sendable {
  /// At the left.
  case left
  /// In the middle.
  case center
  /// At the right.
  case right
}
