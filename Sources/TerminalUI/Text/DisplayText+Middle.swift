extension DisplayText {
  /// `text` if it fits in `width` columns, else its beginning and its end around an ellipsis: of names
  /// that are alike it is often the end that tells them apart.
  public static func shortenedInMiddle(
    _ text: String, to width: Int, ellipsis: String = "…"
  ) -> String {
    guard self.width(text) > width else { return text }
    let room = width - self.width(ellipsis)
    guard room > 1 else { return shortened(text, to: width, ellipsis: ellipsis) }
    let head = prefix(text, width: room / 2)
    var tail: [Character] = []
    var used = self.width(head)
    for glyph in glyphs(text).reversed() {
      guard used + glyph.width <= room else { break }
      tail.append(glyph.character)
      used += glyph.width
    }
    return head + ellipsis + String(tail.reversed())
  }
}
