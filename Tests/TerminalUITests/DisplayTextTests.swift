import TerminalUI
import Testing

@Suite("Text widths")
struct DisplayTextTests {
  @Test(
    "Columns of a text",
    arguments: [
      ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("漢字", 4), ("한글", 4), ("ｱ", 1), ("Ａ", 2),
      ("⣿▁─┤●", 5), ("🎉", 2), ("👩‍🚀", 2), ("🇩🇪", 2), ("❤️", 1), ("👍🏽", 2), ("a\u{200B}b", 2),
      ("\u{1100}\u{1161}", 2), ("ก็", 1), ("…–·", 3), ("→", 1),
    ])
  func width(text: String, columns: Int) {
    #expect(DisplayText.width(text) == columns)
  }

  @Test(
    "What would steer the terminal is made harmless",
    arguments: [
      ("\u{1B}[31mred", "?[31mred"), ("a\tb\nc", "a b c"), ("a\r\nb", "a b"), ("\u{7F}\u{9B}x", "??x"),
      ("\u{202E}abc", "abc"), ("🇩🇪", "DE"), ("\0", "?"), ("\u{301}", ""),
    ])
  func sanitised(text: String, shown: String) {
    #expect(String(DisplayText.glyphs(text).map(\.character)) == shown)
  }

  @Test("Nothing that is shown has a width other than 1 or 2, for every scalar there is")
  func everyScalar() {
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      for glyph in DisplayText.glyphs(String(Character(scalar))) {
        if glyph.width != 1 && glyph.width != 2 { Issue.record("\(String(value, radix: 16))") }
      }
    }
  }

  @Test("A text is cut at a character, with an ellipsis where there is room for one")
  func shortened() {
    #expect(DisplayText.shortened("abcdef", to: 6) == "abcdef")
    #expect(DisplayText.shortened("abcdef", to: 5) == "abcd…")
    #expect(DisplayText.shortened("abcdef", to: 1) == "a")
    #expect(DisplayText.shortened("abcdef", to: 0) == "")
    #expect(DisplayText.shortened("漢字漢字", to: 4) == "漢…")
    #expect(DisplayText.prefix("漢字", width: 3) == "漢")
  }

  @Test("Padding gives exactly the width, at any width and alignment")
  func padded() {
    for width in 0...12 {
      for alignment in [TextAlignment.left, .center, .right] {
        let text = DisplayText.padded("a漢b", to: width, alignment: alignment)
        #expect(DisplayText.width(text) == width, "\(width)")
      }
    }
    #expect(DisplayText.padded("ab", to: 5, alignment: .right) == "   ab")
    #expect(DisplayText.padded("ab", to: 5, alignment: .center) == " ab  ")
  }

  @Test("Wrapping breaks at spaces, cuts long words and keeps every visible character")
  func wrapping() {
    let line = [Span("the quick ", .good), Span("brown fox-jumps-over")]
    let lines = LineWrapping.wrap(line, width: 9)
    #expect(lines.map(\.plain) == ["the quick", "brown", "fox-jumps", "-over"])
    #expect(lines[0][0].role == .good)
    for width in 1...40 {
      let wrapped = LineWrapping.wrap(line, width: width)
      for row in wrapped { #expect(row.width <= width) }
      let kept = wrapped.map(\.plain).joined().filter { $0 != " " }
      #expect(kept == "thequickbrownfox-jumps-over")
    }
    #expect(LineWrapping.wrap([], width: 5).count == 1)
    #expect(LineWrapping.wrap([Span("x")], width: 0).isEmpty)
    #expect(LineWrapping.wrap([Span("  indented text")], width: 12).map(\.plain) == ["  indented", "text"])
  }
}
