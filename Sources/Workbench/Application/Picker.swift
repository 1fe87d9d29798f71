package import Experiments

/// The start screen: which configuration to run.
package struct Picker: Sendable, Equatable {
  /// What can be picked.
  package var configurations: [ConfigurationListing]
  /// The picked line.
  package var selected = 0
  /// Whether a launch is under way.
  package var isLaunching = false
  /// Why the last launch failed.
  package var failure: String?

  /// A list of configurations.
  package init(configurations: [ConfigurationListing]) {
    self.configurations = configurations
  }

  /// Goes to another line; stops at the ends.
  package mutating func move(by offset: Int) {
    selected = min(max(0, selected + offset), max(0, configurations.count - 1))
  }

  /// The configuration on the picked line.
  package var configuration: ConfigurationListing? {
    configurations.indices.contains(selected) ? configurations[selected] : nil
  }
}
