internal import Foundation

/// Where the parts of a chart lie in its rectangle, and how values become dots.
struct ChartPlan {
  let chart: LineChart
  let x: ClosedRange<Double>
  let y: ClosedRange<Double>
  /// Where the curves are drawn.
  let plot: Rect
  /// Where the figures of the `y` axis and its line stand; empty without room.
  let yAxis: Rect
  /// Where the line and the figures of the `x` axis stand; empty without room.
  let xAxis: Rect
  /// Where the names at the ends stand; empty without room.
  let labels: Rect
  let yTicks: [AxisTick]
  /// The names with their values, one per curve.
  let labelTexts: [String]

  init(chart: LineChart, rect: Rect, x: ClosedRange<Double>, y: ClosedRange<Double>) {
    self.chart = chart
    self.x = x
    self.y = y
    let axisRows = !chart.showsXAxis ? 0 : rect.height >= 6 ? 2 : rect.height >= 4 ? 1 : 0
    let plotRows = rect.height - axisRows
    let count = max(1, min(8, (plotRows + 1) / 2))
    yTicks =
      chart.yScale == .linear
      ? AxisTick.linear(in: y, about: count) : AxisTick.logarithmic(in: y, about: count)
    let widest = yTicks.map { DisplayText.width($0.label) }.max() ?? 0
    let axisColumns =
      chart.axisColumns.map { min($0, rect.width / 2) }
      ?? (widest > 0 && rect.width >= widest + 12 ? widest + 1 : 0)
    labelTexts = chart.series.map { ChartPlan.label($0, chart: chart) }
    let wanted = (labelTexts.map { DisplayText.width($0) }.max() ?? 0) + 3
    let hasLabels =
      chart.labelsAtEnd && !chart.series.isEmpty && wanted <= rect.width / 3 && rect.width >= 36
    let labelColumns =
      chart.labelColumns.map { min($0, rect.width / 3) } ?? (hasLabels ? wanted : 0)
    plot = rect.inset(left: axisColumns, right: labelColumns, bottom: axisRows)
    yAxis = Rect(x: rect.x, y: rect.y, width: axisColumns, height: plot.height)
    xAxis = Rect(
      x: max(rect.x, plot.x - (axisColumns > 0 ? 1 : 0)), y: plot.maxY,
      width: plot.width + (axisColumns > 0 ? 1 : 0), height: axisRows)
    labels = Rect(x: plot.maxX, y: rect.y, width: labelColumns, height: plot.height)
  }

  /// The place of a value in 0…1 from the bottom; on the logarithmic scale what isn't positive has
  /// none, which is not a number.
  func share(y value: Double) -> Double {
    switch chart.yScale {
    case .linear: return (value - y.lowerBound) / (y.upperBound - y.lowerBound)
    case .logarithmic:
      guard value > 0, y.lowerBound > 0 else { return .nan }
      return log(value / y.lowerBound) / log(y.upperBound / y.lowerBound)
    }
  }

  /// The place of an `x` in 0…1 from the left.
  func share(x value: Double) -> Double {
    (value - x.lowerBound) / (x.upperBound - x.lowerBound)
  }

  /// The column of the plot that an `x` lies in; nil outside.
  func column(_ value: Double) -> Int? {
    let place = share(x: value)
    guard place >= 0, place <= 1, plot.width > 0 else { return nil }
    return Int((place * Double(plot.width - 1)).rounded())
  }

  /// The row of the plot that a value lies in, bounded to the plot.
  func row(_ value: Double) -> Int {
    let place = share(y: value)
    let bounded = place.isNaN ? 0 : min(max(place, 0), 1)
    return Int(((1 - bounded) * Double(max(0, plot.height - 1))).rounded())
  }

  /// The value that is read out: that of the point at or before the cursor, or of the last; `nil` if
  /// there is none.
  static func readOut(_ series: ChartSeries, cursor: Double?) -> Double? {
    guard let cursor else { return series.points.last { $0.x.isFinite }?.y }
    return series.readOut ?? series.points.last { $0.x <= cursor }?.y
  }

  private static func label(_ series: ChartSeries, chart: LineChart) -> String {
    guard let value = readOut(series, cursor: chart.cursor) else { return series.name }
    return series.name + " " + AxisTick.short(value, keepingZeros: true)
  }
}
