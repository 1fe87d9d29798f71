import TerminalUI
import Testing

@Suite("Pixel image")
struct PixelImageTests {
  private static func grey(_ pixel: Int) -> Color {
    let value = UInt8(pixel * 16)
    return .rgb(value, value, value)
  }

  private let image = PixelImage(width: 4, height: 4, colors: (0..<16).map(Self.grey))

  private func screen(_ width: Int, _ height: Int, look: Look = Look()) -> Screen {
    var screen = Screen(size: Size(width: width, height: height))
    image.render(into: &screen, in: screen.bounds, look: look)
    return screen
  }

  @Test("two pixels in a cell, the upper one its text's colour")
  func halfBlocks() {
    let shown = screen(4, 2)
    #expect(shown.lines == ["▀▀▀▀", "▀▀▀▀"])
    for row in 0..<2 {
      for column in 0..<4 {
        let pixel = 8 * row + column
        #expect(shown[column, row].style.foreground == Self.grey(pixel))
        #expect(shown[column, row].style.background == Self.grey(pixel + 4))
      }
    }
  }

  @Test("it keeps its shape in any place")
  func shape() {
    #expect(image.size(in: Size(width: 40, height: 5)) == Size(width: 10, height: 5))
    #expect(image.size(in: Size(width: 6, height: 50)) == Size(width: 6, height: 3))
    #expect(image.size(in: Size(width: 0, height: 5)) == Size(width: 0, height: 0))
    let tiny = screen(1, 1)
    #expect(tiny.lines == ["▀"])
    let large = screen(16, 8)
    #expect(large[0, 0].style.foreground == large[3, 1].style.background)
  }

  @Test("shades where there are no colours or no half blocks")
  func shades() {
    #expect(screen(4, 2, look: Look(glyphs: .ascii)).lines == ["..:-", "**#%"])
    let mono = Look(theme: Theme(name: "mono", depth: .mono))
    #expect(screen(4, 2, look: mono).text.allSatisfy { $0 != "▀" })
  }
}
