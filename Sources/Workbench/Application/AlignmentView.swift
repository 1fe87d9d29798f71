package import Experiments

/// What is known of the classes' names, and what the masks compared last say of them.
package struct AlignmentView: Sendable, Equatable {
  /// What is known of the names.
  package enum Names: Sendable, Equatable {
    /// Nobody has asked.
    case unasked
    /// These are being looked up.
    case asked([String])
    /// How alike they are.
    case known(NameSimilarity)
    /// That cannot be had, and why.
    case unknown(String)
  }

  /// Shuffles for a p: enough for two digits of it.
  static let permutations = 999

  /// What is known of the names.
  package var names = Names.unasked
  /// All weights and the depths of the comparison.
  package private(set) var round: RoundAlignment?
  /// The tree of all weights' masks.
  package private(set) var tree: Dendrogram?

  /// Whether the names are being looked up.
  var isAsking: Bool {
    if case .asked = names { return true }
    return false
  }

  /// How alike the names are, if that is known.
  package var similarity: NameSimilarity? {
    if case .known(let similarity) = names { return similarity }
    return nil
  }

  /// Takes the latest comparison in; nothing, where there is none.
  mutating func take(_ run: RunModel) {
    guard let overlap = run.overlap else {
      (round, tree) = (nil, nil)
      return
    }
    let levels = overlap.levels(sizes: run.description?.layers ?? [])
      .filter { $0.kind != .layer }
    let alignment = MaskAlignment(
      names: similarity, test: PermutationTest(permutations: Self.permutations, seed: 1))
    round = alignment.round(overlap.round, levels: levels, epochs: nil)
    tree = Dendrogram(similarity: overlap.jaccard)
  }
}
