package import Experiments
package import TerminalUI

/// Everything that can change the state.
package enum Action: Sendable {
  /// A key was pressed.
  case key(Key)
  /// Events arrived from the run.
  case events([RecordedEvent])
  /// Time passed; seconds since 1970.
  case tick(Double)
  /// The terminal has another size.
  case resize(Size)
  /// A launch went well.
  case launched(name: String)
  /// A launch failed, and why.
  case launchFailed(String)
  /// The line to the engine, or the right to command it, may have changed.
  case contact(RunContact)
  /// The process was asked to end.
  case interrupted
  /// The runs folder has answered.
  case runs(Result<[RunListing], RunQueryError>, matching: String)
  /// A run could not be opened, resumed or compared, and why.
  case openFailed(String)
  /// Runs were read for a comparison.
  case compared([ComparedRun])
  /// The runs of the comparison were looked at again; `nil` if there is nothing new.
  case comparisonGrown([ComparedRun]?)
  /// What the names of a run's classes have in common was looked up.
  case namesFound(AlignmentView.Names, for: [String])
  /// What was found out about a run was read, or could not be, and why.
  case analysis(Result<RunAnalysis, RunQueryError>, of: String)
  /// The rounds before a branch were read.
  case earlierCourse(CollapseCourse, of: String)
  /// The recording is played anew.
  case rewound
  /// The list of configurations was read again.
  case configurations([ConfigurationListing])
  /// A file was written.
  case exported(path: String, madeFolder: Bool = false)
  /// A file is there already and was left as it is.
  case exportExists(ExportRequest)
  /// A file could not be written, and why.
  case exportFailed(String)
}
