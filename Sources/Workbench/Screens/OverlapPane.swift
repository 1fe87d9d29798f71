internal import Experiments
internal import TerminalUI

/// The pairwise Jaccard heatmap: below the diagonal J, above it J − chance, on it the sparsity.
struct OverlapPane: Widget {
  /// What is shown.
  let state: WorkbenchState

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    let body = rect
    guard let overlap = state.shown.overlap, overlap.jaccard.count > 1 else {
      let text =
        state.shown.subnetworks.count == 1
        ? " one subnetwork has nothing to overlap with" : " measured at the end of a round"
      TextBlock(text, role: .dim).render(into: &screen, in: body, look: look)
      return
    }
    let (place, summaryPlace, ownershipPlace) = places(for: overlap, in: body)
    var heatmap = heatmap(of: overlap, width: body.width)
    // A number on the diagonal is no heat; without numbers there is nothing but heat.
    let isWritten = heatmap.chosenMode(in: place, look: look) == .numbers
    heatmap.cells = cells(overlap, diagonal: isWritten ? .strong : nil)
    heatmap.render(into: &screen, in: place, look: look)
    if let summaryPlace { summary(overlap, into: &screen, in: summaryPlace, look: look) }
    if let ownershipPlace { ownership(overlap, into: &screen, in: ownershipPlace, look: look) }
  }

  /// The cell at a place: column `x`, row `y`; `nil` where there is none.
  func cell(at point: Point, in rect: Rect) -> Point? {
    guard let overlap = state.shown.overlap, overlap.jaccard.count > 1 else { return nil }
    return heatmap(of: overlap, width: rect.width)
      .cell(at: point, in: places(for: overlap, in: rect).heatmap, look: state.look)
  }

  /// Where the heatmap goes, and below it a line of means and the ownership where there is room.
  private func places(
    for overlap: OverlapReport, in body: Rect
  ) -> (heatmap: Rect, summary: Rect?, ownership: Rect?) {
    let count = overlap.jaccard.count
    guard body.height >= count + 3 else { return (body, nil, nil) }
    let ownershipRows = body.height >= count * 2 + 6 ? count + 3 : 0
    let parts = body.rows([.rest, .fixed(1), .fixed(ownershipRows)])
    return (parts[0], parts[1], ownershipRows > 0 ? parts[2] : nil)
  }

  /// The heatmap without its cells.
  private func heatmap(of overlap: OverlapReport, width: Int) -> Heatmap {
    let mean = "J \(Figures.ratio(Matrix.pairMean(overlap.jaccard)))"
    let chance = "chance \(Figures.ratio(Matrix.pairMean(overlap.chance)))"
    return Heatmap(
      heads: state.shown.subnetworks.map(\.letter), cells: [],
      cursor: state.selected.map { Point(x: $0, y: $0) },
      legend: width >= 36 ? "\(mean) \(chance)" : width >= 28 ? mean : "")
  }

  private func cells(_ overlap: OverlapReport, diagonal: StyleRole?) -> [[HeatCell]] {
    overlap.jaccard.indices.map { row in
      overlap.jaccard.indices.map { column in
        if row == column {
          let sparsity =
            state.shown.subnetworks.indices.contains(row)
            ? state.shown.subnetworks[row].sparsity : 0
          return HeatCell(value: sparsity, text: Figures.ratio(sparsity), role: diagonal)
        }
        guard let jaccard = Matrix.element(overlap.jaccard, row, column), jaccard.isFinite,
          let chance = Matrix.element(overlap.chance, row, column)
        else { return HeatCell(value: nil) }
        if row > column { return HeatCell(value: jaccard, text: Figures.ratio(jaccard)) }
        return HeatCell(value: jaccard - chance, text: Figures.ratio(jaccard - chance))
      }
    }
  }

  private func summary(
    _ overlap: OverlapReport, into screen: inout Screen, in rect: Rect, look: Look
  ) {
    var text = " lower J, upper J-c, diagonal sparsity"
    if let selected = state.selected, let mean = Matrix.rowMean(overlap.jaccard, selected),
      let chance = Matrix.rowMean(overlap.chance, selected)
    {
      text =
        " \(Names.letter(selected)) to the others: J \(Figures.ratio(mean)), "
        + "chance \(Figures.ratio(chance))"
    }
    screen.put(text, in: rect, style: look[.dim])
  }

  private func ownership(
    _ overlap: OverlapReport, into screen: inout Screen, in rect: Rect, look: Look
  ) {
    screen.put(
      " weights in n masks · union \(Figures.grouped(overlap.unionParameters))", in: rect.row(0),
      style: look[.label])
    let total = max(1, overlap.ownership.reduce(0, +))
    let most = max(1, overlap.ownership.max() ?? 1)
    let bars = overlap.ownership.enumerated().map { count, weights in
      Bar(
        label: count < 10 ? "  \(count)" : " \(count)", value: Double(weights) / Double(most),
        text: Figures.percent(Double(weights) / Double(total)),
        role: count == 0 ? .dim : .accent)
    }
    BarList(bars: bars).render(
      into: &screen, in: rect.inset(top: 1), look: look)
  }
}
