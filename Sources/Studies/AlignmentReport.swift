public import Experiments

/// What the masks of a run say about its classes, round by round, for people and for programs.
public struct AlignmentReport: Sendable, Encodable {
  /// The run.
  public let run: String
  /// Its subnetworks.
  public let subnetworks: [String]
  /// How alike their names are, if anybody knows.
  public let names: NameSimilarity?
  /// Which of them belong together, if anybody says so.
  public let groups: [KnownGroup]
  /// Shuffles for each p.
  public let permutations: Int
  /// What they were drawn from.
  public let seed: UInt64
  /// The clusters of the features against the groups.
  public let randIndexOfFeatures: Double?
  /// The rounds, oldest first.
  public let rounds: [RoundAlignment]
  /// What is drawn.
  public let map: Map

  /// The masks of one round over some of the weights, as they are drawn.
  public struct Map: Sendable, Encodable {
    /// The round.
    public let round: Int
    /// Which weights: `all`, a depth, a layer.
    public let level: String
    /// J of each pair.
    public let jaccard: [[Double]]
    /// The tree over 1 − J.
    public let tree: Dendrogram

    /// Masks to draw.
    public init(round: Int, level: OverlapLevel) {
      self.round = round
      self.level = level.name
      jaccard = level.jaccard
      tree = Dendrogram(similarity: level.jaccard)
    }
  }

  /// A report.
  public init(
    run: String, subnetworks: [String], alignment: MaskAlignment, rounds: [RoundAlignment],
    map: Map
  ) {
    self.run = run
    self.subnetworks = subnetworks
    names = alignment.names
    groups = alignment.groups
    permutations = alignment.test?.permutations ?? 0
    seed = alignment.test?.seed ?? 0
    randIndexOfFeatures = alignment.randIndexOfFeatures(things: subnetworks.count)
    self.rounds = rounds
    self.map = map
  }

  /// The round that is told in full.
  public var told: RoundAlignment? { rounds.first { $0.round == map.round } }

  /// Comma-separated values, unrounded: a record per round, level and class, the class `all` being all pairs.
  /// A figure that is not there is an empty field.
  public var records: [[String]] {
    func text(_ value: Double?) -> String { value.map { $0.isFinite ? "\($0)" : "" } ?? "" }
    let head = [
      "round", "epochs", "kind", "level", "layers", "weights", "sparsity", "class", "mean_jaccard",
      "least_jaccard", "most_jaccard", "mean_chance", "spearman", "p", "spearman_excess",
      "p_excess", "rand_index", "rand_index_features",
    ]
    return [head]
      + rounds.flatMap { round in
        round.levels.flatMap { level -> [[String]] in
          let place = [
            "\(round.round)", round.epochs.map(String.init) ?? "", level.kind.rawValue, level.name,
            "\(level.layers)", level.weights.map(String.init) ?? "", text(level.sparsity),
          ]
          let all =
            place + ["all"]
            + [
              level.jaccard?.mean, level.jaccard?.least, level.jaccard?.most, level.chance,
              level.byJaccard.spearman, level.byJaccard.p, level.byExcess.spearman,
              level.byExcess.p, level.randIndex, level.randIndexToFeatures,
            ].map(text)
          let classes = zip(level.byJaccard.perClass, level.byExcess.perClass)
          return [all]
            + zip(subnetworks, classes).map { name, figures in
              place + [name, "", "", "", ""]
                + [text(figures.0), "", text(figures.1), "", "", ""]
            }
        }
      }
  }
}
