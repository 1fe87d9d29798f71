import TerminalUI
import Testing

@Suite("Charts")
struct ChartTests {
  /// A screen of one chart, as lines.
  private func lines(
    _ chart: LineChart, _ width: Int, _ height: Int, _ glyphs: GlyphSet = .braille,
    depth: ColorDepth = .trueColor
  ) -> [String] {
    var screen = Screen(size: Size(width: width, height: height))
    let look = Look(theme: Theme.standard.adapted(to: depth), glyphs: glyphs)
    chart.render(into: &screen, in: screen.bounds, look: look)
    return screen.lines
  }

  private func ramp(_ values: [Double], name: String = "A") -> ChartSeries {
    ChartSeries(
      name: name,
      points: values.enumerated().map { ChartPoint(x: Double($0.offset), y: $0.element) })
  }

  @Test("A falling line in braille, with axes")
  func braille() {
    let chart = LineChart(series: [ramp([4, 3, 2, 1, 0])], xTitle: "step", labelsAtEnd: false)
    #expect(
      lines(chart, 20, 7) == [
        "4┤⠑⠢⢄⡀",
        " │   ⠈⠑⠤⣀",
        "2┤       ⠉⠒⢄⡀",
        " │          ⠈⠑⠢⢄⡀",
        "0┤              ⠈⠑⠢⢄",
        " └┬────────┬────────",
        "  0        2    step",
      ])
  }

  @Test("A gap is left open and marked on the floor")
  func gap() {
    let chart = LineChart(
      series: [ramp([1, 1, .nan, 1, 1])], xRange: 0...4, yRange: 0...2, labelsAtEnd: false)
    let rows = lines(chart, 9, 3, .ascii)
    #expect(rows == ["", "---   ---", "    x"])
  }

  @Test("A line beyond the range is clipped at it, not moved")
  func clipping() {
    let chart = LineChart(
      series: [ramp([0, 100])], xRange: 0...1, yRange: 0...10, labelsAtEnd: false)
    let rows = lines(chart, 13, 3, .blocks)
    // It leaves through the top at a tenth of the width.
    for row in rows { #expect(row.count <= 3, "\(row)") }
    #expect(rows[0].contains { $0 != " " })
  }

  @Test("Huge values neither trap nor hang")
  func huge() {
    let values: [Double] = [0, 1e300, -1e300, .infinity, -.infinity, .nan, 1e-300, -0.0, 5]
    for scale in ChartScale.allCases {
      for robust in [false, true] {
        let chart = LineChart(series: [ramp(values)], yScale: scale, isRobust: robust)
        for glyphs in GlyphSet.allCases { #expect(lines(chart, 50, 10, glyphs).count == 10) }
      }
    }
  }

  @Test("A constant curve lies inside the chart")
  func constant() {
    for value in [0, 5, -3, 1e-9] {
      for scale in ChartScale.allCases {
        let chart = LineChart(
          series: [ramp([value, value, value])], yScale: scale, labelsAtEnd: false)
        let rows = lines(chart, 5, 3, .ascii)
        #expect(rows.joined().contains { $0 != " " }, "\(value) \(scale)")
        if value > 0 || scale == .linear { #expect(rows[1].count == 5, "\(value) \(scale)") }
      }
    }
  }

  @Test("On the logarithmic scale each factor of ten is as high as the next")
  func logarithmic() {
    let chart = LineChart(
      series: [ramp([1, 10, 100, 1000])], yScale: .logarithmic, labelsAtEnd: false)
    let rows = lines(chart, 20, 9, .ascii)
    let ticks = rows.enumerated().filter { $0.element.contains("+") }.map(\.offset)
    #expect(ticks.prefix(4) == [0, 2, 4, 6])
    #expect(rows[0].hasPrefix("1000+"))
    #expect(rows[6].hasPrefix("   1+"))
  }

  @Test("Without data there is a sentence, with no room for it its beginning")
  func empty() {
    #expect(lines(LineChart(series: []), 20, 3)[1] == "    no data yet")
    #expect(lines(LineChart(series: [ramp([])]), 4, 1) == ["no …"])
  }

  @Test("Markers stand where they belong, with their letter on top")
  func markers() {
    let chart = LineChart(
      series: [ramp([0, 0, 0])], xRange: 0...2, yRange: -1...1,
      markers: [
        ChartMarker(x: 1, letter: "P"), ChartMarker(x: 9, letter: "Z"),
        ChartMarker(x: 2, letter: "R"),
      ], labelsAtEnd: false)
    #expect(lines(chart, 9, 3, .ascii) == ["    P   R", "---------", "    :   :"])
  }

  @Test("Labels stand at the ends of their curves, apart, with the value at the cursor")
  func labels() {
    let series = [
      ramp([5, 4, 1], name: "A"), ramp([5, 4, 1.01], name: "B"), ramp([5, 4, 5], name: "C"),
    ]
    var chart = LineChart(series: series)
    var rows = lines(chart, 60, 8)
    #expect(rows[0].hasSuffix("● C 5.00"))
    #expect(rows[4].hasSuffix("● A 1.00") || rows[4].hasSuffix("● B 1.01"))
    #expect(rows.filter { $0.contains("●") }.count == 3)
    chart.cursor = 1
    rows = lines(chart, 60, 8)
    #expect(rows.filter { $0.hasSuffix(" 4.00") }.count == 3)
  }

  @Test("Without colour the marks run along the curves")
  func mono() {
    let flat = { (name: String, y: Double, mark: Character) in
      ChartSeries(
        name: name, points: (0...40).map { ChartPoint(x: Double($0), y: y) }, mark: mark)
    }
    let chart = LineChart(
      series: [flat("A", 0, "o"), flat("B", 1, "^")], yRange: 0...1, labelsAtEnd: false)
    let rows = lines(chart, 41, 3, .ascii, depth: .mono)
    #expect(rows[2].filter { $0 == "o" }.count == 4)
    #expect(rows[0].filter { $0 == "^" }.count == 3)
    #expect(!lines(chart, 41, 3, .ascii).joined().contains("o"))
  }

  @Test("The raw curve stays faint behind the smoothed one")
  func raw() {
    let points = (0...20).map { ChartPoint(x: Double($0), y: $0 % 2 == 0 ? 0 : 1) }
    let chart = LineChart(
      series: [
        ChartSeries(name: "A", points: points.map { ChartPoint(x: $0.x, y: 0.5) }, raw: points)
      ], labelsAtEnd: false)
    var screen = Screen(size: Size(width: 21, height: 3))
    chart.render(into: &screen, in: screen.bounds, look: Look())
    let planes = screen.styleText.split(separator: "\n")
    #expect(planes[1].contains("A") && !planes[1].contains("d"))
    #expect(planes[0].contains("d") && planes[2].contains("d"))
  }

  @Test(
    "Ticks are round figures with as many decimals as their step asks for",
    arguments: [
      (0.0...1.0, 5, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
      (0.0...40_000.0, 4, ["0", "10k", "20k", "30k", "40k"]),
      (-1.0...1.0, 2, ["-1", "0", "1"]),
      (0.0...5e6, 2, ["0", "5M"]),
      (1.0...1.01, 2, ["1.000", "1.005", "1.010"]),
    ])
  func ticks(range: ClosedRange<Double>, count: Int, labels: [String]) {
    #expect(AxisTick.linear(in: range, about: count).map(\.label) == labels)
  }

  @Test("Ticks of any range are few, inside and in order")
  func tickProperties() {
    var generator = SplitMix(state: 11)
    for _ in 0..<2000 {
      let low =
        Double.random(in: -1...1, using: &generator)
        * pow10(Int.random(in: -12...12, using: &generator))
      let high =
        low + abs(Double.random(in: 0...1, using: &generator))
        * pow10(Int.random(in: -12...12, using: &generator))
      guard low < high else { continue }
      let span = high - low
      for count in [1, 3, 8] {
        let ticks = AxisTick.linear(in: low...high, about: count)
        #expect(ticks.count <= count + 2)
        for tick in ticks {
          #expect(tick.value >= low - span * 1e-6 && tick.value <= high + span * 1e-6)
        }
        #expect(zip(ticks, ticks.dropFirst()).allSatisfy { $0.value < $1.value })
      }
    }
  }

  private func pow10(_ exponent: Int) -> Double {
    (0..<abs(exponent)).reduce(1.0) { value, _ in exponent < 0 ? value / 10 : value * 10 }
  }

  @Test(
    "Short numbers",
    arguments: [
      (0.0, "0"), (0.41234, "0.4123"), (2.304, "2.3"), (12.3456, "12.35"), (123.45, "123.5"),
      (41_280, "41.3k"), (1_500_000, "1.5M"), (0.00001, "1e-5"), (-0.5, "-0.5"),
      (.nan, "--"), (1e20, "1e20"),
    ])
  func short(value: Double, text: String) {
    #expect(AxisTick.short(value) == text)
  }

  @Test(
    "Numbers that keep their width",
    arguments: [
      (0.41, "0.4100"), (2.304, "2.30"), (1_500_000, "1.5M"), (123_000, "123k"), (7, "7.00"),
    ])
  func keepingZeros(value: Double, text: String) {
    #expect(AxisTick.short(value, keepingZeros: true) == text)
  }

  @Test("A sparkline shows the newest values, the least low and the greatest high")
  func sparkline() {
    var screen = Screen(size: Size(width: 4, height: 1))
    let line = Sparkline(values: [9, 9, 0, 1, .nan, 7])
    line.render(into: &screen, in: screen.bounds, look: Look())
    #expect(screen.text == "▁▂ █")
    line.render(into: &screen, in: screen.bounds, look: Look(glyphs: .ascii))
    #expect(screen.text == "__ #" || screen.text == "_. #")
  }
}
