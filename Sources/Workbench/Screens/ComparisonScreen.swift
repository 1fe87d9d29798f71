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

    let body = rows[1]
    if body.width >= 100, body.height >= 24 {
      let columns = body.columns([.fill(3), .fill(2)])
      charts(into: &screen, in: columns[0].rows([.fill(1), .fill(1), .fill(1)]), look: look)
      table(into: &screen, in: columns[1], look: look)
    } else if body.height >= 16 {
      let parts = body.rows([.fill(1), .fill(1)])
      charts(into: &screen, in: parts[0].columns([.fill(1), .fill(1)]), look: look)
      table(into: &screen, in: parts[1], look: look)
    } else {
      table(into: &screen, in: body, look: look)
    }
  }

  // MARK: - Charts

  private func charts(into screen: inout Screen, in places: [Rect], look: Look) {
    let quality = LineChart(
      series: curves(look) { round, index in
        Self.figure(round.retrained, index) ?? Self.figure(round.extracted, index)
      }, xTitle: "sparse", emptyText: "nothing judged yet", xFormat: Self.percent)
    let overlap = LineChart(
      series: curves(look, raw: { Self.figure($0.chance, $1) }) { Self.figure($0.jaccard, $1) },
      yRange: 0...1, xTitle: "sparse", emptyText: "no overlap yet", xFormat: Self.percent)
    let loss = LineChart(
      series: curves(look) { round, index in
        Self.figure(round.retrainedLoss, index) ?? Self.figure(round.extractedLoss, index)
      }, yScale: comparison.isLogarithmic ? .logarithmic : .linear, xTitle: "sparse",
      emptyText: "nothing judged yet", xFormat: Self.percent)
    let all = [
      ("balanced accuracy", quality), ("J · faint: chance", overlap), ("held-out loss", loss),
    ]
    for (place, (title, chart)) in zip(places, all) {
      chart.render(
        into: &screen, in: screen.box(place, title: title, look: look), look: look)
    }
  }

  private static let percent: @Sendable (Double) -> String = { Figures.percent($0, 0) }

  /// The curves of a figure over sparsity: one a run, or one a subnetwork.
  /// - Parameter figure: of a round, for a subnetwork or, for `nil`, the mean.
  private func curves(
    _ look: Look, raw: (ComparedRun.Round, Int?) -> Double? = { _, _ in nil },
    _ figure: (ComparedRun.Round, Int?) -> Double?
  ) -> [ChartSeries] {
    comparison.runs.enumerated().flatMap { index, run -> [ChartSeries] in
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
    let inner = screen.box(
      rect, title: "figures · in brackets: to \(comparison.runs.first?.name ?? "")", focused: true,
      look: look)
    var columns = [TableColumn(" ", width: .fixed(min(28, max(10, inner.width * 2 / 5))))]
    columns += comparison.runs.enumerated().map { index, run in
      TableColumn("\(look.glyphs.mark(index)) \(run.name)", width: .fill(1))
    }
    var rows = comparison.figures.map { line in
      [Span(" " + line.title, .label)]
        + line.values.enumerated().map { index, value in
          let difference = line.differences.indices.contains(index) ? line.differences[index] : ""
          return Span(difference.isEmpty ? value : "\(value) (\(difference))")
        }
    }
    rows.append([Span("")])
    let keys = comparison.differentKeys
    rows.append([Span(keys.isEmpty ? " the configs are the same" : " config keys", .strong)])
    rows += keys.map { line in
      [Span(" " + line.title, .label)] + line.values.map { Span($0) }
    }
    Table(columns: columns, rows: rows, firstRow: comparison.scroll)
      .render(into: &screen, in: inner, look: look)
  }

  /// The lines of the table.
  static func lineCount(of comparison: Comparison) -> Int {
    comparison.figures.count + comparison.differentKeys.count + 2
  }
}
