internal import Experiments
internal import TerminalUI

/// The sparsity of layers by subnetworks as a heatmap.
struct SparsityLayersPane: Widget {
  /// What is shown.
  let state: WorkbenchState

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    guard let overlap = state.shown.overlap, !overlap.layers.isEmpty else {
      TextBlock(" measured at the end of a round", role: .dim)
        .render(into: &screen, in: rect, look: look)
      return
    }
    let (map, place) = placed(overlap, in: rect, look: look)
    map.render(into: &screen, in: place, look: look)
  }

  /// The layer and the subnetwork of the cell at a place; `nil` where there is none.
  func cell(at point: Point, in rect: Rect) -> (layer: Int, subnetwork: Int)? {
    guard let overlap = state.shown.overlap, !overlap.layers.isEmpty else { return nil }
    let (map, place) = placed(overlap, in: rect, look: state.look)
    let order = order(overlap)
    guard let cell = map.cell(at: point, in: place, look: state.look),
      order.indices.contains(cell.x)
    else { return nil }
    return (cell.y, order[cell.x])
  }

  private func order(_ overlap: OverlapReport) -> [Int] {
    state.displayOrder.filter { overlap.jaccard.indices.contains($0) }
  }

  /// The heatmap, and where it goes.
  private func placed(
    _ overlap: OverlapReport, in rect: Rect, look: Look
  ) -> (map: Heatmap, place: Rect) {
    let order = order(overlap)
    let column = state.selected.flatMap { order.firstIndex(of: $0) }
    let isPointedAt = state.focus == .sparsity
    let names = overlap.layers.map { LayerNames.short($0.name) }
    let longest = min(28, max(12, rect.width / 3 - 1))
    // Names are as good as figures here: what has no height is scrolled, not halved.
    let fitting = [HeatmapMode.numbers, .swatches.shown(by: look)].first {
      $0.cellWidth * order.count + longest < rect.width
    }
    var map = Heatmap(
      rowHeads: LayerNames.fitted(names, to: longest),
      columnHeads: order.map(Names.letter),
      cells: overlap.layers.map { layer in
        order.map { index in
          let value = layer.sparsity.indices.contains(index) ? layer.sparsity[index] : .nan
          return HeatCell(value: value, role: value >= 1 ? .critical : nil)
        }
      }, mode: state.overlapView.mode ?? fitting,
      cursor: isPointedAt ? Point(x: column ?? -1, y: state.layerCursor) : nil)
    map.longestHead = longest
    map.columnMarks = order.map(state.shown.signs)
    map.legend = legend(overlap)
    let natural = map.naturalSize(map.chosenMode(in: rect, look: look))
    return (map, rect.inset(bottom: max(0, rect.height - natural.height)))
  }

  private func legend(_ overlap: OverlapReport) -> String {
    let layer = state.layerCursor
    guard state.focus == .sparsity, let selected = state.selected,
      overlap.layers.indices.contains(layer),
      overlap.layers[layer].sparsity.indices.contains(selected)
    else { return "sparsity" }
    let sparsity = overlap.layers[layer].sparsity[selected]
    let left = state.shown.weights(ofLayer: overlap.layers[layer].name).flatMap {
      overlap.layers[layer].weightsLeft(of: selected, weights: $0)
    }
    return "\(Names.letter(selected)) \(LayerNames.short(overlap.layers[layer].name)) "
      + Figures.percent(sparsity, 2) + (left.map { ", \(Figures.grouped($0)) left" } ?? "")
  }
}

/// In how many of the K masks a weight is: a line per number of masks.
struct OwnershipPane: Widget {
  /// What is shown.
  let state: WorkbenchState

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    guard let overlap = state.shown.overlap, !overlap.ownership.isEmpty else {
      TextBlock(" measured at the end of a round", role: .dim)
        .render(into: &screen, in: rect, look: look)
      return
    }
    let owners = overlap.ownership
    let total = max(1, owners.reduce(0, &+))
    let most = Double(max(1, owners.max() ?? 1))
    let (table, parts) = placed(owners, in: rect)
    table.render(into: &screen, in: parts[0], look: look)
    for (count, weights) in owners.enumerated() {
      guard let place = table.place(row: count, column: 3, in: parts[0]), place.width >= 3 else {
        continue
      }
      BarList(bars: [
        Bar(label: "", value: Double(weights) / most, role: count == 0 ? .dim : .accent)
      ]).render(into: &screen, in: place, look: look)
    }
    guard parts[1].height > 0 else { return }
    screen.put(
      " union \(Figures.grouped(overlap.unionParameters)) of \(Figures.grouped(total)) weights, "
        + "in all \(owners.count - 1) masks \(Figures.grouped(owners.last ?? 0))",
      in: parts[1], style: look[.dim], ellipsis: look.glyphs.ellipsis)
  }

  /// The number of masks whose line is at a place; `nil` where there is none.
  func owners(at point: Point, in rect: Rect) -> Int? {
    guard let owners = state.shown.overlap?.ownership, !owners.isEmpty else { return nil }
    let (table, parts) = placed(owners, in: rect)
    return table.row(at: point, in: parts[0])
  }

  /// The table, and where it and the line below it go.
  private func placed(_ owners: [Int], in rect: Rect) -> (table: Table, parts: [Rect]) {
    let total = Double(max(1, owners.reduce(0, &+)))
    let hasLine = rect.height >= 5
    let parts = rect.rows([
      .fixed(min(owners.count + 1, rect.height - (hasLine ? 1 : 0))), .fixed(hasLine ? 1 : 0),
    ])
    let cursor = state.focus == .sparsity ? state.ownersCursor : nil
    let table = Table(
      columns: [
        TableColumn("in masks", width: .fixed(9), alignment: .right),
        TableColumn("weights", width: .fixed(10), alignment: .right),
        TableColumn("share", width: .fixed(6), alignment: .right), TableColumn(""),
      ],
      rows: owners.enumerated().map { count, weights in
        [
          Span(count == 0 ? "none" : "\(count)", count == 0 ? .dim : .strong),
          Span(Figures.grouped(weights)),
          Span(Figures.percent(Double(weights) / total), .dim), "",
        ]
      }, selected: cursor, firstRow: (cursor ?? 0) - max(0, parts[0].height - 1) / 2)
    return (table, parts)
  }
}
