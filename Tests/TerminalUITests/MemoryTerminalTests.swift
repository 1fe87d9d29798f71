import TerminalUI
import Testing

@Suite("Terminal in memory")
struct MemoryTerminalTests {
  @Test("Plays its keys and keeps its screens")
  func script() {
    let terminal = MemoryTerminal(size: Size(width: 4, height: 1), keys: [.up, .character("q")])
    terminal.resize(to: Size(width: 9, height: 2))
    terminal.press(.enter)
    var keys: [Key] = []
    while let key = terminal.nextKey() { keys.append(key) }
    #expect(keys == [.up, .character("q"), .resize, .enter])
    var screen = Screen(size: terminal.size)
    screen.put("hi", at: .zero, style: .plain)
    terminal.show(screen)
    #expect(terminal.screen?.text == "hi\n")
    #expect(terminal.size.width == 9)
    terminal.setMouse(true)
    terminal.suspend()
    terminal.restore()
    #expect(terminal.isMouseOn && terminal.suspensions == 1 && terminal.isRestored)
  }

  @Test(
    "Glyphs by locale and terminal",
    arguments: [
      (["LANG": "C.UTF-8", "TERM": "xterm"], GlyphSet.braille),
      (["LC_ALL": "C", "LANG": "en_US.UTF-8"], .ascii),
      (["LC_ALL": "", "LANG": "de_DE.utf8"], .braille),
      ([:], .ascii), (["LANG": "en_US.UTF-8", "TERM": "linux"], .blocks),
    ])
  func glyphs(environment: [String: String], glyphs: GlyphSet) {
    #expect(GlyphSet.detected(environment: environment) == glyphs)
  }

  @Test("Every character has an ASCII twin of one column")
  func transliteration() {
    #expect(String("Müller – 漢 ┌─┐ █ …".map(Transliteration.ascii)) == "Muller - ? +-+ # ~")
    for value in UInt32(0xA0)...0x2FFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      #expect(Transliteration.ascii(Character(scalar)).isASCII)
    }
  }
}
