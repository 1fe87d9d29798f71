/// What the command line asks to be launched.
enum RunBeginning: Sendable {
  /// A run of a configuration.
  case configuration(ConfigurationSource)
  /// A run that was interrupted.
  case resumed(run: String, isStrict: Bool)
  /// A new run from a round of another one; changes and name are the launcher's.
  /// - Parameter waits: whether it stands before its first round until somebody lets it go.
  case branched(run: String, round: Int, waits: Bool)

  /// How the command line of `rtl engine` asks for it; changes, name and folder are the launcher's.
  var engineArguments: [String] {
    switch self {
    case .configuration(.file(let path)): ["--", path]
    case .configuration(.embedded(let name, _)): ["--embedded", "--", name]
    case .resumed(let run, let isStrict): ["--resume=\(run)"] + (isStrict ? ["--strict"] : [])
    case .branched(let run, let round, let waits):
      ["--branch=\(run)", "--round=\(round)"] + (waits ? ["--waits"] : [])
    }
  }
}
