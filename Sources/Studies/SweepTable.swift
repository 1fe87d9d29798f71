public import Experiments

/// The figures of a sweep: a line per run and target, what each value of a factor is worth by itself, and
/// the setting that came out best.
public struct SweepTable: Sendable, Encodable {
  /// A run at a target.
  public struct Line: Sendable, Encodable {
    /// The run's name.
    public let run: String
    /// The label of its setting.
    public let setting: String
    /// A value for each factor.
    public let values: [String]
    /// The seed.
    public let seed: UInt64
    /// The sparsity.
    public let target: Double
    /// The figures by their keys.
    public let figures: [String: Double]
  }

  /// A value of a factor, over everything else that was varied.
  public struct Effect: Sendable, Encodable {
    /// The factor's key.
    public let key: String
    /// The value.
    public let value: String
    /// The sparsity.
    public let target: Double
    /// Score over the settings with this value, each the mean of its seeds.
    public let score: MeanDeviation
    /// Mean J, the same way; `nil` of a single mask.
    public let meanJaccard: MeanDeviation?
    /// Mean J less chance, the same way.
    public let excess: MeanDeviation?
  }

  /// A setting over the targets that all have been judged at.
  public struct Standing: Sendable, Encodable {
    /// The label of the setting.
    public let setting: String
    /// A value for each factor.
    public let values: [String]
    /// The mean score over the targets, over the seeds.
    public let score: MeanDeviation
  }

  /// What is varied.
  public let factors: [SweepFactor]
  /// What the subnetworks are judged by; `nil` while nothing is judged.
  public let metric: QualityMetric?
  /// The lines, in the order of the runs and targets.
  public let lines: [Line]
  /// The main effects, in the order of factors, values and targets.
  public let effects: [Effect]
  /// The settings with all of their runs judged at all common targets, the best first.
  public let ranking: [Standing]
  /// The targets that the ranking is over.
  public let commonTargets: [Double]
  /// The figures that are missing, with the reason.
  public let gaps: [ReproductionTable.Gap]

  /// Puts the figures of runs together.
  /// - Parameter sources: one for each run of the plan, in their order.
  public init(_ plan: SweepPlan, sources: [ReproductionTable.Source]) {
    factors = plan.factors
    let values = Dictionary(
      plan.settings.map { ($0.label, $0.values) }, uniquingKeysWith: { first, _ in first })
    var lines: [Line] = []
    var metrics: [QualityMetric] = []
    for (run, source) in zip(plan.runs, sources) {
      for target in source.targets {
        guard let figures = source.figures?.targets[target] else { continue }
        if let metric = figures.score?.metric { metrics.append(metric) }
        lines.append(
          Line(
            run: run.name, setting: run.label, values: values[run.label] ?? [], seed: run.seed,
            target: target, figures: SweepFigure.values(figures)))
      }
    }
    self.lines = lines
    metric = metrics.first
    effects = Self.effects(lines, factors: plan.factors)
    let targetSets = plan.runs.map { Set($0.config.targets) }
    commonTargets = targetSets.dropFirst().reduce(targetSets.first ?? []) { $0.intersection($1) }
      .sorted()
    ranking = Self.ranking(lines, plan: plan, targets: commonTargets)
    gaps = ReproductionTable.gaps(of: sources)
  }

  // MARK: - Means

  private static func effects(_ lines: [Line], factors: [SweepFactor]) -> [Effect] {
    let targets = Set(lines.map(\.target)).sorted()
    return factors.enumerated().flatMap { index, factor in
      factor.values.flatMap { value in
        targets.compactMap { target -> Effect? in
          let own = lines.filter { $0.values[index] == value && $0.target == target }
          func mean(_ figure: SweepFigure) -> MeanDeviation? {
            let settings = Dictionary(grouping: own, by: \.setting)
            let means = settings.sorted { $0.key < $1.key }.compactMap { _, lines in
              MeanDeviation(lines.compactMap { $0.figures[figure.key] })?.mean
            }
            return MeanDeviation(means)
          }
          return mean(.score).map { score in
            Effect(
              key: factor.key, value: value, target: target, score: score,
              meanJaccard: mean(.meanJaccard), excess: mean(.excess))
          }
        }
      }
    }
  }

  private static func ranking(_ lines: [Line], plan: SweepPlan, targets: [Double]) -> [Standing] {
    guard !targets.isEmpty else { return [] }
    let standings = plan.settings.compactMap { setting -> Standing? in
      let scores = plan.seeds.compactMap { seed -> Double? in
        let own = targets.compactMap { target in
          lines.first {
            $0.setting == setting.label && $0.seed == seed && $0.target == target
          }?.figures[SweepFigure.score.key]
        }
        return own.count == targets.count ? own.reduce(0, +) / Double(own.count) : nil
      }
      guard scores.count == plan.seeds.count else { return nil }
      return MeanDeviation(scores).map {
        Standing(setting: setting.label, values: setting.values, score: $0)
      }
    }
    return standings.enumerated().sorted {
      ($1.element.score.mean, $0.offset) < ($0.element.score.mean, $1.offset)
    }.map(\.element)
  }
}

/// A figure of a sweep's table: its key in CSV and JSON, and its value.
struct SweepFigure: Sendable {
  let key: String
  let value: @Sendable (TargetFigures) -> Double?

  static let score = SweepFigure(key: "score") { $0.score?.value }
  static let meanJaccard = SweepFigure(key: "mean_jaccard") { $0.meanJaccard }
  static let excess = SweepFigure(key: "excess") { figures in
    figures.meanJaccard.flatMap { j in figures.meanChance.map { j - $0 } }
  }

  /// All figures, in the order of the columns.
  static let all: [SweepFigure] = [
    score,
    SweepFigure(key: "precision") { $0.precision },
    SweepFigure(key: "recall") { $0.recall },
    SweepFigure(key: "f1") { $0.f1 },
    SweepFigure(key: "argmax_accuracy") { $0.argmaxAccuracy },
    SweepFigure(key: "union_parameters") { $0.unionParameters },
    meanJaccard, excess,
    SweepFigure(key: "hours") { $0.hours },
  ]

  /// The values of a run at a target; what is no number is left out.
  static func values(_ figures: TargetFigures) -> [String: Double] {
    var values: [String: Double] = [:]
    for figure in all {
      if let value = figure.value(figures), value.isFinite { values[figure.key] = value }
    }
    return values
  }
}
