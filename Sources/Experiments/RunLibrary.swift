/// A run of the runs folder as a list shows it.
public struct RunListing: Sendable, Equatable {
  /// The run's name.
  public var name: String
  /// The state that was recorded last.
  public var state: RunState
  /// Whether an engine holds the run at this moment.
  public var isLive: Bool
  /// Pruning rounds finished.
  public var rounds: Int
  /// Mean sparsity of the subnetworks.
  public var sparsity: Double?
  /// Mean quality of the subnetworks after joint retraining, by what they are judged by.
  public var quality: QualityScore?
  /// Mean J over the subnetworks.
  public var meanJaccard: Double?
  /// Seconds since 1970 at the start.
  public var startedAt: Double?
  /// What a person has tagged it with.
  public var tags: [String]

  /// A listed run.
  public init(
    name: String, state: RunState, isLive: Bool, rounds: Int, sparsity: Double?,
    quality: QualityScore?, meanJaccard: Double?, startedAt: Double?, tags: [String]
  ) {
    self.name = name
    self.state = state
    self.isLive = isLive
    self.rounds = rounds
    self.sparsity = sparsity
    self.quality = quality
    self.meanJaccard = meanJaccard
    self.startedAt = startedAt
    self.tags = tags
  }

  /// Whether it stopped in the middle: no engine, and no end.
  public var isInterrupted: Bool { !isLive && !state.isFinal }

  /// A word for how it is.
  public var word: String { state.word(isHeld: isLive) }
}

/// A condition on runs that cannot be understood.
public struct RunQueryError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The character it begins at, from 1; `nil` if it is nowhere in particular.
  public var column: Int?
  /// What was found and what was expected.
  public var description: String

  /// A misunderstanding at a place.
  public init(column: Int?, description: String) {
    self.column = column
    self.description = description
  }
}

/// The runs that are there; the only way for a screen to see others than its own.
public protocol RunLibrary: Sendable {
  /// The runs that meet a condition, or whose names contain a plain text; all for an empty one.
  /// - Throws: `RunQueryError` for a condition that cannot be understood; else an error whose
  ///   description is meant for a person.
  func runs(matching text: String) async throws -> [RunListing]

  /// Attaches to a run that an engine holds, and plays any other from its recording.
  /// - Throws: an error whose description is meant for a person.
  func open(_ run: String) async throws -> any ExperimentRunner

  /// Takes in what is recorded of a run and was not read yet, steps and epochs left out; takes a while.
  /// - Returns: whether there was anything new.
  /// - Throws: an error whose description is meant for a person.
  func read<Value>(_ run: String, into fold: inout EventFold<Value>) throws -> Bool

  /// The keys of a run's config with their values, in the order of the config; none that can be read.
  func configuration(of run: String) -> [(key: String, value: String)]

  /// What was found out about a run after it had ended.
  /// - Throws: an error whose description is meant for a person.
  func analysis(of run: String) throws -> RunAnalysis

  /// Quality and overlap over the rounds of the run that a branch comes from, from the first on; `nil` for a
  /// run that is no branch, or whose origin is gone. Takes a while.
  /// - Throws: an error whose description is meant for a person.
  func course(beforeBranch run: String) throws -> CollapseCourse?
}
