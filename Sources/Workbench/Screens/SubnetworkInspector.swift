internal import Experiments
internal import TerminalUI

/// One subnetwork layer by layer: weights left, sparsity, its overlap with the others.
struct SubnetworkInspector: Widget {
  /// What is shown.
  let state: WorkbenchState
  /// The subnetwork.
  let index: Int

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    guard let overlap = state.shown.overlap, overlap.jaccard.indices.contains(index) else {
      TextBlock(" measured at the end of a round", role: .dim)
        .render(into: &screen, in: rect, look: look)
      return
    }
    LayerTable(
      names: LayerFigures.names(of: overlap),
      emptied: LayerFigures.emptied(overlap, of: [index]), total: " all layers",
      columns: columns(overlap), cursor: state.layerCursor
    ).render(into: &screen, in: rect, look: look)
  }

  private func columns(_ overlap: OverlapReport) -> [LayerTable.Column] {
    let run = state.shown
    let index = index
    let weights = overlap.layers.map { run.weights(ofLayer: $0.name) }
    let left = zip(overlap.layers, weights).map { layer, weights in
      weights.flatMap { layer.weightsLeft(of: index, weights: $0) }
    }
    // The last line is the sum of the others: the masks of the comparison, not those being pruned now.
    func sum(_ counts: [Int?]) -> [Int?] {
      let known = counts.compactMap(\.self)
      return counts + [known.count == counts.count ? known.reduce(0, +) : nil]
    }
    let (sizes, kept) = (sum(weights), sum(left))
    func sparsity(_ line: Int) -> Double {
      guard let size = sizes[line], let kept = kept[line], size > 0 else { return .nan }
      return 1 - Double(kept) / Double(size)
    }
    func mean(_ line: Int, _ whole: [[Double]], _ own: (LayerOverlap) -> [[Double]]) -> Double {
      Matrix.rowMean(line == overlap.layers.count ? whole : own(overlap.layers[line]), index)
        ?? .nan
    }
    let digits = max(7, sizes.compactMap(\.self).map { Figures.grouped($0).count }.max() ?? 0)
    return [
      LayerTable.Column(
        title: "weights", width: digits, rank: 7, text: { LayerFigures.count(sizes[$0], .dim) }),
      LayerTable.Column(
        title: "left", width: digits, rank: 2, text: { LayerFigures.count(kept[$0], .strong) }),
      LayerTable.Column(
        title: "sparse", width: 6, rank: 1,
        text: {
          Span(Figures.percent(sparsity($0)), sparsity($0) >= 1 ? .critical : .text)
        }),
      LayerTable.Column(
        title: "", width: 8, rank: 8, longest: 40,
        widget: {
          BarList(bars: [Bar(label: "", value: sparsity($0), role: .series(index))])
        }),
    ]
      + LayerFigures.columns(
        jaccard: { mean($0, overlap.jaccard, \.jaccard) },
        chance: { mean($0, overlap.chance, \.chance) }, rank: 3)
      + [
        LayerTable.Column(
          title: "rounds", width: 8, rank: 9, longest: 30,
          widget: { line in
            Sparkline(
              values: run.overlapHistory.meanJaccard(layer: line, of: index), range: 0...1)
          })
      ]
  }
}
