import TerminalUI
import Testing

@Suite("Heatmap")
struct HeatmapTests {
  let map = Heatmap(
    heads: ["A", "B", "C"],
    cells: [
      [HeatCell(value: 0.8, text: ".80", role: .dim), HeatCell(value: 0.1), HeatCell(value: nil)],
      [HeatCell(value: 0.05), HeatCell(value: 1), HeatCell(value: 0.555)],
      [HeatCell(value: -1), HeatCell(value: 7), HeatCell(value: .nan)],
    ], legend: "J")

  private func screen(
    _ map: Heatmap, _ width: Int, _ height: Int, look: Look = Look()
  ) -> Screen {
    var screen = Screen(size: Size(width: width, height: height))
    map.render(into: &screen, in: screen.bounds, look: look)
    return screen
  }

  @Test("Numbers on their heat, black or white by contrast, legend below")
  func numbers() {
    let shown = screen(map, 30, 5)
    #expect(
      shown.lines == [
        "     A   B   C", "A  .80 .10  --", "B  .05 1.0 .56", "C  .00 1.0  --",
        "0                  1  J",
      ])
    #expect(shown.styleText.split(separator: "\n")[1].prefix(14) == "l.dddd1111dddd")
    let cold = Look()[.heat0]
    let hot = Look()[.heat15]
    #expect(cold.foreground == .rgb(255, 255, 255))
    #expect(hot.foreground == .rgb(0, 0, 0))
    #expect(shown[8, 2].style == hot)
  }

  @Test("A column short, numbers stand close to their heads")
  func closeToTheHeads() {
    let shown = screen(map, 13, 5).lines
    #expect(shown.prefix(3) == ["    A   B   C", "A .80 .10  --", "B .05 1.0 .56"], "\(shown)")
    #expect(
      map.cell(at: Point(x: 1, y: 1), in: Rect(x: 0, y: 0, width: 13, height: 5), look: Look())
        == Point(x: 0, y: 0))
  }

  @Test("Swatches where numbers have no room")
  func swatches() {
    let shown = screen(map, 9, 5)
    #expect(map.chosenMode(in: shown.bounds, look: Look()) == .swatches)
    #expect(shown.lines.prefix(4) == ["  A B C", "A     --", "B", "C     --"])
    #expect(shown.styleText.split(separator: "\n")[2] == "l.00UU88")
  }

  @Test("Half blocks: two rows in a line, the upper in the text's colour, the lower behind it")
  func halfBlocks() {
    var small = map
    small.mode = .halfBlocks
    let look = Look()
    let shown = screen(small, 8, 4, look: look)
    #expect(shown.lines.prefix(3) == ["  ABC", "A ▀▀▀", "C ▀▀▀"])
    let cell = shown[3, 1]
    #expect(cell.style.foreground == look[.heat(0.1)].background)
    #expect(cell.style.background == look[.heat(1)].background)
    // The last row is alone: nothing behind it.
    #expect(shown[2, 2].style.background == .terminal)
  }

  @Test("Without colour numbers where they fit, else digits, whose scale is below")
  func digits() {
    let mono = Look(theme: Theme.standard.adapted(to: .mono), glyphs: .ascii)
    #expect(
      screen(map, 30, 5, look: mono).lines
        == [
          "     A   B   C", "A  .80 .10  --", "B  .05 1.0 .56", "C  .00 1.0  --", "J",
        ])
    let digits = ["  A B C", "A 8 1 -", "B 0 9 5", "C 0 9 -", "0 0123456789 1  J"]
    var asked = map
    for mode in [HeatmapMode.swatches, .halfBlocks, .digits] {
      asked.mode = mode
      #expect(screen(asked, 30, 5, look: mono).lines == digits)
    }
    #expect(screen(map, 12, 5, look: mono).lines.prefix(4) == digits.prefix(4))
  }

  @Test("Marks stand behind the heads where there is room, and never cost the cells any")
  func marks() {
    var marked = map
    marked.rowMarks = ["", "!=", ""]
    marked.columnMarks = marked.rowMarks
    #expect(
      screen(marked, 30, 5).lines.prefix(3)
        == ["       A B!=   C", "A    .80 .10  --", "B!=  .05 1.0 .56"])
    #expect(
      screen(marked, 14, 5).lines.prefix(3) == [
        "     A B!=   C", "A  .80 .10  --", "B! .05 1.0 .56",
      ])
    #expect(
      screen(marked, 13, 5).lines.prefix(3) == ["    A B!=   C", "A .80 .10  --", "B .05 1.0 .56"])
    #expect(screen(marked, 9, 5).lines.first == "   A B!C")
    marked.mode = .halfBlocks
    #expect(screen(marked, 9, 5).lines.first?.hasSuffix(" ABC") == true)
  }

  @Test("The cursor marks its cell and its heads in every mode")
  func cursor() {
    var pointed = map
    pointed.cursor = Point(x: 1, y: 1)
    #expect(screen(pointed, 30, 5).lines[2] == "B  .05>1.0 .56")
    #expect(screen(pointed, 30, 5)[0, 2].style.role == .cursor)
    #expect(screen(pointed, 9, 5).lines[2] == "B   <>")
    pointed.mode = .halfBlocks
    #expect(screen(pointed, 8, 4).lines[1] == "B ▀v▀")
    pointed.cursor = Point(x: 0, y: 0)
    #expect(screen(pointed, 8, 4).lines[1] == "A ^▀▀")
  }

  @Test("A map larger than its room scrolls to the cursor and keeps its heads")
  func scrolling() {
    let names = (0..<30).map { "s\($0)" }
    let cells = names.map { _ in names.map { _ in HeatCell(value: 0.5) } }
    for mode in HeatmapMode.allCases {
      for row in [0, 7, 29] {
        let map = Heatmap(heads: names, cells: cells, mode: mode, cursor: Point(x: row, y: row))
        let shown = screen(map, 26, 8)
        #expect(shown.lines.contains { $0.hasPrefix("s\(row) ") }, "\(mode) \(row)")
        #expect(shown.styleText.split(separator: "\n")[0].contains("+"), "\(mode) \(row)")
      }
    }
  }

  @Test("What is out of sight is counted beside the legend, and the cursor stands in the middle")
  func partInSight() {
    let names = (0..<64).map { "\($0)" }
    let cells = names.map { _ in names.map { _ in HeatCell(value: 0.5) } }
    var map = Heatmap(heads: names, cells: cells, mode: .numbers, cursor: Point(x: 30, y: 40))
    let shown = screen(map, 63, 12)
    #expect(shown.lines[11].hasSuffix("rows 36-45/64 columns 24-38/64"))
    #expect(shown.lines[6].hasPrefix("40 "))
    map.mode = .halfBlocks
    #expect(
      screen(map, 70, 12).lines[0].hasSuffix("890123"), "heads of a column differ at their ends")
    #expect(screen(map, 70, 12).lines[11].hasSuffix("rows 31-50/64"))
    map.cursor = nil
    #expect(screen(map, 70, 40).lines[32] == "62 " + String(repeating: "▀", count: 64))
  }

  @Test("A number below zero keeps its sign and its digits, pointed at or not")
  func belowZero() {
    var map = Heatmap(
      heads: ["A", "B"],
      cells: [
        [HeatCell(value: 1), HeatCell(value: -0.05, text: "-.05")],
        [HeatCell(value: 0.5), HeatCell(value: 1)],
      ])
    #expect(screen(map, 20, 4).lines[1] == "A  1.0-.05")
    map.cursor = Point(x: 1, y: 0)
    let shown = screen(map, 20, 4)
    #expect(shown.lines[1] == "A  1.0-.05")
    #expect(shown[7, 1].style.attributes.contains(.reverse))
  }

  @Test("The natural size is enough for the whole map")
  func naturalSize() {
    for mode in HeatmapMode.allCases {
      var sized = map
      sized.mode = mode
      let size = sized.naturalSize(mode)
      let shown = screen(sized, size.width, size.height)
      #expect(shown.lines[0].contains("C"), "\(mode)")
      #expect(shown.lines[size.height - 2].hasPrefix("C"), "\(mode)")
    }
  }

  @Test("Ragged or missing cells are left empty")
  func ragged() {
    let map = Heatmap(heads: ["A", "B"], cells: [[HeatCell(value: 1)]])
    #expect(screen(map, 20, 4).lines.prefix(3) == ["     A   B", "A  1.0", "B"])
  }
}
