import TerminalUI
import Testing

@Suite("Screen")
struct ScreenTests {
  let look = Look()

  @Test("Text is clipped at every edge and reported as written")
  func clipping() {
    var screen = Screen(size: Size(width: 6, height: 2))
    #expect(screen.put("hello world", at: Point(x: 2, y: 0), style: .plain) == 4)
    screen.put("abcdef", at: Point(x: -3, y: 1), style: .plain)
    screen.put("nothing", at: Point(x: 0, y: 2), style: .plain)
    screen.put("nothing", at: Point(x: 0, y: -1), style: .plain)
    #expect(screen.text == "  hell\ndef")
    #expect(screen.put("abcdef", at: .zero, style: .plain, maxWidth: 3) == 3)
  }

  @Test("A wide character is never shown in half")
  func wideCharacters() {
    var screen = Screen(size: Size(width: 4, height: 1))
    screen.put("漢字", at: .zero, style: .plain)
    #expect(screen[1, 0].width == 0)
    screen.put("x", x: 1, y: 0, style: .plain)
    #expect(screen.text == " x字")
    screen.put("x", x: 2, y: 0, style: .plain)
    #expect(screen.text == " xx")
    screen.put("漢", at: Point(x: 3, y: 0), style: .plain)
    #expect(screen.text == " xx")
    screen.put("漢字", at: .zero, style: .plain)
    screen.fill(Rect(x: 1, y: 0, width: 2, height: 1), with: ".", style: .plain)
    #expect(screen.text == " ..")
  }

  @Test("Rows of a screen always have its width, whatever is put where")
  func widthsAddUp() {
    var generator = SplitMix(state: 7)
    var screen = Screen(size: Size(width: 9, height: 3))
    let texts = ["a", "漢", "漢字", "e\u{301}x", "🎉🎉", "\u{1B}"]
    for _ in 0..<5000 {
      let x = Int(generator.next() % 13) - 2
      let y = Int(generator.next() % 5) - 1
      screen.put(
        texts[Int(generator.next() % 6)], at: Point(x: x, y: y), style: .plain,
        maxWidth: Int(generator.next() % 5))
      for row in 0..<3 {
        let cells = Array(screen.row(row))
        for (column, cell) in cells.enumerated() {
          if cell.width == 2 { #expect(column + 1 < 9 && cells[column + 1].width == 0) }
          if cell.width == 0 { #expect(column > 0 && cells[column - 1].width == 2) }
        }
      }
    }
  }

  @Test("The colour plane has a letter per role")
  func styleText() {
    var screen = Screen(size: Size(width: 6, height: 2))
    screen.put("ab", at: .zero, style: look[.good])
    screen.put("c", at: Point(x: 3, y: 0), style: look[.critical])
    screen.put("d", at: Point(x: 0, y: 1), style: look[.heat(0.99)])
    #expect(screen.styleText == "gg.c\nU")
    #expect(Set(StyleRole.allCases.map(\.letter)).count == StyleRole.allCases.count)
  }

  @Test("A frame with a title; the focus shows without colour")
  func box() {
    var screen = Screen(size: Size(width: 9, height: 3))
    let inner = screen.box(screen.bounds, title: "Loss", focused: true, look: look)
    #expect(inner == Rect(x: 1, y: 1, width: 7, height: 1))
    #expect(screen.text == "┌[Loss]─┐\n│       │\n└───────┘")
    screen.box(screen.bounds, title: "A long title", look: Look(glyphs: .ascii))
    #expect(screen.text == "+ A lon~+\n|       |\n+-------+")
  }

  @Test("Spans take the background of the bar they stand on")
  func spans() {
    var screen = Screen(size: Size(width: 10, height: 1))
    let base = look[.header]
    let used = screen.put(
      [Span("a "), Span("bad", .warning), Span(" end of it")], in: screen.bounds, look: look,
      base: base)
    #expect(used == 10)
    #expect(screen.text == "a bad end…")
    for cell in screen.row(0) { #expect(cell.style.background == base.background) }
    #expect(screen[2, 0].style.foreground == look[.warning].foreground)
  }

  @Test("As a picture: one text per run, escaped, with backgrounds and attributes")
  func svg() {
    var screen = Screen(size: Size(width: 6, height: 1))
    screen.put("a<", at: .zero, style: Style(foreground: .rgb(255, 0, 10), attributes: .bold))
    screen.put("漢", at: Point(x: 2, y: 0), style: Style(background: .indexed(21)))
    let lines = screen.svg().split(separator: "\n")
    #expect(lines.count == 6)
    #expect(lines[0].contains("width=\"48\" height=\"16\""))
    #expect(lines[2].contains("fill=\"#ff000a\" font-weight=\"bold\">a&lt;</text>"))
    #expect(lines[3] == "<rect x=\"16\" y=\"0\" width=\"16\" height=\"16\" fill=\"#0000ff\"/>")
    #expect(lines[4].contains("x=\"16\"") && lines[4].contains(">漢</text>"))
  }

  @Test("As a picture: lines, blocks and dots are drawn where their cells are")
  func drawnCells() {
    var screen = Screen(size: Size(width: 8, height: 1))
    screen.put("a┌▄▌⡁▒┊b", at: .zero, style: Style(foreground: .rgb(0, 0, 255)))
    let lines = screen.svg().split(separator: "\n").dropFirst(2).dropLast().map(String.init)
    #expect(
      lines == [
        "<path d=\"M12 8H16M12 8V16M52 1v3M52 6v3M52 11v3\" fill=\"none\" stroke=\"#0000ff\"/>",
        "<path d=\"M16 8h8v8h-8zM24 0h4v16h-4z\" fill=\"#0000ff\"/>",
        "<path d=\"M40 0h8v16h-8z\" fill=\"#0000ff\" fill-opacity=\"0.5\"/>",
        "<path d=\"M34 2h.01M34 14h.01\" fill=\"none\" stroke=\"#0000ff\" stroke-width=\"2.6\" "
          + "stroke-linecap=\"round\"/>",
        "<text xml:space=\"preserve\" x=\"0\" y=\"12\" textLength=\"8\" fill=\"#0000ff\">a</text>",
        "<text xml:space=\"preserve\" x=\"56\" y=\"12\" textLength=\"8\" fill=\"#0000ff\">b</text>",
      ])
  }
}

/// A small generator, the same on every machine.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
