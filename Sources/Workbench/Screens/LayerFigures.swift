internal import Experiments
internal import TerminalUI

/// What the lists of layers have in common.
enum LayerFigures {
  /// The names of the layers, without the ending that all share.
  static func names(of overlap: OverlapReport) -> [String] {
    overlap.layers.map { LayerNames.short($0.name) }
  }

  /// The layers in which one of some subnetworks has no weights left.
  static func emptied(_ overlap: OverlapReport, of subnetworks: [Int]) -> Set<Int> {
    Set(
      overlap.layers.indices.filter { line in
        let sparsity = overlap.layers[line].sparsity
        return subnetworks.contains { sparsity.indices.contains($0) && sparsity[$0] >= 1 }
      })
  }

  /// A count in groups of three; a dash where it is not known.
  static func count(_ value: Int?, _ role: StyleRole = .text) -> Span {
    value.map { Span(Figures.grouped($0), role) } ?? Span(Figures.unknown, .dim)
  }

  /// The columns of J, chance and their difference, from figures per line.
  static func columns(
    jaccard: @escaping (Int) -> Double, chance: @escaping (Int) -> Double, rank: Int
  ) -> [LayerTable.Column] {
    [
      LayerTable.Column(
        title: "J", width: 4, rank: rank, text: { Span(Figures.ratio(jaccard($0)), .strong) }),
      LayerTable.Column(
        title: "chance", width: 6, rank: rank + 2,
        text: { Span(Figures.ratio(chance($0)), .dim) }),
      LayerTable.Column(
        title: "J-c", width: 5, rank: rank + 1,
        text: { Span(Figures.signedRatio(jaccard($0) - chance($0))) }),
    ]
  }
}
