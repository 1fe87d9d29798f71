internal import Experiments

/// What can go wrong in the engine; each case carries the values a person needs.
public enum EngineError: Error, Equatable, CustomStringConvertible {
  /// A config asks for something this combination of task, model and data cannot do.
  case unsupported(String)
  /// A file of a run does not fit the network its config describes.
  case mismatch(file: String, found: String, expected: String)
  /// A file of weights is not of the network that a config describes; all that is wrong with it.
  case unfit(file: String, problems: [String])
  /// The run has no such round.
  case noSuchRound(run: String, round: Int, available: [Int])
  /// The network has no such prunable layer.
  case noSuchLayer(String, layers: [String])
  /// The run has no such subnetwork, or none was named where there are several.
  case noSuchSubnetwork(String?, names: [String])

  /// A run that has finished cannot be resumed.
  case alreadyFinished(run: String)
  /// Something that the bits depend on is not what it was; refused under `--strict`.
  case bitsMayDiffer(run: String, differences: [String])

  /// One sentence: where, what was found, what was expected.
  public var description: String {
    switch self {
    case .unsupported(let reason): reason
    case .mismatch(let file, let found, let expected):
      "\(file): found \(found), expected \(expected)"
    case .unfit(let file, let problems):
      "\(file): does not fit the network:\n" + problems.map { "  \($0)" }.joined(separator: "\n")
    case .noSuchRound(let run, let round, let available):
      available.isEmpty
        ? "run '\(run)' has no finished round yet"
        : "run '\(run)' has no round \(round); it has \(Self.rounds(available, near: round))"
    case .alreadyFinished(let run):
      "run '\(run)' has finished; there is nothing to resume (rtl branch goes on from one of its rounds)"
    case .bitsMayDiffer(let run, let differences):
      "run '\(run)' would not go on with the same bits for certain: "
        + differences.joined(separator: "; ")
    case .noSuchSubnetwork(let name, let names):
      (name.map { "no subnetwork '\($0)'; " } ?? "which subnetwork? ")
        + (name.flatMap { NearestName.find($0, among: names) }.map { "did you mean '\($0)'?" }
          ?? "the subnetworks are \(names.joined(separator: ", "))")
    case .noSuchLayer(let name, let layers):
      "no prunable layer '\(name)'; "
        + (NearestName.find(name, among: layers).map { "did you mean '\($0)'?" }
          ?? "the layers are \(layers.joined(separator: ", "))")
    }
  }

  /// More rounds than this are not all told.
  private static let mostRounds = 12

  /// Rounds in words: from one to another where none is left out, else all, or those nearest to one.
  private static func rounds(_ available: [Int], near round: Int) -> String {
    let all = Set(available).sorted()
    guard let first = all.first, let last = all.last else { return "none" }
    if all.count == 1 { return "\(first)" }
    if all.count == last - first + 1 { return "\(first) to \(last)" }
    func list(_ rounds: [Int]) -> String { rounds.map(String.init).joined(separator: ", ") }
    guard all.count > mostRounds else { return list(all) }
    let near = all.sorted { $0.distance(to: round).magnitude < $1.distance(to: round).magnitude }
    return "\(all.count), the nearest \(list(near.prefix(4).sorted()))"
  }
}
