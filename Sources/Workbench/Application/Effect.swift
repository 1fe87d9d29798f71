package import Experiments

/// What the outer loop has to do after an update; nothing else touches the world.
package enum Effect: Sendable, Equatable {
  /// Hand a command to the engine.
  case send(RunCommand)
  /// Start a run from a configuration.
  case launch(ConfigurationListing)
  /// Read the list of configurations again.
  case listConfigurations
  /// Leave the screen.
  case quit
  /// Listen to the mouse, or no longer.
  case setMouse(Bool)
  /// Ring the terminal's bell.
  case ring
}
