public import Experiments

/// When each criterion gives its alarm, over recorded runs: its lead over the fall in quality, true and
/// false alarms.
public struct CollapseStudy: Sendable {
  /// A run with its course.
  public struct Source: Sendable {
    /// The run's name.
    public var run: String
    /// What came of it.
    public var course: CollapseCourse

    /// A named course.
    public init(run: String, course: CollapseCourse) {
      self.run = run
      self.course = course
    }
  }

  /// What became of one subnetwork under one criterion.
  public struct Outcome: Sendable, Equatable {
    /// The run.
    public var run: String
    /// The subnetwork's name.
    public var subnetwork: String
    /// The criterion's key.
    public var criterion: String
    /// The round of the alarm; `nil` if there was none.
    public var alarm: Int?
    /// The round of the fall; `nil` if quality never fell.
    public var fall: Int?
    /// The rule's horizon.
    var horizon: Int

    /// Rounds from the alarm to the fall; `nil` without both.
    public var lead: Int? { alarm.flatMap { alarm in fall.map { $0 - alarm } } }
    /// An alarm in time: not after the fall, and near enough to mean it.
    public var isTrue: Bool { lead.map { (0...horizon).contains($0) } ?? false }
    /// An alarm that no fall followed soon enough.
    public var isFalse: Bool { alarm != nil && (lead.map { $0 > horizon } ?? true) }
    /// A fall of which no alarm warned: none, or one that came after it.
    public var isMissed: Bool { fall != nil && !isTrue && !isFalse }
  }

  /// The outcomes of a criterion together.
  public struct Line: Sendable {
    /// The criterion.
    public let criterion: CollapseCriterion
    /// Subnetworks that were looked at.
    public let subnetworks: Int
    /// Those whose quality fell.
    public let falls: Int
    /// Alarms in time.
    public let trueAlarms: Int
    /// Alarms for nothing.
    public let falseAlarms: Int
    /// Falls without an alarm, or with one that came later.
    public let missed: Int
    /// The lead of the true alarms, in rounds; `nil` if there are none.
    public let lead: MeanDeviation?
    /// The largest figure of a subnetwork whose quality has not fallen within the horizon.
    public let highestHealthy: Double?
  }

  /// The runs.
  public let sources: [Source]
  /// The criteria with their limits.
  public let criteria: [CollapseCriterion]
  /// When quality counts as fallen.
  public let rule: CollapseRule

  /// Looks at some runs by some criteria.
  public init(
    _ sources: [Source], criteria: [CollapseCriterion] = CollapseCriterion.all,
    rule: CollapseRule = CollapseRule()
  ) {
    self.sources = sources
    self.criteria = criteria
    self.rule = rule
  }

  /// Every subnetwork of every run under every criterion.
  public var outcomes: [Outcome] { criteria.flatMap(outcomes(by:)) }

  /// A line per criterion.
  public var lines: [Line] {
    criteria.map { criterion in
      let outcomes = outcomes(by: criterion)
      return Line(
        criterion: criterion, subnetworks: outcomes.count,
        falls: outcomes.count { $0.fall != nil }, trueAlarms: outcomes.count(where: \.isTrue),
        falseAlarms: outcomes.count(where: \.isFalse), missed: outcomes.count(where: \.isMissed),
        lead: MeanDeviation(outcomes.filter(\.isTrue).compactMap { $0.lead.map(Double.init) }),
        highestHealthy: highestHealthy(by: criterion))
    }
  }

  private func outcomes(by criterion: CollapseCriterion) -> [Outcome] {
    sources.flatMap { source in
      source.course.subnetworks.indices.map { k in
        Outcome(
          run: source.run, subnetwork: source.course.subnetworks[k], criterion: criterion.key,
          alarm: criterion.alarm(of: k, in: source.course),
          fall: rule.fall(of: k, in: source.course), horizon: rule.horizon)
      }
    }
  }

  private func highestHealthy(by criterion: CollapseCriterion) -> Double? {
    sources.flatMap { source in
      source.course.subnetworks.indices.compactMap { k -> Double? in
        let end = rule.fall(of: k, in: source.course).map { $0 - rule.horizon } ?? .max
        return criterion.highest(of: k, in: source.course, before: end)
      }
    }.max()
  }
}
