/// What the command line asks to be launched.
enum RunBeginning: Sendable {
  /// A run of a configuration.
  case configuration(ConfigurationSource)
  /// A run that was interrupted.
  case resumed(run: String, isStrict: Bool)
  /// A new run from a round of another one; changes and name are the launcher's.
  case branched(run: String, round: Int)
}
