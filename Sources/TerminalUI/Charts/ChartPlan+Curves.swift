extension ChartPlan {
  private typealias Dot = (x: Double, y: Double)

  /// All curves: first the faint ones behind, then the others in their order.
  func drawCurves(into screen: inout Screen, look: Look) {
    guard !plot.isEmpty else { return }
    var canvas = DotCanvas(width: plot.width, height: plot.height, glyphs: look.glyphs)
    for curve in chart.series where !curve.raw.isEmpty {
      draw(curve.raw, style: look[.dim], layer: 0, into: &canvas)
    }
    for (index, curve) in chart.series.enumerated() {
      draw(curve.points, style: look[curve.role], layer: index + 1, into: &canvas)
    }
    for row in 0..<plot.height {
      for column in 0..<plot.width {
        guard let cell = canvas.cell(x: column, y: row) else { continue }
        screen.put(cell.character, x: plot.x + column, y: plot.y + row, style: cell.style)
      }
    }
    for (index, curve) in chart.series.enumerated() {
      drawGaps(curve, into: &screen, look: look)
      if curve.marksPoints {
        markPoints(curve, into: &screen, look: look)
      } else if look.isMono, chart.series.count > 1 {
        drawMarks(curve, index: index, into: &screen, look: look)
      }
    }
  }

  private func draw(
    _ points: [ChartPoint], style: Style, layer: Int, into canvas: inout DotCanvas
  ) {
    var before: Dot?
    for point in points {
      let height = point.y.isFinite ? share(y: point.y) : .nan
      guard point.x.isFinite, !height.isNaN else {
        before = nil
        continue
      }
      let dot: Dot = (
        share(x: point.x) * Double(canvas.dotWidth - 1),
        (1 - height) * Double(canvas.dotHeight - 1)
      )
      let from = before ?? dot
      before = dot
      guard
        let (start, end) = clipped(
          from, dot, width: Double(canvas.dotWidth - 1), height: Double(canvas.dotHeight - 1))
      else { continue }
      canvas.line(
        from: (Int(start.x.rounded()), Int(start.y.rounded())),
        to: (Int(end.x.rounded()), Int(end.y.rounded())), style: style, layer: layer)
    }
  }

  /// The part of a straight line inside 0…width × 0…height (Liang and Barsky); nil if there is none.
  private func clipped(
    _ start: Dot, _ end: Dot, width: Double, height: Double
  ) -> (Dot, Dot)? {
    let dx = end.x - start.x
    let dy = end.y - start.y
    var enter = 0.0
    var leave = 1.0
    for (step, room) in [
      (-dx, start.x), (dx, width - start.x), (-dy, start.y), (dy, height - start.y),
    ] {
      if step == 0 {
        if room < -0.5 { return nil }
      } else if step < 0 {
        enter = max(enter, room / step)
      } else {
        leave = min(leave, room / step)
      }
    }
    guard enter <= leave, dx.isFinite, dy.isFinite else { return nil }
    func bounded(_ share: Double) -> Dot {
      (
        min(max(start.x + dx * share, 0), width), min(max(start.y + dy * share, 0), height)
      )
    }
    return (bounded(enter), bounded(leave))
  }

  /// A mark on the floor where a curve has no value, and where it has none on this scale.
  private func drawGaps(_ curve: ChartSeries, into screen: inout Screen, look: Look) {
    let floor = plot.maxY - 1
    for point in curve.points where point.x.isFinite {
      guard let column = column(point.x) else { continue }
      if !point.y.isFinite {
        screen.put(
          look.glyphs.choose("×", ascii: "x"), x: plot.x + column, y: floor,
          style: look[.critical])
      } else if chart.yScale == .logarithmic, point.y <= 0 {
        screen.put("v", x: plot.x + column, y: floor, style: look[curve.role])
      }
    }
  }

  /// The curve's own mark on each of its points.
  private func markPoints(_ curve: ChartSeries, into screen: inout Screen, look: Look) {
    for point in curve.points where point.y.isFinite {
      let place = share(y: point.y)
      guard let column = column(point.x), place >= 0, place <= 1 else { continue }
      screen.put(
        String(curve.mark), at: Point(x: plot.x + column, y: plot.y + row(point.y)),
        style: look[curve.role], clip: plot)
    }
  }

  /// The curve's own mark here and there along it, so that it's known without colour.
  private func drawMarks(
    _ curve: ChartSeries, index: Int, into screen: inout Screen, look: Look
  ) {
    let every = 12
    var next = (index * 5) % every
    for point in curve.points where point.y.isFinite {
      let place = share(y: point.y)
      guard let column = column(point.x), column >= next, place >= 0, place <= 1 else { continue }
      screen.put(
        String(curve.mark), at: Point(x: plot.x + column, y: plot.y + row(point.y)),
        style: look[curve.role], clip: plot)
      next = column + every
    }
  }

  /// Mark, name and value of each curve at the height where it ends, moved apart where they meet.
  func drawLabels(into screen: inout Screen, look: Look) {
    guard labels.width > 0, labels.height > 0 else { return }
    let wanted = chart.series.enumerated().map { index, curve in
      let value = ChartPlan.readOut(curve, cursor: chart.cursor) ?? .nan
      return (index: index, row: value.isFinite ? row(value) : labels.height - 1)
    }.sorted { ($0.row, $0.index) < ($1.row, $1.index) }.prefix(labels.height)
    // From the bottom up no label may start lower than leaves room for those below it.
    var rows = wanted.map(\.row)
    for place in rows.indices {
      rows[place] = max(rows[place], place > 0 ? rows[place - 1] + 1 : 0)
    }
    var limit = labels.height - 1
    for place in rows.indices.reversed() {
      rows[place] = min(rows[place], limit)
      limit = rows[place] - 1
    }
    for (entry, row) in zip(wanted, rows) {
      let curve = chart.series[entry.index]
      screen.put(
        " \(curve.mark) \(labelTexts[entry.index])", in: labels.row(row), style: look[curve.role],
        ellipsis: look.glyphs.ellipsis)
    }
  }
}
