package import Experiments

/// What the outer loop has to do after an update; nothing else touches the world.
package enum Effect: Sendable, Equatable {
  /// Hand a command to the engine.
  case send(RunCommand)
  /// Start a run from a configuration.
  case launch(ConfigurationListing)
  /// Start a new run from a round of this one and show it; then end this one at the next batch, if so
  /// wanted.
  case branch(round: Int, endsThisRun: Bool)
  /// Read the list of configurations again.
  case listConfigurations
  /// Write what is in sight to a file.
  case export(ExportRequest)
  /// Look for the runs that meet a filter.
  case listRuns(matching: String)
  /// Attach to a run, or play its recording.
  case openRun(String)
  /// Go on with an interrupted run.
  case resumeRun(String)
  /// Read runs for a comparison.
  case compareRuns([String])
  /// Read what the runs of the comparison have grown by.
  case readComparisonOn
  /// Look up how alike names are.
  case lookUpNames([String])
  /// Read what was found out about a run after it had ended.
  case readAnalysis(String)
  /// Read quality and overlap over the rounds before a branch.
  case readEarlierCourse(String)
  /// Ask the recording's player for something.
  case play(PlaybackCommand)
  /// Leave the screen.
  case quit
  /// Listen to the mouse, or no longer.
  case setMouse(Bool)
  /// Ring the terminal's bell.
  case ring
}
