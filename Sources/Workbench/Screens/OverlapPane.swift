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
    let count = overlap.jaccard.count
    let ownershipRows = body.height >= count * 2 + 6 ? count + 3 : 0
    let parts = body.rows([.rest, .fixed(1), .fixed(ownershipRows)])
    let hasSummary = body.height >= count + 3
    let place = hasSummary ? parts[0] : body
    let mean = "J \(Figures.ratio(Matrix.pairMean(overlap.jaccard)))"
    let chance = "chance \(Figures.ratio(Matrix.pairMean(overlap.chance)))"
    var heatmap = Heatmap(
      heads: state.shown.subnetworks.map(\.label), cells: [],
      cursor: state.selected.map { Point(x: $0, y: $0) },
      legend: body.width >= 36 ? "\(mean) \(chance)" : body.width >= 28 ? mean : "")
    // A number on the diagonal is no heat; without numbers there is nothing but heat.
    let isWritten = heatmap.chosenMode(in: place, look: look) == .numbers
    heatmap.cells = cells(overlap, diagonal: isWritten ? .strong : nil)
    heatmap.render(into: &screen, in: place, look: look)
    if hasSummary { summary(overlap, into: &screen, in: parts[1], look: look) }
    if ownershipRows > 0 { ownership(overlap, into: &screen, in: parts[2], look: look) }
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
