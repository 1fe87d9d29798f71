internal import Experiments
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
    head(look).render(into: &screen, in: rows[0], look: look)
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
  private func head(_ look: Look) -> Strip {
    let curves = comparison.isPerSubnetwork ? "per subnetwork " : "means "
    guard comparison.showsPanels else {
      let names = comparison.runs.enumerated().flatMap { index, run in
        [Span("  \(look.glyphs.mark(index)) ", .series(index)), Span(run.name, .header)]
      }
      return Strip(
        left: [Span(" comparison", .header)] + names, right: [Span(curves, .header)])
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
      let columns = body.columns(runs < 3 ? [.fill(3), .fill(2)] : [.fill(1), .fill(1)])
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
    let width = max(0, rect.width - 2)
    let isBeside = Self.differencesFit(comparison, width: width)
    let inner = screen.box(
      rect,
      title: "figures · \(isBeside ? "in brackets" : "below"): to "
        + (comparison.runs.first?.name ?? ""), focused: true, look: look)
    var columns = [TableColumn(" ", width: .fixed(Self.titleWidth(comparison, width: width)))]
    columns += comparison.runs.enumerated().map { index, run in
      TableColumn("\(look.glyphs.mark(index)) \(run.name)", width: .fill(1))
    }
    Table(
      columns: columns, rows: Self.rows(of: comparison, width: width), firstRow: comparison.scroll
    ).render(into: &screen, in: inner, look: look)
  }

  private static func titleWidth(_ comparison: Comparison, width: Int) -> Int {
    min(28, max(10, comparison.runs.count < 3 ? width * 2 / 5 : width / 3))
  }

  /// Whether every figure has room for its difference beside it; else that has a line of its own.
  private static func differencesFit(_ comparison: Comparison, width: Int) -> Bool {
    let count = max(1, comparison.runs.count)
    let room = (width - titleWidth(comparison, width: width)) / count - 1
    return comparison.figures.allSatisfy { line in
      zip(line.values, line.differences).allSatisfy { value, difference in
        difference.isEmpty || DisplayText.width(value) + DisplayText.width(difference) + 3 <= room
      }
    }
  }

  private static func rows(of comparison: Comparison, width: Int) -> [[Span]] {
    let isBeside = differencesFit(comparison, width: width)
    var rows = comparison.figures.flatMap { line -> [[Span]] in
      let values = line.values.enumerated().map { index, value in
        let difference = line.differences.indices.contains(index) ? line.differences[index] : ""
        return Span(difference.isEmpty || !isBeside ? value : "\(value) (\(difference))")
      }
      let figures = [Span(" " + line.title, .label)] + values
      guard !isBeside, line.differences.contains(where: { !$0.isEmpty }) else { return [figures] }
      return [figures, [Span("")] + line.differences.map { Span($0, .dim) }]
    }
    rows.append([Span("")])
    let keys = comparison.differentKeys
    rows.append([Span(keys.isEmpty ? " the configs are the same" : " config keys", .strong)])
    return rows
      + keys.map { line in [Span(" " + line.title, .label)] + line.values.map { Span($0) } }
  }

  /// The lines of the table on a screen of a size.
  static func lineCount(of comparison: Comparison, in size: Size) -> Int {
    let body = Rect(size: size).inset(top: 1, bottom: 1)
    let width = places(in: body, runs: comparison.runs.count).table.width - 2
    return rows(of: comparison, width: width).count
  }

  // MARK: - Panels

  /// The panels on a screen of a size.
  static func panels(of comparison: Comparison, in size: Size) -> PanelGrid {
    PanelGrid(
      of: comparison.runs.count,
      in: Rect(size: size).inset(top: 1, bottom: size.height >= 3 ? 1 : 0))
  }

  /// A size in which every line, or every panel, is in sight; at least as wide and high as another.
  static func wholeSize(of comparison: Comparison, atLeast size: Size) -> Size {
    // Strip; for the table also its frame and its head.
    let lines =
      comparison.showsPanels
      ? panels(of: comparison, in: size).rows * PanelGrid.least.height + 1
      : lineCount(of: comparison, in: size) + 5
    return Size(width: size.width, height: max(size.height, lines))
  }
}
