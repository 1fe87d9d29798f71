internal import Experiments
internal import TerminalUI

/// A line per prunable layer: mean J, chance, sparsity, and J over the rounds.
struct LayersPane: Widget {
  /// What is shown.
  let state: WorkbenchState

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    guard let overlap = state.shown.overlap, !overlap.layers.isEmpty else {
      layersBeforeOverlap(into: &screen, in: rect, look: look)
      return
    }
    LayerTable(
      names: LayerFigures.names(of: overlap),
      emptied: LayerFigures.emptied(overlap, of: Array(overlap.jaccard.indices)),
      columns: columns(overlap, look), cursor: state.focus == .layers ? state.layerCursor : nil
    ).render(into: &screen, in: rect, look: look)
  }

  /// The layer whose line is at a place; `nil` where there is none.
  func layer(at point: Point, in rect: Rect) -> Int? {
    let names = (0..<state.layerCount).map { "\($0)" }
    let cursor = state.focus == .layers ? state.layerCursor : nil
    return LayerTable(names: names, columns: [], cursor: cursor).layer(at: point, in: rect)
  }

  private func columns(_ overlap: OverlapReport, _ look: Look) -> [LayerTable.Column] {
    let run = state.shown
    let selected = state.selected
    func sparsity(_ line: Int) -> Double {
      let all = overlap.layers[line].sparsity
      if let selected, all.indices.contains(selected) { return all[selected] }
      return all.isEmpty ? .nan : all.reduce(0, +) / Double(all.count)
    }
    func history(_ line: Int) -> [Double] {
      if let selected { return run.overlapHistory.meanJaccard(layer: line, of: selected) }
      return run.rounds.compactMap { $0.layers.indices.contains(line) ? $0.layers[line] : nil }
    }
    let jaccard = overlap.layers.map { mean($0.jaccard) }
    let chance = overlap.layers.map { mean($0.chance) }
    var figures = LayerFigures.columns(
      jaccard: { jaccard[$0] }, chance: { chance[$0] }, rank: 1)
    if let selected {
      // Signs only where they leave room for what the column is of.
      let titles = [run.head(of: selected), Names.letter(selected)].map { $0 + " J" }
      let width = figures[0].width
      figures[0].title = titles.first { DisplayText.width($0) <= width } ?? titles[1]
    }
    let order = state.displayOrder
    return [
      LayerTable.Column(
        title: "weights", width: 7, rank: 5,
        text: { line in
          Span(
            run.weights(ofLayer: overlap.layers[line].name).map { Figures.short(Double($0)) } ?? "",
            .dim)
        })
    ]
      + figures
      + [
        LayerTable.Column(
          title: "sparse", width: 6, rank: 4,
          text: {
            Span(Figures.percent(sparsity($0)), sparsity($0) >= 1 ? .critical : .text)
          }),
        LayerTable.Column(
          title: order.map { String(Names.letter($0).suffix(1)) }.joined(),
          width: order.count + 1, rank: 7,
          widget: { SparsityStrip(values: overlap.layers[$0].sparsity, order: order) }),
        LayerTable.Column(
          title: "rounds", width: 10, rank: 6, longest: 24,
          widget: { Sparkline(values: history($0), range: 0...1) }),
      ]
  }

  private func mean(_ matrix: [[Double]]) -> Double {
    if let selected = state.selected { return Matrix.rowMean(matrix, selected) ?? .nan }
    return Matrix.pairMean(matrix)
  }

  private func layersBeforeOverlap(into screen: inout Screen, in rect: Rect, look: Look) {
    let layers = state.shown.description?.layers ?? []
    guard !layers.isEmpty else {
      TextBlock(" no layers yet", role: .dim).render(into: &screen, in: rect, look: look)
      return
    }
    LayerTable(
      names: layers.map { LayerNames.short($0.name) },
      columns: [
        LayerTable.Column(
          title: "weights", width: 9, rank: 1,
          text: { Span(Figures.grouped(layers[$0].weights), .dim) })
      ], cursor: state.focus == .layers ? state.layerCursor : nil
    ).render(into: &screen, in: rect, look: look)
  }
}

/// The sparsity of each subnetwork in a column each: its first decimal on its heat; `!` for no weights
/// left.
struct SparsityStrip: Widget {
  /// The sparsity of each subnetwork.
  let values: [Double]
  /// The subnetworks, from left to right.
  let order: [Int]

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    for (column, index) in order.enumerated() where column < rect.width {
      guard values.indices.contains(index), values[index].isFinite else { continue }
      let value = min(max(values[index], 0), 1)
      let isEmpty = value >= 1
      let digit = isEmpty ? "!" : String(min(9, Int(value * 10 + 1e-9)))
      screen.put(
        digit, in: Rect(x: rect.x + column, y: rect.y, width: 1, height: 1),
        style: look[isEmpty ? .critical : look.isMono ? .text : .heat(value)])
    }
  }
}
