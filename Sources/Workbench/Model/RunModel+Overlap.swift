package import Experiments

extension RunModel {
  /// The size of a prunable layer; `nil` if it is not known or of no real network.
  package func weights(ofLayer name: String) -> Int? {
    let weights = description?.layers.first { $0.name == name }?.weights
    return weights.flatMap { (0..<(1 << 48)).contains($0) ? $0 : nil }
  }

  /// What two masks have in common in each layer of the latest comparison, exactly.
  package func layerCounts(_ first: Int, _ second: Int) -> [PairCounts?] {
    guard let overlap else { return [] }
    let sizes = Dictionary(
      (description?.layers ?? []).map { ($0.name, $0.weights) }, uniquingKeysWith: { $1 })
    return overlap.layers.map { layer in
      sizes[layer.name].flatMap { layer.counts(first, second, weights: $0) }
    }
  }

  /// What two masks have in common in all layers together; `nil` if one layer's counts are not known.
  package func totalCounts(_ first: Int, _ second: Int) -> PairCounts? {
    let layers = layerCounts(first, second)
    let known = layers.compactMap(\.self)
    guard !known.isEmpty, known.count == layers.count else { return nil }
    return known.dropFirst().reduce(known[0], +)
  }
}
