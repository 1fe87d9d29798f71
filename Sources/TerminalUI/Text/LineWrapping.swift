/// Breaks lines of spans between words so that they fit a width.
public enum LineWrapping {
  /// The line as one or more lines of at most `width` columns.
  ///
  /// Breaks at spaces, which vanish there; a word longer than a whole line is cut. Without any width
  /// there are no lines.
  public static func wrap(_ line: [Span], width: Int) -> [[Span]] {
    guard width > 0 else { return [] }
    var wrapper = Wrapper(width: width)
    for span in line {
      for glyph in DisplayText.glyphs(span.text) { wrapper.add(glyph, of: span) }
    }
    return wrapper.finish()
  }

  private struct Wrapper {
    let width: Int
    var lines: [[Span]] = []
    var line: [Span] = []
    var lineWidth = 0
    var word: [Span] = []
    var wordWidth = 0
    var space: [Span] = []
    var spaceWidth = 0

    init(width: Int) { self.width = width }

    mutating func add(_ glyph: DisplayText.Glyph, of span: Span) {
      if glyph.character == " " {
        endWord()
        Self.append(glyph.character, of: span, to: &space)
        spaceWidth += 1
        return
      }
      if wordWidth + glyph.width > width { endWord() }
      // A wide character that no line can hold is left out.
      guard glyph.width <= width else { return }
      Self.append(glyph.character, of: span, to: &word)
      wordWidth += glyph.width
    }

    mutating func endWord() {
      guard !word.isEmpty else { return }
      if lineWidth + spaceWidth + wordWidth > width {
        if !line.isEmpty || lineWidth > 0 { lines.append(line) }
        line = []
        lineWidth = 0
        if spaceWidth + wordWidth > width || !lines.isEmpty { dropSpace() }
      }
      line += space + word
      lineWidth += spaceWidth + wordWidth
      dropSpace()
      word = []
      wordWidth = 0
    }

    mutating func dropSpace() {
      space = []
      spaceWidth = 0
    }

    mutating func finish() -> [[Span]] {
      endWord()
      if !line.isEmpty || lines.isEmpty { lines.append(line) }
      return lines
    }

    static func append(_ character: Character, of span: Span, to spans: inout [Span]) {
      if let last = spans.indices.last, spans[last].role == span.role,
        spans[last].attributes == span.attributes
      {
        spans[last].text.append(character)
      } else {
        spans.append(Span(String(character), span.role, attributes: span.attributes))
      }
    }
  }
}
