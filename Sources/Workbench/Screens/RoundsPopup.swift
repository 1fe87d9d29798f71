internal import Experiments
internal import TerminalUI

/// The finished rounds, to pick the one to go back to.
struct RoundsPopup: Widget {
  /// What is shown.
  let chooser: RoundChooser

  private var frame: Popup {
    Popup(
      title: "Go back to a round", contentSize: Size(width: 58, height: chooser.rows.count + 1),
      footer: [
        Span("Enter", .footerKey), Span(" ask  ", .popup), Span("↑↓", .footerKey),
        Span(" pick  ", .popup), Span("Esc", .footerKey), Span(" cancel ", .popup),
      ])
  }

  /// The row at a place, from 0; `nil` where there is none.
  func row(at point: Point, in rect: Rect) -> Int? {
    let inner = frame.content(in: rect)
    return Table(
      columns: [], rows: chooser.rows.map { _ in [] }, selected: chooser.selected,
      firstRow: firstRow(in: inner)
    ).row(at: point, in: inner)
  }

  private func firstRow(in inner: Rect) -> Int {
    let height = max(0, inner.height - 1)
    return max(0, min(chooser.selected - height / 2, chooser.rows.count - height))
  }

  /// A column of the list.
  private struct Column {
    var title: String
    var width: Int
    var cell: (RoundChooser.Row) -> Span
  }

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    frame.render(into: &screen, in: rect, look: look)
    let inner = frame.content(in: rect)
    let columns = columns(for: inner.width)
    Table(
      columns: columns.map { TableColumn($0.title, width: .fixed($0.width), alignment: .right) }
        + [TableColumn("alarm")],
      rows: chooser.rows.map { row in
        columns.map { $0.cell(row) } + [
          Span(
            row.alarm?.word ?? "ok",
            row.alarm == .critical ? .critical : row.alarm == .warning ? .warning : .good)
        ]
      }, selected: chooser.selected, firstRow: firstRow(in: inner)
    ).render(into: &screen, in: inner, look: look)
  }

  /// The columns before the alarm, which keeps its room.
  private func columns(for width: Int) -> [Column] {
    let metric = chooser.metric
    func figure(_ value: Double?, _ decimals: Int = 2) -> Span {
      value.map { Span(Figures.ratio($0, decimals)) } ?? Span(Figures.unknown, .dim)
    }
    let quality = EventText.head(of: metric) + metric.unit
    let isRatio = metric == .balancedAccuracy
    var columns = [
      Column(title: "round", width: 5) {
        Span($0.round == 0 ? "dense" : "\($0.round)", .strong)
      },
      Column(title: "sparse", width: 6) { Span(Figures.percent($0.sparsity)) },
      // Before the rewind and after joint retraining are two qualities.
      Column(title: quality, width: isRatio ? 4 : max(6, quality.count)) {
        figure($0.quality, metric.decimals)
      },
      Column(title: "joint", width: isRatio ? 5 : 6) { figure($0.joint, metric.decimals) },
      Column(title: "J", width: 4) { figure($0.jaccard) },
      Column(title: "J-c", width: 5) { row in
        row.excess.map { Span(Figures.signedRatio($0)) } ?? Span(Figures.unknown, .dim)
      },
    ]
    if chooser.rows.allSatisfy({ $0.joint == nil }) { columns.removeAll { $0.title == "joint" } }
    // The marks of a list that is longer than the box have a column too.
    let alarm = 6
    for title in ["J", "J-c", "sparse"]
    where columns.reduce(alarm, { $0 + $1.width + 1 }) > width {
      columns.removeAll { $0.title == title }
    }
    return columns
  }
}
