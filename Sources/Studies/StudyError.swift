internal import Experiments

/// What can be wrong with a plan of many runs.
public enum StudyError: Error, Equatable, CustomStringConvertible {
  /// There is no such reproduction.
  case unknownReproduction(String, known: [String])
  /// A reproduction has no such row.
  case unknownRow(String, known: [String])
  /// A change that the plan makes itself.
  case ownChange(String, reason: String)
  /// A factor of a sweep that cannot be read or tried.
  case badFactor(String, reason: String)
  /// A sparsity that pruning cannot be driven on to.
  case badGoal(String, reason: String)
  /// The config has no such key.
  case unknownKey(String, known: [String])
  /// A criterion of collapse that there is not, or a limit of it that is none.
  case badLimit(String, reason: String)
  /// A run of the plan's name is there with another config.
  case otherConfig(run: String, folder: String, ConfigDifference)

  /// One sentence: what was found, what was expected.
  public var description: String {
    switch self {
    case .unknownReproduction(let name, let known):
      "'\(name)' is no table of the paper that can be computed; "
        + Self.advice(name, known, "there is")
    case .unknownRow(let label, let known):
      "--methods: no method or group '\(label)'; " + Self.advice(label, known, "there are")
    case .ownChange(let change, let reason):
      "--set \(change): \(reason)"
    case .badFactor(let text, let reason): "--vary \(text): \(reason)"
    case .badGoal(let goal, let reason): "--to \(goal): \(reason)"
    case .unknownKey(let name, let known):
      "--vary \(name): the config has no such key; "
        + (NearestName.find(
          name, among: known + known.map { $0.split(separator: ".").last.map(String.init) ?? $0 }
        )
        .map { "did you mean '\($0)'?" } ?? "sample-configs/reference.yaml has all")
    case .badLimit(let text, let reason): "--limit \(text): \(reason)"
    case .otherConfig(let run, let folder, let difference):
      "run '\(run)' in \(folder) was made with another config: \(difference.description); "
        + "take another folder with --runs, or rename the run"
    }
  }

  private static func advice(_ name: String, _ known: [String], _ words: String) -> String {
    NearestName.find(name, among: known).map { "did you mean '\($0)'?" }
      ?? "\(words) \(known.joined(separator: ", "))"
  }
}
