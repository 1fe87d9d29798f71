public import Experiments
internal import Foundation

/// The runs of a sweep: every combination of the factors' values, over some seeds, one seed complete
/// before the next; or one config driven on to a sparsity.
public struct SweepPlan: Sendable {
  /// A combination of values.
  public struct Setting: Sendable, Encodable, Equatable {
    /// What its runs are called, without the seed.
    public let label: String
    /// A value for each factor, in their order.
    public let values: [String]
  }

  /// What is varied; none if only the sparsity is driven on.
  public let factors: [SweepFactor]
  /// The combinations, the last factor's values changing fastest.
  public let settings: [Setting]
  /// The seeds, from 1.
  public let seeds: [UInt64]
  /// The sparsity that pruning is driven on to, if it is.
  public let goal: Double?
  /// The settings that all runs share.
  public let base: ExperimentConfig
  /// The runs, in their order; their labels are those of the settings.
  public let runs: [PlannedRun]

  /// More combinations than anybody waits for.
  private static let mostRuns = 10_000

  /// Keys whose values are the plan's to choose.
  static let ownKeys = [
    "name": "the runs are named after the config, the values and the seed",
    "seed": "the seeds are 1 to N, by --seeds N",
  ]

  /// Plans the runs.
  /// - Parameters:
  ///   - overrides: changes for all runs, as `section.key=value`.
  ///   - config: makes a config of changes.
  /// - Throws: `StudyError` for what cannot be swept, `ExperimentError.badConfig` for a combination that
  ///   makes no config.
  public init(
    factors: [SweepFactor], seedCount: Int, goal: Double?, overrides: [String],
    config: ([String]) throws -> ExperimentConfig
  ) throws {
    for change in overrides {
      let key = String(change.prefix { $0 != "=" })
      if key == "seed", let reason = Self.ownKeys[key] {
        throw StudyError.ownChange(key, reason: reason)
      }
      if factors.contains(where: { $0.key == key }) {
        throw StudyError.ownChange(key, reason: "--vary gives its values")
      }
    }
    let keys = factors.map(\.key)
    if let twice = keys.first(where: { key in keys.count { $0 == key } > 1 }) {
      throw StudyError.badFactor(twice, reason: "is varied twice; give all values at once")
    }
    let count = factors.reduce(seedCount) { $0.multipliedReportingOverflow(by: $1.values.count).0 }
    guard (1...Self.mostRuns).contains(count) else {
      throw StudyError.badFactor(
        keys.joined(separator: ", "), reason: "makes more than \(Self.mostRuns) runs")
    }
    self.factors = factors
    self.goal = goal
    seeds = (0..<UInt64(seedCount)).map { $0 + 1 }
    // The first combination speaks for the name and the rest; alone, the base may make no config.
    let combinations = Self.combinations(of: factors)
    func changes(_ values: [String]) -> [String] {
      zip(keys, values).map { "\($0)=\($1)" }
    }
    func made(_ changes: [String]) throws -> ExperimentConfig {
      do { return try config(changes) } catch ExperimentError.badConfig(let problems) {
        throw ExperimentError.badConfig(problems.map { Self.named($0, keys) })
      }
    }
    base = try made(overrides + changes(combinations[0]))
    let prefix = base.name + (goal.map { "-to-\($0)" } ?? "")
    let settings = combinations.map { values in
      Setting(label: Self.label(prefix, factors, values), values: values)
    }
    if let label = Self.repeated(settings.map(\.label)) {
      throw StudyError.badFactor(
        keys.joined(separator: ", "), reason: "two combinations would share the name '\(label)'")
    }
    self.settings = settings
    var runs: [PlannedRun] = []
    for seed in seeds {
      for setting in settings {
        let name = "\(setting.label)-\(seed)"
        let own = ["name=\"\(name)\"", "seed=\(seed)"]
        var config = try made(overrides + changes(setting.values) + own)
        if let goal {
          let further = try Self.changes(to: goal, of: config)
          config = try made(overrides + changes(setting.values) + further + own)
        }
        runs.append(
          PlannedRun(
            name: name, label: setting.label, seed: seed, config: config, prerequisites: []))
      }
    }
    self.runs = runs
  }

  /// The most characters of keys and values in a report's name.
  private static let longestValues = 96

  /// The name of its reports' files, without their endings; another for other keys or values.
  public var reportName: String {
    let name = "sweep-" + base.name + (goal.map { "-to-\($0)" } ?? "")
    guard !factors.isEmpty else { return name }
    let names = Self.names(of: factors)
    let exact = zip(names, factors).map { "\($0)=\($1.values.joined(separator: ","))" }
      .joined(separator: ",")
    let plain = Self.plain(exact)
    guard plain != exact || plain.utf8.count > Self.longestValues else { return "\(name)-\(plain)" }
    // What is cut or replaced still tells two sweeps apart.
    let hash = ContentHash.of(Data(exact.utf8)).prefix(8)
    var cut = plain
    while cut.utf8.count > Self.longestValues - 9 { cut.removeLast() }
    return "\(name)-\(cut)~\(hash)"
  }

  // MARK: - Making

  /// A problem of a value as a person gave it.
  private static func named(_ problem: ConfigProblem, _ keys: [String]) -> ConfigProblem {
    guard let key = keys.first(where: { problem.place == "--set \($0)" }) else { return problem }
    return ConfigProblem(place: "--vary \(key)", message: problem.message)
  }

  private static func combinations(of factors: [SweepFactor]) -> [[String]] {
    factors.reduce([[]]) { made, factor in
      made.flatMap { values in factor.values.map { values + [$0] } }
    }
  }

  /// A run's name has no room for what would end a path or a line.
  private static func label(
    _ prefix: String, _ factors: [SweepFactor], _ values: [String]
  ) -> String {
    let words = zip(names(of: factors), values).map { "\($0)=" + plain($1) }
    return ([prefix] + (words.isEmpty ? [] : [words.joined(separator: ",")])).joined(separator: "-")
  }

  /// What factors are called: without their sections where that tells them apart.
  private static func names(of factors: [SweepFactor]) -> [String] {
    factors.map { factor in
      factors.count { $0.ownName == factor.ownName } > 1 ? factor.key : factor.ownName
    }
  }

  private static func plain(_ text: String) -> String {
    String(text.map { "/\"\\ ".contains($0) ? "_" : $0 })
  }

  private static func repeated(_ names: [String]) -> String? {
    var seen: Set<String> = []
    return names.first { !seen.insert($0).inserted }
  }

  // MARK: - Driving the sparsity on

  /// Sparsities at which subnetworks are retrained on the way to a high one.
  private static let waypoints = [0.8, 0.85, 0.9, 0.925, 0.95, 0.965, 0.98, 0.99, 0.995]

  /// What a config needs to be pruned to a sparsity: targets on the way, rounds that take at most a
  /// quarter of what is left, so that a layer does not die between two looks, and a judgement in every
  /// round.
  static func changes(to goal: Double, of config: ExperimentConfig) throws -> [String] {
    guard config.extractsMasks else {
      throw StudyError.badGoal(
        "\(goal)", reason: "method '\(config.method.rawValue)' prunes nothing by itself here")
    }
    let own = config.extraction.targets.filter { $0 < goal }
    let further = waypoints.filter { $0 > own.last ?? 0 && $0 < goal }
    let targets = (own + further + [goal]).map { "\($0)" }.joined(separator: ", ")
    var changes = ["extraction.targets=[\(targets)]"]
    if config.extraction.largestShare == 1 { changes.append("extraction.largest_share=0.25") }
    if config.evaluation.roundSamples == 0 { changes.append("evaluation.round_samples=1000") }
    return changes
  }
}
