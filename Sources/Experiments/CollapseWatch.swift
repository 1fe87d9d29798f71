/// The collapse watch: a fold of a run's events that says when an alarm begins, changes its level or
/// is over (paper §8).
///
/// It needs nothing but the events, so a resumed run has it back from its log. Levels have
/// hysteresis: an alarm begins at a limit and goes back only when its figure is clearly below.
public struct CollapseWatch: Sendable, Equatable {
  /// What it remembers of the rounds so far; a branch takes it over.
  public struct Memory: Sendable, Codable, Equatable {
    /// The scores of a subnetwork in a stage, such as balanced accuracies.
    public struct Quality: Sendable, Codable, Equatable {
      /// Extraction and retraining are judged apart: their scores are not of one kind.
      public var stage: Stage
      /// Index of the subnetwork.
      public var subnetwork: Int
      /// The best so far.
      public var best: Double
      /// The latest.
      public var latest: Double
    }

    /// One for each subnetwork and stage that was judged.
    public var qualities: [Quality] = []
    /// The lowest mean J of each subnetwork to the others, by index.
    public var lowestJaccard: [Int: Double] = [:]
    /// The others that this is about, by index; nothing in what older programs have written.
    public var comparedWith: [Int: [Int]]?
    /// How far the mean J of each last stood above its lowest, by index.
    public var risen: [Int: Double]?
    /// Weights left in each mask that was pruned, by index.
    public var weightsLeft: [Int: Int] = [:]

    /// Nothing seen yet.
    public init() {}
  }

  private let limits: WatchConfig
  /// The alarms that are raised, in the order in which they were.
  public private(set) var alarms: [Alarm] = []
  /// What it remembers.
  public private(set) var memory: Memory

  /// A watch with nothing seen yet, or with what the run has seen that it goes on from.
  public init(_ limits: WatchConfig, memory: Memory = Memory()) {
    self.limits = limits
    self.memory = memory
  }

  /// Takes an event in.
  /// - Returns: `.alarmRaised` and `.alarmCleared`, as the event asks for.
  public mutating func take(_ event: Event) -> [Event] {
    switch event {
    case .pruned(let report):
      memory.weightsLeft[report.subnetwork] = report.weightsLeft
      return []
    case .overlapMeasured(let report): return overlap(report) + emptyLayers(report)
    case .evaluated(let report): return report.subnetworks.flatMap { quality($0, of: report) }
    case .epochFinished(let report):
      return loss(
        report.meanLoss, subnetwork: report.subnetwork, stage: report.stage, round: report.round)
    default: return []
    }
  }

  // MARK: - The rules

  /// While masks find weights of their own, pruning makes J fall (slower than chance does, so the
  /// excess grows in every healthy run); J that rises again says that they come to be the same.
  private mutating func overlap(_ report: OverlapReport) -> [Event] {
    report.jaccard.indices.flatMap { k in
      let others = report.jaccard.indices.filter { $0 != k && areComparable(k, $0) }
      let (jaccard, chance) = (
        mean(report.jaccard, of: k, to: others), mean(report.chance, of: k, to: others)
      )
      // One subnetwork has nobody to be like, nor has one that was frozen while the others go on.
      guard jaccard.isFinite, chance.isFinite else { return [Event]() }
      if let before = memory.comparedWith?[k], before != others {
        // Other masks, other J: what had risen before is what has risen now.
        memory.lowestJaccard[k] = jaccard - (memory.risen?[k] ?? 0)
      }
      let lowest = min(memory.lowestJaccard[k] ?? jaccard, jaccard)
      memory.lowestJaccard[k] = lowest
      memory.comparedWith = (memory.comparedWith ?? [:]).merging([k: others]) { $1 }
      memory.risen = (memory.risen ?? [:]).merging([k: jaccard - lowest]) { $1 }
      return judge(
        jaccard - lowest, warning: limits.overlapRiseWarning, critical: limits.overlapRiseCritical
      ) { level, limit in
        Alarm(
          .overlap, level, subnetwork: k, stage: .extraction, round: report.round,
          value: jaccard - lowest, limit: limit, reference: lowest, chance: chance)
      }
    }
  }

  /// Whether two masks are of about the same size. The smaller of two keeps what is large, so the more it
  /// is pruned the more it lies in the larger: that is no sign of anything.
  private func areComparable(_ k: Int, _ other: Int) -> Bool {
    guard let one = memory.weightsLeft[k], let two = memory.weightsLeft[other] else { return true }
    return Double(min(one, two)) >= 0.99 * Double(max(one, two))
  }

  /// Mean of a subnetwork's figures to others, each over the highest that their sizes allow; `nan`
  /// without others.
  private func mean(_ matrix: [[Double]], of k: Int, to others: [Int]) -> Double {
    let sum = others.reduce(0.0) { sum, other in
      guard matrix[k].indices.contains(other) else { return .nan }
      let sizes = [k, other].compactMap { memory.weightsLeft[$0] }
      guard sizes.count == 2, let least = sizes.min(), let most = sizes.max(), least > 0 else {
        return sum + matrix[k][other]
      }
      return sum + matrix[k][other] * Double(most) / Double(least)
    }
    return sum / Double(others.count)
  }

  /// One alarm for a mask, however many of its layers are empty: critical unless the input is known to
  /// get past them to the outputs.
  private mutating func emptyLayers(_ report: OverlapReport) -> [Event] {
    report.jaccard.indices.flatMap { k in
      let empty = report.layers.filter { $0.sparsity.indices.contains(k) && $0.sparsity[k] >= 1 }
      let reaches = report.inputReachesOutput ?? []
      let level: Alarm.Level = reaches.indices.contains(k) && reaches[k] ? .warning : .critical
      return settle(
        empty.isEmpty ? nil : level,
        Alarm(
          .emptyLayer, level, subnetwork: k, stage: .extraction, round: report.round,
          value: Double(empty.count), limit: 1, layer: empty.first?.name))
    }
  }

  /// A round is judged on few samples before its rewind, so there a fall counts when it shows twice
  /// running; joint retraining is judged on all held-out samples.
  private mutating func quality(
    _ quality: SubnetworkQuality, of report: EvaluationReport
  ) -> [Event] {
    let (k, score, metric) = (
      quality.subnetwork, quality.score.value, quality.score.metric
    )
    guard score.isFinite else { return [] }
    let index = memory.qualities.firstIndex { $0.stage == report.stage && $0.subnetwork == k }
    var known =
      index.map { memory.qualities[$0] }
      ?? Memory.Quality(stage: report.stage, subnetwork: k, best: score, latest: score)
    let counted = report.stage == .extraction ? max(known.latest, score) : score
    known.best = max(known.best, score)
    known.latest = score
    if let index { memory.qualities[index] = known } else { memory.qualities.append(known) }
    return judge(
      known.best - counted, warning: limits.fallWarning(of: metric),
      critical: limits.fallCritical(of: metric)
    ) { level, limit in
      Alarm(
        .quality, level, subnetwork: k, stage: report.stage, round: report.round,
        value: known.best - counted, limit: limit, reference: known.best,
        metric: metric == .balancedAccuracy ? nil : metric)
    }
  }

  private mutating func loss(
    _ loss: Double, subnetwork: Int, stage: Stage, round: Int
  ) -> [Event] {
    settle(
      loss.isFinite ? nil : .critical,
      Alarm(
        .loss, .critical, subnetwork: subnetwork, stage: stage, round: round, value: loss,
        limit: .infinity))
  }

  // MARK: - Hysteresis

  /// Finds the level of a figure, given the level that its alarm has.
  /// - Parameter alarm: makes the alarm of a level with the limit of that level.
  private mutating func judge(
    _ value: Double, warning: Double, critical: Double, alarm: (Alarm.Level, Double) -> Alarm
  ) -> [Event] {
    let probe = alarm(.warning, warning)
    let present = alarms.first { $0.isAbout(probe) }?.level
    func limit(_ level: Alarm.Level) -> Double { level == .critical ? critical : warning }
    func holds(_ level: Alarm.Level) -> Bool {
      // A level that is reached is kept until the figure is clearly below it.
      let isHeld = present.map { $0 >= level } ?? false
      return value >= limit(level) * (isHeld ? 1 - limits.hysteresis : 1)
    }
    let level: Alarm.Level? = holds(.critical) ? .critical : holds(.warning) ? .warning : nil
    return settle(level, level.map { alarm($0, limit($0)) } ?? probe)
  }

  /// Brings an alarm to a level.
  private mutating func settle(_ level: Alarm.Level?, _ alarm: Alarm) -> [Event] {
    let index = alarms.firstIndex { $0.isAbout(alarm) }
    guard level != index.map({ alarms[$0].level }) else { return [] }
    if let index {
      let old = alarms.remove(at: index)
      guard level != nil else { return [.alarmCleared(old)] }
    }
    alarms.append(alarm)
    return [.alarmRaised(alarm)]
  }
}
