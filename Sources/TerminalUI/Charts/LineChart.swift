/// Curves over a common axis, with ticks, markers, a read-out cursor and a label at each end.
public struct LineChart: Widget, Sendable {
  /// The curves; later ones lie on top.
  public var series: [ChartSeries]
  /// The first and the last `x`; by default those of the points.
  public var xRange: ClosedRange<Double>?
  /// The values at the bottom and at the top; by default those of the points in sight.
  public var yRange: ClosedRange<Double>?
  /// How values become heights.
  public var yScale: ChartScale
  /// What happened when.
  public var markers: [ChartMarker]
  /// What `x` is, written at the end of its axis.
  public var xTitle: String
  /// Where the values are read out instead of at the end; nil for no cursor.
  public var cursor: Double?
  /// What is said while there is no point.
  public var emptyText: String
  /// Whether names and values stand at the right, where there is room for them.
  public var labelsAtEnd: Bool
  /// Whether the least and the greatest hundredth of the values may lie outside.
  public var isRobust: Bool
  /// Whether the `x` axis has its line and figures, where there is room for them.
  public var showsXAxis = true
  /// Whether the markers have their letters on top, where there is room for them.
  public var showsLetters = true
  /// What the figures of the `x` axis are whole or round numbers of, such as 60 for minutes.
  public var xUnit = 1.0
  /// The columns of the `y` axis; `nil` for as many as its figures need.
  public var axisColumns: Int?
  /// The columns of the names at the ends; `nil` for as many as they need.
  public var labelColumns: Int?
  /// How a figure of the `x` axis is written, such as a time; by default as a number.
  public var xFormat: (@Sendable (Double) -> String)?

  /// A chart of these curves.
  public init(
    series: [ChartSeries], xRange: ClosedRange<Double>? = nil, yRange: ClosedRange<Double>? = nil,
    yScale: ChartScale = .linear, markers: [ChartMarker] = [], xTitle: String = "",
    cursor: Double? = nil, emptyText: String = "no data yet", labelsAtEnd: Bool = true,
    isRobust: Bool = false, xFormat: (@Sendable (Double) -> String)? = nil
  ) {
    self.series = series
    self.xRange = xRange
    self.yRange = yRange
    self.yScale = yScale
    self.markers = markers
    self.xTitle = xTitle
    self.cursor = cursor
    self.emptyText = emptyText
    self.labelsAtEnd = labelsAtEnd
    self.isRobust = isRobust
    self.xFormat = xFormat
  }

  /// Draws it; the labels go first where there is no room, then the `x` axis, then the `y` axis.
  public func render(into screen: inout Screen, in rect: Rect, look: Look) {
    guard !rect.isEmpty else { return }
    guard let x = visibleX, let y = visibleY(in: x) else {
      let middle = Rect(x: rect.x, y: rect.y + rect.height / 2, width: rect.width, height: 1)
      screen.put(
        emptyText, in: middle, style: look[.dim], alignment: .center,
        ellipsis: look.glyphs.ellipsis)
      return
    }
    let plan = ChartPlan(chart: self, rect: rect, x: x, y: y)
    plan.drawAxes(into: &screen, look: look)
    plan.drawMarkers(into: &screen, look: look)
    plan.drawCurves(into: &screen, look: look)
    plan.drawLetters(into: &screen, look: look)
    plan.drawLabels(into: &screen, look: look)
  }

  /// The columns that its `y` axis and its names would take; so that charts above one another can be
  /// given the same.
  public func columns(in rect: Rect) -> (axis: Int, labels: Int)? {
    guard !rect.isEmpty, let x = visibleX, let y = visibleY(in: x) else { return nil }
    let plan = ChartPlan(chart: self, rect: rect, x: x, y: y)
    return (plan.yAxis.width, plan.labels.width)
  }

  /// The rectangle that the curves are drawn in, and the range of `x` it stands for; nil without data.
  public func plot(in rect: Rect) -> (rect: Rect, x: ClosedRange<Double>)? {
    guard !rect.isEmpty, let x = visibleX, let y = visibleY(in: x) else { return nil }
    return (ChartPlan(chart: self, rect: rect, x: x, y: y).plot, x)
  }
}
