import TerminalUI
import Testing

@Suite("Keys")
struct KeyTests {
  static let all: [Key] =
    [
      .enter, .escape, .tab, .backtab, .backspace, .delete, .insert, .up, .down, .left, .right,
      .home, .end, .pageUp, .pageDown, .resize, .closed, .character(" "), .character("é"),
      .character("漢"), .control(" "), .alt(" "), .alt("X"), .alt("x"),
      .mouse(.press, at: Point(x: 3, y: 4)), .mouse(.wheelUp, at: .zero),
      .mouse(.wheelDown, at: Point(x: 80, y: 1)),
    ]
    + (0x21...0x7E).map { .character(Character(Unicode.Scalar(UInt8($0)))) }
    + "abcdefghijklmnopqrstuvwxyz[]\\_".map { .control($0) } + (1...63).map { .function($0) }

  @Test("Each key is read back from its own text", arguments: all)
  func roundTrip(key: Key) {
    #expect(Key(text: key.description) == key)
  }

  @Test("No two keys have the same text")
  func distinct() {
    #expect(Set(Self.all.map(\.description)).count == Self.all.count)
  }

  @Test(
    "Other ways of writing keys",
    arguments: [
      ("Ctrl-P", Key.control("p")), ("C-p", .control("p")), ("^p", .control("p")),
      ("s-tab", .backtab), ("PAGEUP", .pageUp), ("return", .enter), ("ESC", .escape),
      ("space", .character(" ")), ("f12", .function(12)), ("M-x", .alt("x")), ("f", .character("f")),
    ])
  func otherWays(text: String, key: Key) {
    #expect(Key(text: text) == key)
  }

  @Test(
    "What is no key",
    arguments: ["", " ", "pp", "F0", "F64", "ctrl-", "ctrl-ab", "mouse-x@1,2", "mouse-press@1", "\u{7}"])
  func noKey(text: String) {
    #expect(Key(text: text) == nil)
  }
}
