internal import Experiments
internal import TerminalUI

/// Two subnetworks layer by layer: the weights only in one, in both, only in the other; J, chance, and
/// J over the rounds.
struct PairInspector: Widget {
  /// What is shown.
  let state: WorkbenchState
  /// The first subnetwork.
  let first: Int
  /// The second subnetwork.
  let second: Int

  func render(into screen: inout Screen, in rect: Rect, look: Look) {
    guard let overlap = state.shown.overlap, overlap.jaccard.indices.contains(max(first, second)),
      min(first, second) >= 0
    else {
      TextBlock(" measured at the end of a round", role: .dim)
        .render(into: &screen, in: rect, look: look)
      return
    }
    let counts = state.shown.layerCounts(first, second) + [state.shown.totalCounts(first, second)]
    let parts = parts(in: rect)
    if parts[0].height > 0 {
      summary(counts.last ?? nil, into: &screen, in: parts[0].row(0), look: look)
    }
    LayerTable(
      names: LayerFigures.names(of: overlap),
      emptied: LayerFigures.emptied(overlap, of: [first, second]), total: " all layers",
      columns: columns(overlap, counts), cursor: state.layerCursor
    ).render(into: &screen, in: parts[1], look: look)
  }

  /// Where the table of the layers is.
  func table(in rect: Rect) -> Rect { parts(in: rect)[1] }

  private func parts(in rect: Rect) -> [Rect] {
    let head = rect.height >= 8 ? 2 : rect.height >= 5 ? 1 : 0
    return rect.rows([.fixed(head), .rest])
  }

  private var letters: (String, String) { (Names.letter(first), Names.letter(second)) }

  /// What the parts of the bars are, and the whole in one line.
  private func summary(
    _ counts: PairCounts?, into screen: inout Screen, in rect: Rect, look: Look
  ) {
    let (a, b) = letters
    func swatch(_ glyph: String, _ ascii: String, _ role: StyleRole) -> Span {
      Span(look.glyphs.choose(glyph, ascii: ascii), role)
    }
    var line: [Span] = [
      " ", swatch("▒▒", "<<", .series(first)), Span(" only \(a)  ", .label),
      swatch("██", "##", .strong), Span(" both  ", .label),
      swatch("░░", ">>", .series(second)), Span(" only \(b)", .label),
    ]
    if let counts {
      line.append(
        Span(
          "   \(Figures.grouped(counts.both)) of \(Figures.grouped(counts.union)) weights in "
            + "both, J \(Figures.ratio(counts.jaccard, 4))"))
    }
    screen.put(line, in: rect, look: look)
  }

  private func columns(
    _ overlap: OverlapReport, _ counts: [PairCounts?]
  ) -> [LayerTable.Column] {
    let (a, b) = letters
    let (first, second) = (first, second)
    let run = state.shown
    let last = overlap.layers.count
    func weights(_ line: Int) -> Int? {
      line == last
        ? run.description?.prunableParameters : run.weights(ofLayer: overlap.layers[line].name)
    }
    func element(_ line: Int, _ whole: [[Double]], _ own: (LayerOverlap) -> [[Double]]) -> Double {
      Matrix.element(line == last ? whole : own(overlap.layers[line]), first, second) ?? .nan
    }
    let digits = max(
      6, counts.compactMap(\.self).map { Figures.grouped($0.union).count }.max() ?? 0)
    return [
      LayerTable.Column(
        title: "weights", width: max(7, digits), rank: 8,
        text: { LayerFigures.count(weights($0), .dim) }),
      LayerTable.Column(
        title: "only \(a)", width: digits, rank: 3,
        text: { LayerFigures.count(counts[$0]?.onlyFirst) }),
      LayerTable.Column(
        title: "both", width: digits, rank: 2,
        text: { LayerFigures.count(counts[$0]?.both, .strong) }),
      LayerTable.Column(
        title: "only \(b)", width: digits, rank: 4,
        text: { LayerFigures.count(counts[$0]?.onlySecond) }),
      LayerTable.Column(
        title: "union", width: 8, rank: 6, longest: 40,
        widget: { line in
          ShareBar([
            ShareBar.Part(
              Double(counts[line]?.onlyFirst ?? 0), role: .series(first), glyph: "▒", ascii: "<"),
            ShareBar.Part(
              Double(counts[line]?.both ?? 0), role: .strong, glyph: "█", ascii: "#"),
            ShareBar.Part(
              Double(counts[line]?.onlySecond ?? 0), role: .series(second), glyph: "░", ascii: ">"),
          ])
        }),
    ]
      + LayerFigures.columns(
        jaccard: { element($0, overlap.jaccard, \.jaccard) },
        chance: { element($0, overlap.chance, \.chance) }, rank: 1)
      + [
        LayerTable.Column(
          title: "rounds", width: 8, rank: 7, longest: 30,
          widget: { line in
            Sparkline(
              values: run.overlapHistory.jaccard(layer: line, first, second), range: 0...1)
          })
      ]
  }
}
