internal import Experiments
internal import TerminalUI

/// The tree of the masks, and how their similarity goes with that of the names: by depth above, class by
/// class beside the leaves.
struct AlignmentScreen: Widget {
  /// What is shown.
  let state: WorkbenchState

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    guard let round = state.alignment.round, let tree = state.alignment.tree else {
      TextBlock(" measured at the end of a round", role: .dim)
        .render(into: &screen, in: rect, look: look)
      return
    }
    let parts = parts(in: rect, round, look)
    depths(of: round, look).render(into: &screen, in: parts[0], look: look)
    sentence(look).render(into: &screen, in: parts[1].inset(left: 1), look: look)
    leaves(of: tree, round, width: parts[2].width)
      .render(into: &screen, in: parts[2], look: look)
  }

  /// The subnetwork whose line is at a place; `nil` where there is none.
  func subnetwork(at point: Point, in rect: Rect) -> Int? {
    guard let round = state.alignment.round, let tree = state.alignment.tree else { return nil }
    let place = parts(in: rect, round, state.look)[2]
    guard let row = leaves(of: tree, round, width: place.width).row(at: point, in: place) else {
      return nil
    }
    let order = state.treeOrder
    return order.indices.contains(row) ? order[row] : nil
  }

  /// The depths, the sentence, the leaves; where there is little room the leaves keep half of it.
  private func parts(in rect: Rect, _ round: RoundAlignment, _ look: Look) -> [Rect] {
    let words = sentence(look).height(width: rect.width - 2)
    let above = min(round.levels.count + 1 + words, rect.height / 2)
    let table = max(0, above - words)
    return rect.rows([.fixed(table), .fixed(above - table), .rest])
  }

  private var hasNames: Bool { state.alignment.similarity != nil }

  private func depths(of round: RoundAlignment, _ look: Look) -> Table {
    func right(_ title: String, _ width: Int) -> TableColumn {
      TableColumn(title, width: .fixed(width), alignment: .right)
    }
    let rows = round.levels.map { level -> [Span] in
      let means = [
        Span(" " + level.name), LayerFigures.count(level.layers, .dim),
        Span(level.sparsity.map { Figures.percent($0) } ?? Figures.unknown),
        Span(Figures.ratio(level.jaccard?.mean ?? .nan), .strong),
        Span(Figures.ratio(level.chance ?? .nan), .dim),
      ]
      guard hasNames else { return means }
      return means + [
        Span(Self.signed(level.byJaccard.spearman), .strong), Self.p(level.byJaccard.p),
        Span(Self.signed(level.byExcess.spearman)), Self.p(level.byExcess.p),
      ]
    }
    let columns =
      [
        TableColumn(" weights of", width: .fixed(11)), right("layers", 6), right("sparse", 6),
        right("J", 4), right("chance", 6),
      ]
      + (hasNames
        ? [
          right(Self.rho(look), 5), right("p", 5), right(Self.rho(look) + " J-c", 7),
          right("p", 5),
        ] : [])
    return Table(columns: columns, rows: rows)
  }

  private func sentence(_ look: Look) -> TextBlock {
    switch state.alignment.names {
    case .unasked, .asked: TextBlock("looking the names up …", role: .dim)
    case .unknown(let reason):
      TextBlock("no similarity of the names: " + Names.printable(reason), role: .warning)
    case .known(let names):
      TextBlock(
        Self.rho(look) + ": rank correlation of J with " + Names.printable(names.source)
          + "; p of \(AlignmentView.permutations) shuffles", role: .dim)
    }
  }

  private func leaves(of tree: Dendrogram, _ round: RoundAlignment, width: Int) -> Table {
    let order = state.treeOrder
    let names = order.map { index in
      "\(state.shown.head(of: index)) \(state.shown.subnetworks[index].name)"
    }
    let levels = hasNames ? round.levels.map { ($0.name, $0.byJaccard.perClass) } : []
    // The tree keeps twelve columns; figures go before it does.
    let nameWidth = min(max(8, names.map { DisplayText.width($0) + 2 }.max() ?? 0), width / 3)
    let room = max(0, width - nameWidth - 14)
    let shown = Array(levels.prefix(room / 8))
    let treeWidth = max(4, width - nameWidth - 2 - shown.count * 8)
    let rows = zip(zip(order, names), tree.drawing(width: treeWidth)).map { leaf, line in
      [Span(" " + leaf.1, .series(leaf.0)), Span(line, .dim)]
        + shown.map { Span(Self.signed($0.1.indices.contains(leaf.0) ? $0.1[leaf.0] : nil)) }
    }
    let columns =
      [
        TableColumn(" by J", width: .fixed(nameWidth)),
        TableColumn(caption(of: tree), width: .rest),
      ]
      + shown.map { TableColumn($0.0, width: .fixed(7), alignment: .right) }
    let selected = state.selected.flatMap { order.firstIndex(of: $0) }
    return Table(
      columns: columns, rows: rows, selected: selected,
      firstRow: (selected ?? 0) - 4)
  }

  /// What the two ends of the tree stand for.
  private func caption(of tree: Dendrogram) -> String {
    guard let range = tree.range else { return "" }
    return "joined at J \(Figures.ratio(1 - range.lowerBound)) (left) to "
      + "\(Figures.ratio(1 - range.upperBound)) (right)"
  }

  private static func rho(_ look: Look) -> String { look.glyphs.choose("ρ", ascii: "rho") }

  private static func signed(_ value: Double?) -> String { Figures.signedRatio(value ?? .nan) }

  private static func p(_ value: Double?) -> Span {
    guard let value else { return Span(Figures.unknown, .dim) }
    return Span(Figures.ratio(value, 3), value <= 0.05 ? .good : .dim)
  }
}
