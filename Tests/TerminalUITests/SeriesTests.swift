import TerminalUI
import Testing

@Suite("Histories")
struct SeriesTests {
  @Test("Least and greatest survive any length, at any width", arguments: [2, 3, 16, 127, 2048])
  func extremesSurvive(capacity: Int) {
    var generator = SplitMix(state: UInt64(capacity))
    for length in [1, 2, 5, capacity, capacity * 2 + 1, 20_000] {
      var series = MinMaxSeries(capacity: capacity)
      var least = Double.infinity
      var greatest = -Double.infinity
      for index in 0..<length {
        let y = Double.random(in: -1...1, using: &generator)
        least = min(least, y)
        greatest = max(greatest, y)
        series.append(x: Double(index), y: y)
      }
      #expect(series.count == length)
      #expect(series.xRange == 0...Double(length - 1))
      for width in [1, 2, 7, 80, 5000] {
        let points = series.points(buckets: width)
        #expect(points.count <= 4 * min(width, capacity))
        #expect(points.map(\.y).min() == least)
        #expect(points.map(\.y).max() == greatest)
        #expect(points.first?.x == 0 && points.last?.x == Double(length - 1))
        #expect(zip(points, points.dropFirst()).allSatisfy { $0.x <= $1.x })
      }
    }
  }

  @Test("A single spike among a million calm points stays, in place and height")
  func spike() {
    var series = MinMaxSeries(capacity: 256)
    for index in 0..<1_000_000 { series.append(x: Double(index), y: index == 123_456 ? 99 : 1) }
    #expect(series.points(buckets: 80).contains(ChartPoint(x: 123_456, y: 99)))
  }

  @Test("A gap stays a gap and hides no value")
  func gaps() {
    var series = MinMaxSeries(capacity: 4)
    for index in 0..<100 { series.append(x: Double(index), y: index == 50 ? .nan : Double(index)) }
    let points = series.points(buckets: 4)
    #expect(points.filter { $0.y.isNaN }.map(\.x) == [50])
    #expect(points.filter { !$0.y.isNaN }.map(\.y).max() == 99)
  }

  @Test("A range gives its points and one neighbour at each side")
  func range() {
    var series = MinMaxSeries(capacity: 1000)
    for index in 0..<100 { series.append(x: Double(index), y: 0) }
    #expect(series.points(in: 10.5...12.5, buckets: 100).map(\.x) == [10, 11, 12, 13])
    #expect(series.points(in: -5...0, buckets: 100).map(\.x) == [0, 1])
    #expect(series.points(in: 500...600, buckets: 100).map(\.x) == [99])
    #expect(series.points(buckets: 0).isEmpty)
  }

  @Test("Going back forgets what came after")
  func truncation() {
    var series = MinMaxSeries(capacity: 8)
    for index in 0..<100 { series.append(x: Double(index), y: Double(index)) }
    series.truncate(after: 40)
    #expect((series.xRange?.upperBound ?? 99) <= 40)
    #expect(series.points(buckets: 8).allSatisfy { $0.x <= 40 })
    series.append(x: 41, y: -5)
    #expect(series.points(buckets: 8).last == ChartPoint(x: 41, y: -5))
    series.truncate(after: -1)
    #expect(series.isEmpty && series.last == nil)
  }

  @Test("The value at a place is that of the last point before it")
  func lookUp() {
    var series = MinMaxSeries()
    for index in 0..<10 { series.append(x: Double(index * 10), y: Double(index)) }
    #expect(series.point(atOrBefore: 35)?.y == 3)
    #expect(series.point(atOrBefore: -1) == nil)
    #expect(series.point(atOrBefore: 1e9)?.y == 9)
  }
}
