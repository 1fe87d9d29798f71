/// What the quality and the overlap of each subnetwork came to, round by round: a fold of a run's
/// events (paper §8, Fig. 2).
public struct CollapseCourse: Sendable {
  /// The masks of a round; values are per subnetwork, in their order.
  public struct Round: Sendable, Equatable {
    /// The pruning round, from 1.
    public var round: Int
    /// Fraction of prunable weights removed.
    public var sparsity: [Double]
    /// Mean J to the other masks; `nan` for K = 1.
    public var jaccard: [Double]
    /// What `jaccard` would be for independent masks of the same densities.
    public var chance: [Double]
    /// What it would be for independent masks of the same densities in every layer; `nan` where the
    /// sizes of the layers are not known.
    public var layerChance: [Double]
    /// Mean J to the others in each layer, shallow to deep: `[layer][subnetwork]`.
    public var layers: [[Float]]
    /// Layers of the mask without a weight.
    public var emptyLayers: [Int]
    /// How many different masks there seem to be: (Σ λ)² / Σ λ² over the eigenvalues λ of the matrix
    /// of J, from 1 (all the same) to K (nothing in common).
    public var effectiveMasks: Double
    /// Scores before the rewind, by subnetwork; of the masks as the round *found* them.
    public var extracted: [Int: Double] = [:]
    /// Scores after joint retraining with the masks of the round, by subnetwork.
    public var retrained: [Int: Double] = [:]
    /// The target that was reached, where a retraining says so.
    public var target: Double?
  }

  /// A value at a sparsity.
  public struct Point: Sendable, Equatable {
    /// The sparsity of the mask.
    public var sparsity: Double
    /// The value.
    public var value: Double

    /// A value at a sparsity.
    public init(sparsity: Double, value: Double) {
      self.sparsity = sparsity
      self.value = value
    }
  }

  /// The names of the subnetworks.
  public private(set) var subnetworks: [String] = []
  /// What they are judged by.
  public private(set) var metric = QualityMetric.balancedAccuracy
  /// The rounds whose masks were compared, ascending.
  public private(set) var rounds: [Round] = []

  private var layerWeights: [String: Int] = [:]
  private var prunable = 0
  private var weightsLeft: [Int: Int] = [:]
  /// Scores of a round that has not ended.
  private var judged: [Int: [Int: Double]] = [:]

  /// Nothing seen yet.
  public init() {}

  /// Takes the next event into account.
  public mutating func take(_ event: Event) {
    switch event {
    case .runStarted(let facts):
      subnetworks = facts.subnetworks
      prunable = facts.prunableParameters
      layerWeights = Dictionary(
        facts.layers.map { ($0.name, $0.weights) }, uniquingKeysWith: { $1 })
    case .pruned(let report):
      weightsLeft[report.subnetwork] = report.weightsLeft
    case .overlapMeasured(let report):
      rounds.removeAll { $0.round >= report.round }
      rounds.append(round(of: report))
      judged = [:]
    case .evaluated(let report):
      take(report)
    default:
      break
    }
  }

  /// Puts the rounds before this course that another one has: for a branch, what the run that it comes
  /// from had done until then. Nothing is taken over unless that one has the same masks in the first
  /// round here.
  public mutating func begin(with earlier: CollapseCourse) {
    guard let first = rounds.first, earlier.subnetworks == subnetworks,
      let end = earlier.rounds.firstIndex(where: { $0.round == first.round }),
      earlier.rounds[end].jaccard == first.jaccard, earlier.rounds[end].sparsity == first.sparsity
    else { return }
    rounds[0].extracted = earlier.rounds[end].extracted
    if first.retrained.isEmpty {
      rounds[0].retrained = earlier.rounds[end].retrained
      rounds[0].target = earlier.rounds[end].target
    }
    rounds = earlier.rounds[..<end] + rounds
  }

  private mutating func take(_ report: EvaluationReport) {
    let scores = report.subnetworks.filter(\.score.value.isFinite)
    if let first = scores.first { metric = first.score.metric }
    for quality in scores {
      if report.stage == .extraction {
        judged[report.round, default: [:]][quality.subnetwork] = quality.score.value
      } else if let index = rounds.lastIndex(where: { $0.round == report.round }) {
        rounds[index].retrained[quality.subnetwork] = quality.score.value
        rounds[index].target = report.target ?? rounds[index].target
      }
    }
  }

  private func round(of report: OverlapReport) -> Round {
    let count = report.jaccard.count
    let squares = report.jaccard.reduce(0) { $0 + $1.reduce(0) { $0 + $1 * $1 } }
    return Round(
      round: report.round,
      sparsity: (0..<count).map { k in
        guard let left = weightsLeft[k], prunable > 0 else { return 0 }
        return 1 - Double(left) / Double(prunable)
      },
      jaccard: (0..<count).map { Self.meanToOthers(report.jaccard, of: $0) },
      chance: (0..<count).map { Self.meanToOthers(report.chance, of: $0) },
      layerChance: layerChance(of: report),
      layers: report.layers.map { layer in
        (0..<count).map { Float(Self.meanToOthers(layer.jaccard, of: $0)) }
      },
      emptyLayers: (0..<count).map { k in
        report.layers.count { $0.sparsity.indices.contains(k) && $0.sparsity[k] >= 1 }
      },
      effectiveMasks: squares > 0 ? Double(count * count) / squares : .nan,
      extracted: judged[report.round] ?? [:])
  }

  /// Expectation over masks drawn at random layer by layer: with n weights in a layer, of which two
  /// masks keep shares a and b, Σ n a b / Σ n (a + b − a b), the quotient of the expected sizes.
  private func layerChance(of report: OverlapReport) -> [Double] {
    let count = report.jaccard.count
    var chance = Array(repeating: Array(repeating: Double.nan, count: count), count: count)
    for i in 0..<count {
      for j in 0..<i {
        var (shared, union) = (0.0, 0.0)
        for layer in report.layers {
          guard let weights = layerWeights[layer.name], layer.sparsity.count == count else {
            (shared, union) = (.nan, .nan)
            break
          }
          let (a, b) = (1 - layer.sparsity[i], 1 - layer.sparsity[j])
          shared += Double(weights) * a * b
          union += Double(weights) * (a + b - a * b)
        }
        chance[i][j] = union == 0 ? 1 : shared / union
        chance[j][i] = chance[i][j]
      }
    }
    return (0..<count).map { report.layers.isEmpty ? .nan : Self.meanToOthers(chance, of: $0) }
  }

  /// A matrix that is no square, as no engine sends it, has no means.
  private static func meanToOthers(_ matrix: [[Double]], of k: Int) -> Double {
    guard matrix.indices.contains(k), matrix[k].count == matrix.count else { return .nan }
    let others = matrix.indices.filter { $0 != k }
    return others.reduce(0) { $0 + matrix[k][$1] } / Double(others.count)
  }

  // MARK: - Curves

  /// A figure of the masks over their sparsity; what is no number is left out.
  public func curve(of k: Int, _ figure: (Round) -> [Double]) -> [Point] {
    rounds.compactMap { round in
      let values = figure(round)
      guard values.indices.contains(k), values[k].isFinite, round.sparsity.indices.contains(k)
      else { return nil }
      return Point(sparsity: round.sparsity[k], value: values[k])
    }
  }

  /// Scores after joint retraining over the sparsity.
  public func retrained(_ k: Int) -> [Point] {
    rounds.compactMap { round in
      guard let value = round.retrained[k], round.sparsity.indices.contains(k) else { return nil }
      return Point(sparsity: round.sparsity[k], value: value)
    }
  }

  /// Scores before the rewind over the sparsity of the masks that were judged: each round is judged
  /// before it prunes.
  public func extracted(_ k: Int) -> [Point] {
    rounds.enumerated().compactMap { index, round in
      guard let value = round.extracted[k] else { return nil }
      let before = index > 0 ? rounds[index - 1].sparsity : []
      return Point(sparsity: before.indices.contains(k) ? before[k] : 0, value: value)
    }
  }
}
