import TerminalUI
import Testing

@Suite("Colours")
struct ColorTests {
  @Test(
    "The ladder from red, green, blue down to none",
    arguments: [
      (Color.rgb(255, 0, 0), ColorDepth.trueColor, Color.rgb(255, 0, 0)),
      (.rgb(255, 0, 0), .indexed256, .indexed(196)),
      (.rgb(95, 175, 255), .indexed256, .indexed(75)),
      (.rgb(8, 8, 8), .indexed256, .indexed(232)),
      (.rgb(255, 10, 10), .sixteen, .indexed(9)),
      (.rgb(255, 10, 10), .eight, .indexed(1)),
      (.rgb(255, 10, 10), .mono, .terminal),
      (.indexed(12), .indexed256, .indexed(12)),
      (.indexed(12), .sixteen, .indexed(12)),
      (.indexed(12), .eight, .indexed(4)),
      (.indexed(231), .eight, .indexed(7)),
      (.indexed(3), .mono, .terminal),
      (.terminal, .eight, .terminal),
    ])
  func ladder(color: Color, depth: ColorDepth, expected: Color) {
    #expect(color.reduced(to: depth) == expected)
  }

  @Test("The fixed numbered colours map to themselves")
  func fixedColors() {
    for index in UInt8(16)...255 {
      guard let parts = Color.indexed(index).components else { continue }
      let color = Color.rgb(UInt8(parts.red), UInt8(parts.green), UInt8(parts.blue))
      let reduced = color.reduced(to: .indexed256)
      #expect(reduced.components.map { "\($0)" } == "\(parts)")
    }
  }

  @Test("Black and white have the contrast 21, a colour and itself 1")
  func contrast() throws {
    let most = try #require(Color.rgb(0, 0, 0).contrast(with: .rgb(255, 255, 255)))
    #expect(abs(most - 21) < 1e-9)
    #expect(Color.indexed(33).contrast(with: .indexed(33)) == 1)
    #expect(Color.terminal.contrast(with: .indexed(1)) == nil)
  }

  @Test("Readable text is white on dark and black on light colours")
  func readable() {
    #expect(Color.rgb(68, 1, 84).readableText == .rgb(255, 255, 255))
    #expect(Color.rgb(253, 231, 37).readableText == .rgb(0, 0, 0))
  }

  @Test(
    "Colours from text",
    arguments: [
      ("default", Color.terminal), ("bright-red", .indexed(9)), ("0", .indexed(0)),
      ("255", .indexed(255)), ("#0a0B0c", .rgb(10, 11, 12)), ("#f0a", .rgb(255, 0, 170)),
    ])
  func text(text: String, color: Color) {
    #expect(Color(text: text) == color)
  }

  @Test("What is no colour", arguments: ["", "#", "#1234", "-1", "256", "#gggggg", "Red", "#+12345"])
  func wrongText(text: String) {
    #expect(Color(text: text) == nil)
  }
}
