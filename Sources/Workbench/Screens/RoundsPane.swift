internal import Experiments
internal import TerminalUI

/// A line per round, newest first: sparsity, overlap against chance, quality.
struct RoundsPane: Widget {
  /// What is shown.
  let state: WorkbenchState

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    let records = state.shown.rounds.reversed()
    guard !records.isEmpty else {
      TextBlock(" no round has ended yet", role: .dim).render(into: &screen, in: rect, look: look)
      return
    }
    let isWide = rect.width >= 54
    // A column without words is for who has the room.
    let hasAlarms = isWide || records.contains { $0.alarm != nil }
    var columns = [
      TableColumn("round", width: .fixed(5), alignment: .right),
      TableColumn("sparse", width: .fixed(6), alignment: .right),
      TableColumn("J", width: .fixed(4), alignment: .right),
      TableColumn("J-c", width: .fixed(5), alignment: .right),
    ]
    if isWide { columns.append(TableColumn("union", width: .fixed(8), alignment: .right)) }
    let metric = state.shown.metric
    let head = EventText.head(of: metric) + metric.unit
    columns += [
      TableColumn(
        head, width: .fixed(metric == .balancedAccuracy ? 4 : max(6, head.count)),
        alignment: .right),
      TableColumn(
        "joint", width: .fixed(metric == .balancedAccuracy ? 5 : 6), alignment: .right),
      TableColumn("target", width: hasAlarms ? .fixed(6) : .rest),
    ]
    if hasAlarms { columns.append(TableColumn("alarm")) }
    func figure(_ value: Double?) -> Span {
      guard let value, value.isFinite else { return Span(Figures.unknown, .dim) }
      return Span(Figures.ratio(value, metric.decimals))
    }
    let rows = records.map { record -> [Span] in
      var row = [
        Span("\(record.round)", .strong), Span(Figures.percent(record.sparsity)),
        Span(Figures.ratio(record.jaccard)),
        Span(Figures.signedRatio(record.jaccard - record.chance)),
      ]
      if isWide {
        row.append(Span(record.unionParameters.map(Figures.grouped) ?? Figures.unknown, .dim))
      }
      row += [
        figure(RoundRecord.mean(record.extracted)), figure(record.jointQuality),
        Span(record.target.map(Figures.target) ?? "", .target),
      ]
      if hasAlarms {
        row.append(
          Span(record.alarm?.word ?? "", record.alarm == .critical ? .critical : .warning))
      }
      return row
    }
    Table(
      columns: columns, rows: rows, firstRow: min(state.scroll[.runs] ?? 0, rows.count - 1)
    ).render(into: &screen, in: rect, look: look)
  }
}
