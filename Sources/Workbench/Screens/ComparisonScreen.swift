internal import Experiments
internal import TerminalUI

/// Two or more runs on shared axes, and what differs between them.
struct ComparisonScreen: Widget {
  /// What is shown.
  let state: WorkbenchState
  /// The runs.
  let comparison: Comparison
  /// Whether the keys that work stand below.
  var showsFooter = true

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    let rows = rect.rows([.fixed(1), .rest, .fixed(showsFooter && rect.height >= 3 ? 1 : 0)])
    let names = comparison.runs.enumerated().flatMap { index, run in
      [Span("  \(look.glyphs.mark(index)) ", .series(index)), Span(run.name, .header)]
    }
    Strip(
      left: [Span(" comparison", .header)] + names,
      right: [Span(comparison.isPerSubnetwork ? "per subnetwork " : "means ", .header)]
    ).render(into: &screen, in: rows[0], look: look)
    if state.notice == nil {
      Footer(state: state).render(into: &screen, in: rows[2], look: look)
    } else {
      MessageStrip(state: state).render(into: &screen, in: rows[2], look: look)
    }

    let places = Self.places(in: rows[1], runs: comparison.runs.count)
    charts(into: &screen, in: places.charts, look: look)
    table(into: &screen, in: places.table, look: look)
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
    let quality = LineChart(
      series: curves(
        look, of: comparison.isCharted,
        joint: { $1 == nil ? $0.jointQuality : $0.retrained[$1 ?? 0] },
        alone: { Self.figure($0.extracted, $1) }), xTitle: "sparse",
      emptyText: "nothing judged yet", xFormat: Self.percent)
    let overlap = LineChart(
      series: curves(look, raw: { Self.figure($0.chance, $1) }) { Self.figure($0.jaccard, $1) },
      yRange: 0...1, xTitle: "sparse", emptyText: "no overlap yet", xFormat: Self.percent)
    let loss = LineChart(
      series: curves(
        look, joint: { Self.figure($0.retrainedLoss, $1) },
        alone: { Self.figure($0.extractedLoss, $1) }),
      yScale: comparison.isLogarithmic ? .logarithmic : .linear, xTitle: "sparse",
      emptyText: "nothing judged yet", xFormat: Self.percent)
    let all = [
      (qualityTitle, quality), ("J · faint: chance", overlap),
      ("held-out loss · faint: before retraining", loss),
    ]
    for (place, (title, chart)) in zip(places, all) {
      chart.render(
        into: &screen, in: screen.box(place, title: title, look: look), look: look)
    }
  }

  /// The metric with its unit, and how many runs have it if not all do.
  private var qualityTitle: String {
    let metric = comparison.charted
    let shown = comparison.runs.filter(comparison.isCharted).count
    return metric.title + (metric.unit.isEmpty ? "" : " in\(metric.unit)")
      + " · faint: before retraining"
      + (shown < comparison.runs.count ? " · \(shown) of \(comparison.runs.count) runs" : "")
  }

  private static let percent: @Sendable (Double) -> String = { Figures.percent($0, 0) }

  /// The curves of what is judged twice: after joint retraining, with what the subnetworks came to alone
  /// faintly behind, for the two are not to be joined by a line; a run that has not retrained yet shows
  /// what it has.
  private func curves(
    _ look: Look, of isWanted: @escaping (ComparedRun) -> Bool = { _ in true },
    joint: @escaping (ComparedRun.Round, Int?) -> Double?,
    alone: @escaping (ComparedRun.Round, Int?) -> Double?
  ) -> [ChartSeries] {
    let retrained = comparison.runs.filter { run in
      run.rounds.contains { joint($0, nil) != nil }
    }.map(\.name)
    func isRetrained(_ run: ComparedRun) -> Bool { retrained.contains(run.name) }
    return curves(look, of: { isWanted($0) && isRetrained($0) }, raw: alone, joint)
      + curves(look, of: { isWanted($0) && !isRetrained($0) }, alone)
  }

  /// The curves of a figure over sparsity: one a run, or one a subnetwork.
  /// - Parameter figure: of a round, for a subnetwork or, for `nil`, the mean.
  private func curves(
    _ look: Look, of isWanted: (ComparedRun) -> Bool = { _ in true },
    raw: (ComparedRun.Round, Int?) -> Double? = { _, _ in nil },
    _ figure: (ComparedRun.Round, Int?) -> Double?
  ) -> [ChartSeries] {
    comparison.runs.enumerated().filter { isWanted($0.element) }.flatMap {
      index, run -> [ChartSeries] in
      let subnetworks: [Int?] =
        comparison.isPerSubnetwork ? run.subnetworks.indices.map { $0 } : [nil]
      return subnetworks.map { subnetwork in
        func points(_ figure: (ComparedRun.Round, Int?) -> Double?) -> [ChartPoint] {
          run.rounds.compactMap { round in
            guard let y = figure(round, subnetwork), y.isFinite else { return nil }
            let own = subnetwork.flatMap {
              round.sparsity.indices.contains($0) ? round.sparsity[$0] : nil
            }
            return ChartPoint(x: own ?? round.meanSparsity, y: y)
          }.sorted { $0.x < $1.x }
        }
        return ChartSeries(
          name: subnetwork.map(Names.letter) ?? String(run.name.prefix(8)), points: points(figure),
          raw: points(raw), role: .series(index), mark: look.glyphs.mark(index))
      }
    }
  }

  private static func figure(_ values: [Int: Double], _ index: Int?) -> Double? {
    index.map { values[$0] } ?? RoundRecord.mean(values)
  }

  private static func figure(_ values: [Double], _ index: Int?) -> Double? {
    guard let index else { return ComparedRun.mean(values) }
    return values.indices.contains(index) ? values[index] : nil
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
}
