public import Experiments

/// A run that a plan asks for: under which name, with which config, and after which others.
public struct PlannedRun: Sendable, Equatable {
  /// The run's name, which says what it is: two plans that ask for the same thing share it.
  public var name: String
  /// The row of the table it belongs to.
  public var label: String
  /// The seed.
  public var seed: UInt64
  /// The whole config.
  public var config: ExperimentConfig
  /// The names of the runs that must have finished before it.
  public var prerequisites: [String]

  /// A planned run.
  public init(
    name: String, label: String, seed: UInt64, config: ExperimentConfig, prerequisites: [String]
  ) {
    self.name = name
    self.label = label
    self.seed = seed
    self.config = config
    self.prerequisites = prerequisites
  }
}
