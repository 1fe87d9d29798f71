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

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    frame.render(into: &screen, in: rect, look: look)
    let inner = frame.content(in: rect)
    func figure(_ value: Double?, _ decimals: Int = 2) -> Span {
      value.map { Span(Figures.ratio($0, decimals)) } ?? Span(Figures.unknown, .dim)
    }
    let rows = chooser.rows.map { row -> [Span] in
      [
        Span(row.round == 0 ? "dense" : "\(row.round)", .strong),
        Span(Figures.percent(row.sparsity)), figure(row.quality, chooser.metric.decimals),
        figure(row.jaccard),
        row.excess.map { Span(Figures.signedRatio($0)) } ?? Span(Figures.unknown, .dim),
        Span(
          "  " + (row.alarm?.word ?? "ok"),
          row.alarm == .critical ? .critical : row.alarm == .warning ? .warning : .good),
      ]
    }
    Table(
      columns: [
        TableColumn("round", width: .fixed(6), alignment: .right),
        TableColumn("sparse", width: .fixed(8), alignment: .right),
        TableColumn(
          EventText.head(of: chooser.metric) + chooser.metric.unit, width: .fixed(9),
          alignment: .right),
        TableColumn("J", width: .fixed(6), alignment: .right),
        TableColumn("J-c", width: .fixed(7), alignment: .right),
        TableColumn("  alarm"),
      ], rows: rows, selected: chooser.selected, firstRow: firstRow(in: inner)
    ).render(into: &screen, in: inner, look: look)
  }
}
