internal import Experiments
internal import TerminalUI

/// A chart per run, all on the same axes, in a grid that is scrolled where there are more runs than fit.
struct ComparisonPanels: Widget {
  /// The runs.
  let comparison: Comparison

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    let metric = comparison.metric
    let curves = ComparisonCurves(comparison: comparison, look: look)
    let series = comparison.runs.indices.map { curves.curves(metric, of: $0) }
    let ranges = curves.ranges(of: series.flatMap { $0 }, metric)
    let cells = PanelGrid(of: comparison.runs.count, in: rect).cells(from: comparison.firstRow)
    let names = names(in: cells.map(\.rect.width).min() ?? 0)
    for (index, place) in cells {
      let inner = screen.box(
        place,
        title: title(
          names[index], value: curves.newest(metric, of: index),
          mark: look.glyphs.mark(index), width: place.width - 4, look: look),
        look: look)
      var chart = curves.chart(metric, series[index].enumerated().map(own))
      chart.labelsAtEnd = false
      if metric == .quality, !comparison.isCharted(comparison.runs[index]) {
        chart.emptyText = "judged by another metric"
      } else if !chart.series.allSatisfy({ $0.points.isEmpty && $0.raw.isEmpty }) {
        chart.xRange = ranges?.x
        chart.yRange = chart.yRange ?? ranges?.y
      }
      chart.render(into: &screen, in: inner, look: look)
    }
  }

  /// A curve as its own panel shows it: the colours tell subnetworks apart where each has a curve.
  private func own(_ place: Int, _ series: ChartSeries) -> ChartSeries {
    var series = series
    if comparison.isPerSubnetwork {
      series.role = .series(place)
    } else {
      // Judgements are few; J is known of every round.
      series.marksPoints = comparison.metric != .overlap
    }
    return series
  }

  /// What tells the runs apart, with the keys of the values where there is room for all of them.
  private func names(in width: Int) -> [String] {
    let distinct = comparison.distinctNames
    // Frame, mark and a figure.
    let room = width - 13
    return distinct.names.allSatisfy { DisplayText.width($0) <= room }
      ? distinct.names : distinct.values
  }

  private func title(
    _ name: String, value: String?, mark: Character, width: Int, look: Look
  ) -> String {
    let figure = value.map { " " + $0 } ?? ""
    let room = width - 2 - DisplayText.width(figure)
    let shown = DisplayText.shortenedInMiddle(
      name, to: max(1, room), ellipsis: look.glyphs.ellipsis)
    return "\(mark) \(shown)\(figure)"
  }
}
