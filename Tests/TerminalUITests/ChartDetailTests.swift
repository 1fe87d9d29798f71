import TerminalUI
import Testing

@Suite("Charts in detail")
struct ChartDetailTests {
  private func lines(
    _ chart: LineChart, _ width: Int, _ height: Int, _ glyphs: GlyphSet = .ascii
  ) -> [String] {
    var screen = Screen(size: Size(width: width, height: height))
    chart.render(into: &screen, in: screen.bounds, look: Look(glyphs: glyphs))
    return screen.lines
  }

  private func curve(_ values: [Double], marksPoints: Bool = false) -> ChartSeries {
    ChartSeries(
      name: "A",
      points: values.enumerated().map { ChartPoint(x: Double($0.offset), y: $0.element) },
      mark: "o", marksPoints: marksPoints)
  }

  @Test(
    "A logarithmic axis names decades, and what lies between where they are few",
    arguments: [
      (1.0...1000.0, 5, ["1", "10", "100", "1000"]),
      (0.3...0.8, 8, ["0.3", "0.4", "0.5", "0.6", "0.7", "0.8"]),
      (0.3...3.0, 5, ["0.5", "1", "2"]),
      (1.0...1e9, 4, ["1", "1000", "1M", "1G"]),
      (0.41...0.44, 3, ["0.41", "0.42", "0.43", "0.44"]),
    ])
  func logarithmicTicks(range: ClosedRange<Double>, count: Int, labels: [String]) {
    #expect(AxisTick.logarithmic(in: range, about: count).map(\.label) == labels)
  }

  @Test("Ticks of any logarithmic axis are inside, in order and not too many")
  func logarithmicProperties() {
    var generator = SplitMix(state: 5)
    for _ in 0..<3000 {
      let low = Double.random(in: 0.1...1, using: &generator) * 1e-9
      var range = low...(low * 2)
      for _ in 0..<Int.random(in: 0...40, using: &generator) {
        range = range.lowerBound...(range.upperBound * 3)
      }
      for count in [1, 3, 8] {
        let ticks = AxisTick.logarithmic(in: range, about: count)
        #expect(ticks.count <= max(10, count + 2), "\(range) \(count)")
        let slack = (range.upperBound - range.lowerBound) * 1e-6
        for tick in ticks {
          #expect(tick.value >= range.lowerBound - slack && tick.value <= range.upperBound + slack)
        }
        #expect(zip(ticks, ticks.dropFirst()).allSatisfy { $0.value < $1.value }, "\(range)")
      }
    }
  }

  @Test("Minor ticks are the steps between the decades, drawn where they can be told apart")
  func minorTicks() {
    #expect(AxisTick.steps(in: 1...30) == [2, 3, 4, 5, 6, 7, 8, 9, 20, 30])
    #expect(AxisTick.steps(in: -1...30).isEmpty)
    var chart = LineChart(
      series: [curve([1, 10])], yRange: 1...10, yScale: .logarithmic, labelsAtEnd: false)
    chart.showsXAxis = false
    // 1 is the floor, 10 the top, 2 a good three tenths up: row 20 - 6.
    let tall = lines(chart, 20, 21)
    #expect(tall[0].hasPrefix("10+") && tall[20].hasPrefix(" 1+"))
    #expect(tall[14].contains("-") || tall[14].contains("+"))
    chart.yRange = 1e-6...1e6
    #expect(!lines(chart, 20, 21).contains { $0.dropFirst(4).hasPrefix("-") }, "no room for them")
  }

  @Test("Zero and less are gaps on the logarithmic scale, each with its mark")
  func logarithmicGaps() {
    let chart = LineChart(
      series: [curve([1, 1, 0, 1, -5, 1, 1])], xRange: 0...6, yRange: 0.1...10,
      yScale: .logarithmic, labelsAtEnd: false)
    let rows = lines(chart, 13, 3)
    #expect(rows[1] == "---   -   ---")
    #expect(rows[2] == "    v   v")
  }

  @Test("Where the pen is lifted nothing joins the points, and nothing marks a gap")
  func lift() {
    var series = curve([1, 1])
    series.points += [.lift, ChartPoint(x: 3, y: 1), ChartPoint(x: 4, y: 1)]
    var chart = LineChart(series: [series], xRange: 0...4, yRange: 0...2, labelsAtEnd: false)
    #expect(lines(chart, 9, 3) == ["", "---   ---", ""])
    series.points.append(.lift)
    chart.series = [series]
    chart.labelsAtEnd = true
    #expect(lines(chart, 60, 3)[1].hasSuffix("A 1.00"), "the value is that of the last point")
  }

  @Test("Few points have their marks on them")
  func marks() {
    let chart = LineChart(
      series: [curve([0, 2, 1], marksPoints: true)], xRange: 0...2, yRange: 0...2,
      labelsAtEnd: false)
    let rows = lines(chart, 9, 3)
    #expect(rows.joined().filter { $0 == "o" }.count == 3)
    #expect(rows[0].contains("o") && rows[1].hasSuffix("o") && rows[2].hasPrefix("o"))
  }

  @Test("Letters in one column stand below one another, each once")
  func letters() {
    var chart = LineChart(
      series: [curve([0, 0, 0])], xRange: 0...2, yRange: -1...1,
      markers: ["P", "r", "P", "T"].map { ChartMarker(x: 1, letter: $0) }, labelsAtEnd: false)
    chart.showsXAxis = false
    let rows = lines(chart, 9, 9).map { $0.contains { "PrT".contains($0) } ? $0 : "" }
    #expect(rows[0].contains("P") && rows[1].contains("r") && rows[2].contains("T"))
    #expect(rows[3...].allSatisfy { $0.isEmpty })
    #expect(!lines(chart, 9, 3).joined().contains("r"), "a low chart has room for one")
    chart.showsLetters = false
    #expect(!lines(chart, 9, 9).joined().contains("P"))
  }

  @Test("Charts that are given the same columns have the same plot")
  func alignment() {
    var wide = LineChart(series: [curve([0, 123_456, 3])])
    var narrow = LineChart(series: [curve([0, 1, 2])])
    let rect = Rect(x: 0, y: 0, width: 80, height: 10)
    let columns = [wide.columns(in: rect), narrow.columns(in: rect)].compactMap { $0 }
    #expect(columns.count == 2 && columns[0].axis > columns[1].axis)
    #expect(wide.plot(in: rect)?.rect != narrow.plot(in: rect)?.rect)
    for (axis, labels) in [(columns[0].axis, columns[0].labels), (7, 0), (99, 99)] {
      (wide.axisColumns, narrow.axisColumns) = (axis, axis)
      (wide.labelColumns, narrow.labelColumns) = (labels, labels)
      #expect(wide.plot(in: rect)?.rect == narrow.plot(in: rect)?.rect)
    }
    narrow.showsXAxis = false
    #expect(narrow.plot(in: rect)?.rect.height == 10)
  }

  @Test("Figures of the axis are round in their own unit")
  func unit() {
    var chart = LineChart(series: [curve([0, 1])], xRange: 0...600, labelsAtEnd: false)
    chart.xUnit = 60
    chart.xFormat = { "\(Int($0 / 60))m" }
    let figures = lines(chart, 60, 8).last?.split(separator: " ").map(String.init)
    #expect(figures == ["0m", "2m", "4m", "6m", "8m", "10m"] || figures?.contains("2m") == true)
    #expect(figures?.allSatisfy { Int($0.dropLast()).map { $0 % 2 == 0 } == true } == true)
  }

  @Test("A spike survives any window and width that it lies in")
  func spikes() {
    var generator = SplitMix(state: 99)
    for round in 0..<40 {
      var series = MinMaxSeries(capacity: Int.random(in: 2...300, using: &generator))
      let length = Int.random(in: 1...6000, using: &generator)
      let place = Int.random(in: 0..<length, using: &generator)
      for index in 0..<length { series.append(x: Double(index), y: index == place ? 9 : 1) }
      for _ in 0..<20 {
        let low = Double.random(in: 0...Double(place), using: &generator)
        let high = Double.random(in: Double(place)...Double(length), using: &generator)
        let width = Int.random(in: 1...250, using: &generator)
        let points = series.points(in: low...high, buckets: width)
        #expect(points.contains(ChartPoint(x: Double(place), y: 9)), "\(round)")
        #expect(points.count <= 4 * (width + 2), "\(round)")
      }
    }
  }
}
