internal import Experiments
internal import TerminalUI

/// The pairwise Jaccard heatmap, with the ownership of the weights below it where there is room.
struct OverlapPane: Widget {
  /// What is shown.
  let state: WorkbenchState

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    guard let overlap = state.shown.overlap, overlap.jaccard.count > 1 else {
      let text =
        state.shown.subnetworks.count == 1
        ? " one subnetwork has nothing to overlap with" : " measured at the end of a round"
      TextBlock(text, role: .dim).render(into: &screen, in: rect, look: look)
      return
    }
    let places = places(for: overlap, in: rect)
    map(overlap).render(into: &screen, in: places.map, look: look)
    if let place = places.ownership { ownership(overlap, into: &screen, in: place, look: look) }
  }

  /// The subnetworks of the cell at a place, as row and column; `nil` where there is none.
  func pair(at point: Point, in rect: Rect) -> (row: Int, column: Int)? {
    guard let overlap = state.shown.overlap, overlap.jaccard.count > 1 else { return nil }
    return map(overlap).pair(at: point, in: places(for: overlap, in: rect).map)
  }

  private func map(_ overlap: OverlapReport) -> OverlapMap {
    OverlapMap(
      state: state, jaccard: overlap.jaccard, chance: overlap.chance,
      sparsity: state.shown.comparedSparsity)
  }

  /// Where the heatmap goes, and below it the ownership where there is room.
  private func places(for overlap: OverlapReport, in rect: Rect) -> (map: Rect, ownership: Rect?) {
    let count = overlap.jaccard.count
    let ownershipRows = rect.height >= count * 2 + 6 ? count + 3 : 0
    let parts = rect.rows([.rest, .fixed(ownershipRows)])
    return (parts[0], ownershipRows > 0 ? parts[1] : nil)
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
