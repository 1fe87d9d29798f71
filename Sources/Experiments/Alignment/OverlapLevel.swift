/// The similarity of the masks over some of the weights: all of them, the layers of a depth, one layer.
public struct OverlapLevel: Sendable, Equatable {
  /// Which weights.
  public enum Kind: String, Sendable, Codable {
    /// All prunable weights.
    case all
    /// The layers of a depth together.
    case depth
    /// One layer.
    case layer
  }

  /// Which weights.
  public let kind: Kind
  /// `all`, a depth, or PyTorch's name of a layer.
  public let name: String
  /// How many layers.
  public let layers: Int
  /// How many weights, if that is known.
  public let weights: Int?
  /// J of each pair, K×K.
  public let jaccard: [[Double]]
  /// The chance level of each pair, K×K.
  public let chance: [[Double]]
  /// The fraction of the weights that each mask has lost; `nil` if it is not known.
  public let sparsity: [Double]?
}

extension OverlapReport {
  /// All weights, the depths, then the layers. The masks of a depth are compared over its layers' weights
  /// taken together; a depth is left out where the counts cannot be had from the figures.
  /// - Parameter sizes: the sizes of the layers, as in the run's description.
  public func levels(sizes: [LayerDescription]) -> [OverlapLevel] {
    let sizes = Dictionary(sizes.map { ($0.name, $0.weights) }) { first, _ in first }
    let all = together(Array(layers.indices), sizes)
    let whole = OverlapLevel(
      kind: .all, name: "all", layers: layers.count, weights: all?.weights, jaccard: jaccard,
      chance: chance, sparsity: all?.sparsity)
    let depths = DepthGroup.allCases.compactMap { group -> OverlapLevel? in
      let members = layers.indices.filter {
        DepthGroup.of(layer: $0, count: layers.count) == group
      }
      guard !members.isEmpty, let sums = together(members, sizes) else { return nil }
      return OverlapLevel(
        kind: .depth, name: group.rawValue, layers: members.count, weights: sums.weights,
        jaccard: sums.jaccard, chance: sums.chance, sparsity: sums.sparsity)
    }
    let single = layers.map { layer in
      OverlapLevel(
        kind: .layer, name: layer.name, layers: 1, weights: sizes[layer.name],
        jaccard: layer.jaccard, chance: layer.chance, sparsity: layer.sparsity)
    }
    return [whole] + depths + single
  }

  private struct Sums {
    var weights: Int
    var jaccard: [[Double]]
    var chance: [[Double]]
    var sparsity: [Double]
  }

  /// Some layers as one; `nil` if a size is not known or the figures are of no whole numbers.
  private func together(_ members: [Int], _ sizes: [String: Int]) -> Sums? {
    let things = jaccard.indices
    var weights = 0
    var kept = [Int](repeating: 0, count: things.count)
    var pairs = [PairCounts](
      repeating: PairCounts(onlyFirst: 0, both: 0, onlySecond: 0),
      count: PairList.count(of: things.count))
    for layer in members.map({ layers[$0] }) {
      guard let size = sizes[layer.name] else { return nil }
      weights += size
      for i in things {
        guard let left = layer.weightsLeft(of: i, weights: size) else { return nil }
        kept[i] += left
        for j in things.dropFirst(i + 1) {
          guard let counts = layer.counts(i, j, weights: size) else { return nil }
          let place = PairList.place(i, j, of: things.count)
          pairs[place] = pairs[place] + counts
        }
      }
    }
    guard weights > 0 else { return nil }
    let density = kept.map { Double($0) / Double(weights) }
    return Sums(
      weights: weights,
      jaccard: things.map { i in
        things.map { j in
          i == j ? 1 : pairs[PairList.place(i, j, of: things.count)].jaccard
        }
      },
      chance: density.map { a in density.map { PairCounts.chance(a, $0) } },
      sparsity: density.map { 1 - $0 })
  }
}

extension PairCounts {
  /// Expectation of J for two independent masks of densities a and b: ab / (a + b − ab); 1 if both are empty.
  public static func chance(_ a: Double, _ b: Double) -> Double {
    let union = a + b - a * b
    return union == 0 ? 1 : a * b / union
  }
}
