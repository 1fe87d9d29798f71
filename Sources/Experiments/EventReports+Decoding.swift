extension OverlapReport {
  private enum CodingKeys: String, CodingKey {
    case round, jaccard, chance, unionParameters, ownership, layers, inputReachesOutput
  }

  /// Reads a comparison whose matrices are square and of one size; readers rely on it.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    round = try container.decode(Int.self, forKey: .round)
    jaccard = try container.decode([[Double]].self, forKey: .jaccard)
    chance = try container.decode([[Double]].self, forKey: .chance)
    unionParameters = try container.decode(Int.self, forKey: .unionParameters)
    ownership = try container.decode([Int].self, forKey: .ownership)
    layers = try container.decode([LayerOverlap].self, forKey: .layers)
    inputReachesOutput = try container.decodeIfPresent([Bool].self, forKey: .inputReachesOutput)
    let count = jaccard.count
    let matrices = [jaccard, chance] + layers.flatMap { [$0.jaccard, $0.chance] }
    let isGood =
      matrices.allSatisfy { $0.count == count && $0.allSatisfy { $0.count == count } }
      && layers.allSatisfy { $0.sparsity.count == count }
    guard isGood else {
      throw DecodingError.dataCorruptedError(
        forKey: .jaccard, in: container,
        debugDescription: "matrices that are not all \(count)×\(count)")
    }
  }
}
