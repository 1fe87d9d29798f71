import TerminalUI
import Testing

@Suite("Small sizes")
struct SmallSizeTests {
  static let widgets: [any Widget & Sendable] = [
    TextBlock("some words, 漢字 among them"),
    Strip(left: [Span("left 漢")], right: [Span("right")]),
    Tabs(titles: ["Loss", "漢字", "Overlap"], selected: 1),
    Tabs(titles: [], selected: 3),
    Popup(title: "Title", contentSize: Size(width: 12, height: 3), footer: [Span("Esc close")]),
    Form(
      fields: [
        FormField(label: "Epochs", input: TextInput("漢字 12"), message: "wrong"),
        FormField(label: "Rate", hint: "hint"),
      ], focus: 1),
    Form(fields: [], focus: 4),
    Table(
      columns: [TableColumn("a"), TableColumn("b", width: .fixed(4), alignment: .right)],
      rows: (0..<12).map { [Span("漢\($0)"), Span("x"), Span("one too many")] }, selected: 11,
      firstRow: 99),
    Table(columns: [], rows: [], selected: 2),
    BarList(bars: [
      Bar(label: "漢", value: 0.5, target: 0.9, text: "50%", mark: "!"),
      Bar(label: "B", value: .nan, target: .infinity),
    ]),
    ShareBar([
      ShareBar.Part(3, role: .series1, glyph: "▒", ascii: "<"),
      ShareBar.Part(.nan, role: .series2, glyph: "█", ascii: "#"),
      ShareBar.Part(0.001, role: .series3, glyph: "░", ascii: ">"),
    ]),
    Sparkline(values: [1, .nan, 3, -.infinity]),
    LineChart(
      series: [
        ChartSeries(
          name: "A", points: (0..<50).map { ChartPoint(x: Double($0), y: Double($0 % 7)) },
          raw: [ChartPoint(x: 3, y: .nan)])
      ], markers: [ChartMarker(x: 20, letter: "漢")], xTitle: "step", cursor: 30),
    LineChart(
      series: [ChartSeries(name: "B", points: [ChartPoint(x: 0, y: -1)])], yScale: .logarithmic),
    LineChart(series: []),
    Heatmap(
      heads: ["A", "漢字", "C"], cells: [[HeatCell(value: 0.5)], [], [HeatCell(value: nil)]],
      cursor: Point(x: 2, y: 2), legend: "J"),
    Heatmap(
      heads: ["A", "B"], cells: [[HeatCell(value: 0.5)]], mode: .halfBlocks,
      cursor: Point(x: 77, y: -3)),
    Heatmap(heads: [], cells: []),
  ]

  @Test(
    "Every widget draws inside its rectangle at every size, and never traps",
    arguments: widgets.indices)
  func staysInside(index: Int) {
    let widget = Self.widgets[index]
    let looks = GlyphSet.allCases.flatMap { glyphs in
      [ColorDepth.mono, .trueColor].map {
        Look(theme: Theme.standard.adapted(to: $0), glyphs: glyphs)
      }
    }
    let size = Size(width: 44, height: 24)
    let mark = Style(role: .heat7)
    var blank = Screen(size: size)
    blank.fill(blank.bounds, with: "~", style: mark)
    for width in 0...40 {
      for height in 0...20 {
        let rect = Rect(x: 2, y: 2, width: width, height: height)
        var screen = blank
        widget.render(into: &screen, in: rect, look: looks[(width + height) % looks.count])
        for y in 0..<size.height {
          for x in 0..<size.width where !rect.contains(Point(x: x, y: y)) {
            if screen[x, y] != Cell("~", style: mark) {
              Issue.record("\(type(of: widget)) drew outside \(rect) at \(x),\(y)")
              return
            }
          }
        }
      }
    }
  }

  @Test("In ASCII nothing else is drawn", arguments: widgets.indices)
  func asciiOnly(index: Int) {
    var screen = Screen(size: Size(width: 60, height: 16))
    Self.widgets[index].render(
      into: &screen, in: screen.bounds, look: Look(glyphs: .ascii))
    let own: Set<Character> = ["漢", "字"]
    #expect(
      screen.text.allSatisfy { $0.isASCII || own.contains($0) || $0 == "●" }, "\(screen.text)")
  }
}
