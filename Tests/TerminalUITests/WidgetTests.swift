import TerminalUI
import Testing

@Suite("Widgets")
struct WidgetTests {
  let look = Look()
  let ascii = Look(glyphs: .ascii)

  private func lines(
    _ widget: any Widget, _ width: Int, _ height: Int, look: Look = Look()
  ) -> [String] {
    var screen = Screen(size: Size(width: width, height: height))
    widget.render(into: &screen, in: screen.bounds, look: look)
    return screen.lines
  }

  @Test("Bars with targets, in blocks and in ASCII")
  func bars() {
    let list = BarList(bars: [
      Bar(label: "A", value: 0.5, target: 1, text: "50%", mark: "!"),
      Bar(label: "BB", value: nil, text: "--"),
      Bar(label: "C", value: 7, text: "all"),
    ])
    #expect(
      lines(list, 19, 3) == ["A  █████░░░░┃ 50% !", "BB ░░░░░░░░░░  --", "C  ██████████ all"])
    #expect(
      lines(list, 19, 3, look: ascii) == [
        "A  #####....| 50% !", "BB ..........  --", "C  ########## all",
      ])
  }

  @Test("The parts of a bar fill it, and none that is there vanishes while there is room")
  func shares() {
    func bar(_ amounts: [Double], _ width: Int, look: Look = Look()) -> String {
      let glyphs: [(Character, Character)] = [("▒", "<"), ("█", "#"), ("░", ">")]
      let parts = zip(amounts, glyphs).map {
        ShareBar.Part($0, role: .accent, glyph: $1.0, ascii: $1.1)
      }
      return lines(ShareBar(parts), width, 1, look: look)[0]
    }
    #expect(bar([1, 2, 1], 8) == "▒▒████░░")
    #expect(bar([1, 1_000_000, 0], 8) == "▒███████")
    #expect(bar([1, 1, 1], 2, look: ascii).count == 2)
    #expect(bar([3, 0, 1], 4, look: ascii) == "<<<>")
    #expect(bar([0, 0, 0], 4) == "" && bar([.nan, -1, 0], 4) == "")
    for width in 3...40 {
      #expect(bar([7, 0.3, 11], width).count == width)
    }
  }

  @Test("A table says where it draws its cells")
  func places() {
    let table = Table(
      columns: [TableColumn("a", width: .fixed(3)), TableColumn("b")],
      rows: (0..<9).map { [Span("\($0)"), Span("x\($0)")] }, selected: 5, firstRow: 2)
    let rect = Rect(x: 0, y: 0, width: 12, height: 5)
    let shown = lines(table, 12, 5)
    for row in 0..<9 {
      let place = table.place(row: row, column: 1, in: rect)
      #expect((place == nil) == !(2..<6).contains(row))
      guard let place else { continue }
      #expect(shown[place.y].dropFirst(place.x).hasPrefix("x\(row)"))
    }
    #expect(table.place(row: 3, column: 2, in: rect) == nil)
    #expect(table.place(row: 3, column: 0, in: .zero) == nil)
  }

  @Test("A bar grows by eighths of a column")
  func barParts() {
    let bar = { (value: Double) in lines_(BarList(bars: [Bar(label: "", value: value)]), 12) }
    #expect(bar(0) != bar(0.02))
    #expect(Set(stride(from: 0, through: 1, by: 0.005).map(bar)).count > 70)
  }

  private func lines_(_ widget: any Widget, _ width: Int) -> String { lines(widget, width, 1)[0] }

  @Test("A table aligns, shortens, scrolls to its selection and says that there is more")
  func table() {
    let columns = [
      TableColumn("name", width: .rest), TableColumn("loss", width: .fixed(5), alignment: .right),
    ]
    let rows = (0..<9).map { [Span("run-number-\($0)"), Span("0.\($0)", .good)] }
    let table = Table(columns: columns, rows: rows, selected: 4)
    #expect(
      lines(table, 16, 4) == [
        "name       loss", "run-numb…   0.2↑", "run-numb…   0.3", "run-numb…   0.4↓",
      ])
    var screen = Screen(size: Size(width: 16, height: 4))
    table.render(into: &screen, in: screen.bounds, look: look)
    #expect(screen.styleText.split(separator: "\n")[3].hasPrefix("eeee"))
  }

  @Test("The selection is always in sight and no room is wasted")
  func firstVisible() {
    for count in 0...12 {
      for height in 0...14 {
        for first in -2...14 {
          for selected in 0..<max(1, count) {
            let start = Table.firstVisible(
              selected: selected, count: count, height: height, first: first)
            #expect(start >= 0)
            if height > 0, count > 0 {
              #expect(start <= selected && selected < start + height)
              #expect(start + height <= count || start == 0 || start <= count - height)
            }
          }
        }
      }
    }
  }

  @Test("Tabs shrink to numbers and then to the selected one")
  func tabs() {
    let tabs = Tabs(titles: ["Loss", "Sparsity"], selected: 0)
    #expect(lines(tabs, 30, 1) == ["[1 Loss] 2 Sparsity"])
    #expect(lines(tabs, 12, 1) == ["[1 Loss] 2"])
    #expect(lines(tabs, 7, 1) == ["1 Loss"])
  }

  @Test("A strip keeps its right end and fills the row")
  func strip() {
    let strip = Strip(left: [Span("left side")], right: [Span("12:00")], role: .header)
    #expect(lines(strip, 20, 1) == ["left side      12:00"])
    #expect(lines(strip, 12, 1) == ["left … 12:00"])
    #expect(lines(strip, 8, 1) == ["left si…"])
    var screen = Screen(size: Size(width: 20, height: 1))
    strip.render(into: &screen, in: screen.bounds, look: look)
    #expect(screen.styleText == String(repeating: "h", count: 20))
  }

  @Test("A popup lies in the middle and clears what was there")
  func popup() {
    var screen = Screen(size: Size(width: 14, height: 5))
    screen.fill(screen.bounds, with: "#", style: .plain)
    let popup = Popup(title: "Quit", contentSize: Size(width: 6, height: 1), footer: [Span("Esc")])
    popup.render(into: &screen, in: screen.bounds, look: look)
    let content = popup.content(in: screen.bounds)
    screen.put("really", in: content, style: .plain)
    #expect(
      screen.lines == [
        "##############", "##┌[Quit]──┐##", "##│ really │##", "##└────Esc─┘##",
        "##############",
      ])
    #expect(content == Rect(x: 4, y: 2, width: 6, height: 1))
  }

  @Test("A form shows labels, texts, what is wrong, and places the cursor")
  func form() {
    let form = Form(
      fields: [
        FormField(label: "Prune", input: TextInput("20"), hint: "percent"),
        FormField(label: "Epochs", input: TextInput("x"), message: "a number"),
      ], focus: 1)
    var screen = Screen(size: Size(width: 44, height: 2))
    form.render(into: &screen, in: screen.bounds, look: look)
    #expect(screen.lines[0].hasPrefix(" Prune  20"))
    #expect(screen.lines[0].hasSuffix("percent"))
    #expect(screen.lines[1].hasPrefix(">Epochs x"))
    #expect(screen.lines[1].hasSuffix("! a number"))
    #expect(screen.cursor == Point(x: 9, y: 1))
  }

  @Test("In a narrow form a mark says that something is wrong")
  func narrowForm() {
    let form = Form(fields: [FormField(label: "E", input: TextInput("x"), message: "a number")])
    #expect(lines(form, 12, 1) == [">E x       !"])
  }

  @Test("Editing a line of text")
  func textInput() {
    var input = TextInput()
    let keys: [Key] = [
      .character("a"), .character("漢"), .character("c"), .left, .left, .character("b"), .home,
      .delete, .end, .backspace, .character("é"),
    ]
    for key in keys {
      let isTaken = input.handle(key)
      #expect(isTaken, "\(key)")
    }
    #expect(input.text == "b漢é")
    #expect(input.cursorColumn == 4)
    for key in [Key.enter, .escape, .tab, .up, .control("p"), .resize, .alt("x")] {
      let isTaken = input.handle(key)
      #expect(!isTaken, "\(key)")
    }
    input = TextInput("one two  ")
    _ = input.handle(.control("w"))
    #expect(input.text == "one ")
    _ = input.handle(.left)
    _ = input.handle(.control("u"))
    #expect(input.text == " " && input.cursor == 0)
    _ = input.handle(.control("k"))
    #expect(input.isEmpty)
  }

  @Test("Typing replaces what is proposed, moving in it takes it over")
  func proposals() {
    for (keys, text) in [
      ([Key.character("7")], "7"), ([.backspace], ""), ([.left, .character("7")], "102470"),
      ([.end, .backspace], "1024"), ([.character("7"), .character("8")], "78"),
    ] {
      var input = TextInput.proposing("10240")
      for key in keys { _ = input.handle(key) }
      #expect(input.text == text && !input.isProposal)
    }
    var input = TextInput.proposing("")
    #expect(!input.isProposal)
    input = .proposing("12")
    var screen = Screen(size: Size(width: 6, height: 1))
    screen.put(input, in: screen.bounds, focused: true, look: look)
    #expect(screen[0, 0].style == look[.selection])
    screen.put(input, in: screen.bounds, focused: false, look: look)
    #expect(screen[0, 0].style == look[.field])
  }

  @Test("Any keys leave the cursor inside the text")
  func textInputProperty() {
    var generator = SplitMix(state: 3)
    var input = TextInput("start")
    for _ in 0..<10_000 {
      _ = input.handle(KeyTests.all[Int(generator.next() % UInt64(KeyTests.all.count))])
      #expect(input.cursor >= 0 && input.cursor <= input.text.count)
      if input.text.count > 40 { _ = input.handle(.control("u")) }
    }
  }

  @Test("A long text scrolls under its cursor")
  func scrolledInput() {
    var screen = Screen(size: Size(width: 6, height: 1))
    screen.put(TextInput("0123456789"), prompt: ":", in: screen.bounds, focused: true, look: look)
    #expect(screen.text == ":6789")
    #expect(screen.cursor == Point(x: 5, y: 0))
  }

  @Test("A block of text wraps and scrolls")
  func textBlock() {
    var block = TextBlock("one two\nthree")
    #expect(lines(block, 5, 3) == ["one", "two", "three"])
    #expect(block.height(width: 5) == 3)
    block.firstLine = 2
    #expect(lines(block, 5, 3) == ["three", "", ""])
  }
}
