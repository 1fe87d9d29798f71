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
  /// Leave the screen.
  case quit
  /// Ring the terminal's bell.
  case ring
}
