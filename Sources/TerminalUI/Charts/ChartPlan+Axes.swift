internal import Foundation

extension ChartPlan {
  /// The two axes with their ticks and figures.
  func drawAxes(into screen: inout Screen, look: Look) {
    let style = look[.axis]
    if yAxis.width > 0 {
      let line = yAxis.maxX - 1
      for y in yAxis.y..<yAxis.maxY {
        screen.put(look.glyphs.frame.vertical, x: line, y: y, style: style)
      }
      drawMinorTicks(into: &screen, look: look)
      var lastRow = Int.max
      for tick in yTicks {
        let row = row(tick.value)
        guard row < lastRow else { continue }
        lastRow = row
        let place = Rect(x: yAxis.x, y: yAxis.y + row, width: yAxis.width - 1, height: 1)
        screen.put(tick.label, in: place, style: style, alignment: .right)
        screen.put(look.glyphs.choose("┤", ascii: "+"), x: line, y: place.y, style: style)
      }
    }
    guard xAxis.height > 0 else { return }
    if xAxis.height > 1 {
      screen.fill(xAxis.row(0), with: look.glyphs.frame.horizontal, style: style)
      if yAxis.width > 0 {
        screen.put(look.glyphs.frame.bottomLeft, x: xAxis.x, y: xAxis.y, style: style)
      }
    }
    drawFigures(into: &screen, look: look)
  }

  /// On the logarithmic scale a tick at 2, 3, … 9 times each power of ten, where there is room to
  /// tell them apart.
  private func drawMinorTicks(into screen: inout Screen, look: Look) {
    guard chart.yScale == .logarithmic, y.lowerBound > 0 else { return }
    let decades = log10(y.upperBound / y.lowerBound)
    guard decades > 0, Double(plot.height) / decades >= 4 else { return }
    for value in AxisTick.steps(in: y) {
      screen.put(
        look.glyphs.choose("┤", ascii: "-"), x: yAxis.maxX - 1, y: yAxis.y + row(value),
        style: look[.axis])
    }
  }

  /// The figures under the `x` axis, none overlapping, and what they count at the right.
  private func drawFigures(into screen: inout Screen, look: Look) {
    let style = look[.axis]
    let line = xAxis.row(xAxis.height - 1)
    var end = line.maxX
    let title = DisplayText.width(chart.xTitle)
    if title > 0, title < line.width / 2 {
      end = line.maxX - title
      screen.put(chart.xTitle, at: Point(x: end, y: line.y), style: look[.dim], clip: line)
    }
    var free = line.x
    let unit = chart.xUnit > 0 && chart.xUnit.isFinite ? chart.xUnit : 1
    let range = (x.lowerBound / unit)...(x.upperBound / unit)
    for tick in AxisTick.linear(in: range, about: max(1, min(10, plot.width / 9))) {
      guard let column = column(tick.value * unit) else { continue }
      let label = chart.xFormat?(tick.value * unit) ?? tick.label
      let width = DisplayText.width(label)
      let start = max(line.x, plot.x + column - width / 2)
      guard start >= free, start + width < end else { continue }
      screen.put(label, at: Point(x: start, y: line.y), style: style, clip: line)
      if xAxis.height > 1 {
        screen.put(
          look.glyphs.choose("┬", ascii: "+"), x: plot.x + column, y: xAxis.y, style: style)
      }
      free = start + width + 1
    }
  }

  /// The lines of the markers and the cursor, behind the curves.
  func drawMarkers(into screen: inout Screen, look: Look) {
    for marker in chart.markers {
      guard let column = column(marker.x) else { continue }
      let line = Rect(x: plot.x + column, y: plot.y, width: 1, height: plot.height)
      screen.fill(line, with: look.glyphs.choose("┊", ascii: ":"), style: look[marker.role])
    }
    guard let cursor = chart.cursor, let column = column(cursor) else { return }
    let line = Rect(x: plot.x + column, y: plot.y, width: 1, height: plot.height)
    screen.fill(line, with: look.glyphs.frame.vertical, style: look[.cursor])
  }

  /// The letters of the markers, on top of everything.
  func drawLetters(into screen: inout Screen, look: Look) {
    guard chart.showsLetters, plot.height >= 2 else { return }
    // What happened in one column stands below one another, as far as there is room.
    var letters: [Int: [Character]] = [:]
    for marker in chart.markers {
      guard let column = column(marker.x) else { continue }
      let above = letters[column, default: []]
      guard above.count < max(1, plot.height / 3), !above.contains(marker.letter) else { continue }
      letters[column] = above + [marker.letter]
      let glyph = DisplayText.glyphs(String(marker.letter)).first ?? ("?", 1)
      screen.put(
        glyph.character, width: glyph.width, at: Point(x: plot.x + column, y: plot.y + above.count),
        style: look[marker.role].with(.bold), clip: plot)
    }
  }
}
