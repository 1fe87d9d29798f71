internal import TerminalUI

/// Two or more runs on shared axes, and what differs between them: laid over each other, or a panel each.
struct ComparisonScreen: Widget {
  /// What is shown.
  let state: WorkbenchState
  /// The runs.
  let comparison: Comparison
  /// Whether the keys that work stand below.
  var showsFooter = true

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    let rows = rect.rows([.fixed(1), .rest, .fixed(showsFooter && rect.height >= 3 ? 1 : 0)])
    head(look, width: rect.width).render(into: &screen, in: rows[0], look: look)
    if state.notice == nil {
      Footer(state: state).render(into: &screen, in: rows[2], look: look)
    } else {
      MessageStrip(state: state).render(into: &screen, in: rows[2], look: look)
    }

    guard !comparison.showsPanels else {
      ComparisonPanels(comparison: comparison).render(into: &screen, in: rows[1], look: look)
      return
    }
    let places = Self.places(in: rows[1], runs: comparison.runs.count)
    charts(into: &screen, in: places.charts, look: look)
    table(into: &screen, in: places.table, look: look)
  }

  /// The names with their marks; above the panels, which have titles, what the names have in common.
  private func head(_ look: Look, width: Int) -> Strip {
    let curves = comparison.isPerSubnetwork ? "per subnetwork " : "means "
    guard comparison.showsPanels else {
      let all = comparison.runs.map(\.name)
      let needed = all.reduce(DisplayText.width(curves) + 11) { $0 + DisplayText.width($1) + 4 }
      let isWhole = needed <= width
      let pattern = isWhole ? "" : comparison.distinctNames.pattern.map { " · \($0)" } ?? ""
      let names = (isWhole ? all : comparison.distinctNames.values).enumerated().flatMap {
        [Span("  \(look.glyphs.mark($0)) ", .series($0)), Span($1, .header)]
      }
      return Strip(
        left: [Span(" comparison" + pattern, .header)] + names, right: [Span(curves, .header)])
    }
    let charts = ComparisonCurves(comparison: comparison, look: look)
    let pattern = comparison.distinctNames.pattern.map { "\($0) · " } ?? ""
    return Strip(
      left: [
        Span(" \(charts.name(comparison.metric)) · ", .header), Span(pattern, .header),
        Span(charts.background(comparison.metric), .header),
      ], right: [Span("\(comparison.runs.count) runs · \(curves)", .header)])
  }

  /// Where the charts go, as far as there is room, and the table.
  private static func places(in body: Rect, runs: Int) -> (charts: [Rect], table: Rect) {
    if body.width >= 100, body.height >= 24 {
      // The figures of many runs need the width.
      let shares: [Extent] =
        runs < 3 ? [.fill(3), .fill(2)] : runs < 5 ? [.fill(1), .fill(1)] : [.fill(2), .fill(3)]
      let columns = body.columns(shares)
      return (columns[0].rows([.fill(1), .fill(1), .fill(1)]), columns[1])
    }
    guard body.height >= 16 else { return ([], body) }
    let parts = body.rows([.fill(1), .fill(1)])
    return (parts[0].columns([.fill(1), .fill(1)]), parts[1])
  }

  // MARK: - Charts

  private func charts(into screen: inout Screen, in places: [Rect], look: Look) {
    let curves = ComparisonCurves(comparison: comparison, look: look)
    for (place, metric) in zip(places, ComparedMetric.allCases) {
      curves.chart(metric, curves.all(metric)).render(
        into: &screen, in: screen.box(place, title: curves.title(metric), look: look), look: look)
    }
  }

  // MARK: - Table

  private func table(into screen: inout Screen, in rect: Rect, look: Look) {
    let table = ComparisonTable(comparison, width: rect.width - 2)
    let inner = screen.box(
      rect, title: table.title(left: state.label(of: .left), right: state.label(of: .right)),
      focused: true, look: look)
    Table(columns: table.columns(look), rows: table.rows, firstRow: comparison.scroll)
      .render(into: &screen, in: inner, look: look)
  }

  /// The table on a screen of a size.
  static func table(of comparison: Comparison, in size: Size) -> ComparisonTable {
    let body = Rect(size: size).inset(top: 1, bottom: 1)
    return ComparisonTable(
      comparison, width: places(in: body, runs: comparison.runs.count).table.width - 2)
  }

  // MARK: - Panels

  /// The panels on a screen of a size.
  static func panels(of comparison: Comparison, in size: Size) -> PanelGrid {
    PanelGrid(
      of: comparison.runs.count,
      in: Rect(size: size).inset(top: 1, bottom: size.height >= 3 ? 1 : 0))
  }

  /// A size in which every run and every line, or every panel, is in sight; at least as wide and high as
  /// another.
  static func wholeSize(of comparison: Comparison, atLeast size: Size) -> Size {
    guard !comparison.showsPanels else {
      let lines = panels(of: comparison, in: size).rows * PanelGrid.least.height + 1
      return Size(width: size.width, height: max(size.height, lines))
    }
    var width = size.width
    let present = table(of: comparison, in: size)
    if present.lastFirstRun > 0 {
      // The table has two fifths of the width, of many runs half at least.
      let share = comparison.runs.count < 3 ? 3 : 2
      width = max(size.width, share * (present.wholeWidth + 3))
    }
    // Strips, frame and head.
    let lines = table(of: comparison, in: Size(width: width, height: size.height)).rows.count + 5
    return Size(width: width, height: max(size.height, lines))
  }
}
