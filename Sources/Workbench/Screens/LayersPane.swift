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
    let selected = state.selected
    let who =
      selected.map { k in
        let subnetworks = state.shown.subnetworks
        return (subnetworks.indices.contains(k) ? subnetworks[k].label : Names.letter(k)) + " "
      } ?? ""
    let history = rect.width >= 56 ? 12 : 0
    let hasWeights = rect.width >= 46
    var columns = [TableColumn(" layer")]
    if hasWeights { columns.append(TableColumn("weights", width: .fixed(7), alignment: .right)) }
    columns += [
      TableColumn(
        "\(who)J", width: .fixed(max(4, DisplayText.width(who) + 1)), alignment: .right),
      TableColumn("chance", width: .fixed(6), alignment: .right),
      TableColumn("J-c", width: .fixed(5), alignment: .right),
      TableColumn("sparse", width: .fixed(6), alignment: .right),
    ]
    if history > 0 { columns.append(TableColumn(" J by round", width: .fixed(history))) }
    let first = min(state.scroll[.layers] ?? 0, max(0, overlap.layers.count - 1))
    let rows = overlap.layers.enumerated().map { index, layer -> [Span] in
      let jaccard = mean(layer.jaccard)
      let chance = mean(layer.chance)
      let sparsity =
        selected.flatMap { layer.sparsity.indices.contains($0) ? layer.sparsity[$0] : nil }
        ?? layer.sparsity.reduce(0, +) / Double(max(1, layer.sparsity.count))
      let weights = state.shown.description?.layers.first { $0.name == layer.name }?.weights
      let isEmpty = layer.sparsity.contains { $0 >= 1 }
      var row = [Span(" " + LayersPane.short(layer.name), isEmpty ? .critical : .text)]
      if hasWeights { row.append(Span(weights.map { Figures.short(Double($0)) } ?? "", .dim)) }
      row += [
        Span(Figures.ratio(jaccard)), Span(Figures.ratio(chance), .dim),
        Span(Figures.signedRatio(jaccard - chance)),
        Span(Figures.percent(sparsity), isEmpty ? .critical : .text),
      ]
      return row
    }
    Table(columns: columns, rows: rows, firstRow: first).render(into: &screen, in: rect, look: look)
    guard history > 0, rect.height > 1 else { return }
    for line in 0..<min(rect.height - 1, overlap.layers.count - first) {
      let values = state.shown.rounds.compactMap { record in
        record.layers.indices.contains(first + line) ? record.layers[first + line] : nil
      }
      Sparkline(values: values, range: 0...1, role: .accent).render(
        into: &screen,
        in: Rect(x: rect.maxX - history + 1, y: rect.y + 1 + line, width: history - 1, height: 1),
        look: look)
    }
  }

  /// A layer's name without the ending that all share.
  static func short(_ name: String) -> String {
    let clean = Names.printable(name)
    return clean.hasSuffix(".weight") ? String(clean.dropLast(7)) : clean
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
    Table(
      columns: [
        TableColumn(" layer", width: .rest),
        TableColumn("weights", width: .fixed(9), alignment: .right),
      ],
      rows: layers.map {
        [Span(" " + Self.short($0.name)), Span(Figures.grouped($0.weights), .dim)]
      }, firstRow: min(state.scroll[.layers] ?? 0, layers.count - 1)
    ).render(into: &screen, in: rect, look: look)
  }
}
