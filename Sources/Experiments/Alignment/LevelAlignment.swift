/// How the similarity of the masks over some weights goes with that of the names.
public struct LevelAlignment: Sendable, Codable, Equatable {
  /// Which weights.
  public let kind: OverlapLevel.Kind
  /// `all`, a depth, or a layer's name.
  public let name: String
  /// How many layers.
  public let layers: Int
  /// How many weights, if that is known.
  public let weights: Int?
  /// Mean sparsity of the masks here.
  public let sparsity: Double?
  /// J over all pairs.
  public let jaccard: Spread?
  /// Mean chance level of all pairs.
  public let chance: Double?
  /// With J as the masks' similarity.
  public let byJaccard: Correlation
  /// With J − chance.
  public let byExcess: Correlation
  /// J within each known group, in their order, then J between the groups.
  public let groups: [GroupSpread]
  /// The masks' clusters against the known groups.
  public let randIndex: Double?
  /// The masks' clusters against those from features.
  public let randIndexToFeatures: Double?

  /// The mean of some pairs, their least and their most.
  public struct Spread: Sendable, Codable, Equatable {
    /// The mean.
    public let mean: Double
    /// The least.
    public let least: Double
    /// The most.
    public let most: Double

    /// What some values amount to; `nil` of none and where one is not finite.
    init?(_ values: [Double]) {
      guard let least = values.min(), let most = values.max(), values.allSatisfy(\.isFinite) else {
        return nil
      }
      mean = values.reduce(0, +) / Double(values.count)
      self.least = least
      self.most = most
    }
  }

  /// J within a group, or between groups.
  public struct GroupSpread: Sendable, Codable, Equatable {
    /// The group; `nil` is between groups.
    public let name: String?
    /// J of its pairs; `nil` of a group of one.
    public let jaccard: Spread?
  }

  /// Spearman's correlation of the masks' similarity and the names'; `nil` where there is none.
  public struct Correlation: Sendable, Codable, Equatable {
    /// Over all pairs.
    public let spearman: Double?
    /// Its significance by `PermutationTest`; `nil` if that was not asked for.
    public let p: Double?
    /// Over the pairs of each class.
    public let perClass: [Double?]

    /// A correlation.
    init(spearman: Double?, p: Double?, perClass: [Double?]) {
      self.spearman = spearman
      self.p = p
      self.perClass = perClass
    }
  }
}

/// What a round's masks say about the classes.
public struct RoundAlignment: Sendable, Codable, Equatable {
  /// The pruning round.
  public let round: Int
  /// Epochs that each subnetwork was trained for until then, if the log says so.
  public let epochs: Int?
  /// All weights, the depths, the layers.
  public let levels: [LevelAlignment]

  /// A level by name; `nil` if there is none.
  public func level(_ name: String) -> LevelAlignment? { levels.first { $0.name == name } }
}
