public import Experiments

/// How the workbench was left.
public struct WorkbenchOutcome: Sendable {
  /// What to print on the normal screen.
  public var summary: [String]
  /// The run that was on the screen last.
  public var runner: (any ExperimentRunner)?
  /// The state that run was in.
  public var state: RunState?
}
