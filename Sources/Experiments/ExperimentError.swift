/// What can be wrong with configs, run directories and their files; each case says where.
public enum ExperimentError: Error, Equatable, CustomStringConvertible {
  /// All the problems of a config, in the order of the file.
  case badConfig([ConfigProblem])
  /// The operating system refused to read or write something.
  case file(path: String, reason: String)
  /// A run with this name is already there.
  case runExists(name: String, folder: String)
  /// There is no run of this name.
  case noSuchRun(name: String, folder: String, nearest: String?)
  /// A name that cannot be a folder's.
  case illegalRunName(String, reason: String)
  /// Another process writes the run.
  case runIsHeld(name: String, holder: String)
  /// A file system has less room than is needed; in bytes.
  case noRoom(path: String, needed: Int, free: Int)
  /// A text that cannot be a tag or a note.
  case badLabel(kind: String, text: String, reason: String)
  /// A file of a run is not what it should be.
  case damaged(path: String, byte: Int?, found: String, expected: String)
  /// A table of a person's is not what it should be; line and column count from 1.
  case badTable(path: String, line: Int, column: Int, found: String, expected: String)
  /// Names that what they are looked up in does not have; a sentence for each.
  case unknownNames(source: String, problems: [String])

  /// What was found where, and what was expected; a line per problem.
  public var description: String {
    switch self {
    case .badConfig(let problems):
      problems.map(\.description).joined(separator: "\n")
    case .file(let path, let reason):
      "\(path): \(reason)"
    case .runExists(let name, let folder):
      "a run named '\(name)' exists already in \(folder); choose another with --name"
    case .noSuchRun(let name, let folder, let nearest):
      "no run named '\(name)' in \(folder)" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
    case .illegalRunName(let name, let reason):
      "'\(name)' cannot name a run: \(reason)"
    case .runIsHeld(let name, let holder):
      "run '\(name)' is being written by "
        + (holder.isEmpty ? "another process" : holder) + "; only one may at a time"
    case .noRoom(let path, let needed, let free):
      "\(path): found \(Self.mebibytes(free)) free, expected at least \(Self.mebibytes(needed)) for "
        + "this run"
    case .badLabel(let kind, let text, let reason):
      "'\(text)' cannot be a \(kind): \(reason)"
    case .damaged(let path, let byte, let found, let expected):
      path + (byte.map { ": byte \($0)" } ?? "") + ": found \(found), expected \(expected)"
    case .badTable(let path, let line, let column, let found, let expected):
      "\(path):\(line):\(column): found \(found), expected \(expected)"
    case .unknownNames(let source, let problems):
      ([source + ":"] + problems).joined(separator: "\n  ")
    }
  }

  private static func mebibytes(_ bytes: Int) -> String { "\(bytes >> 20) MiB" }
}

/// One problem of a config, with its place.
public struct ConfigProblem: Sendable, Equatable, CustomStringConvertible {
  /// `file:line:column`, or `--set KEY`.
  public var place: String
  /// What was found, what was expected, the nearest valid name.
  public var message: String

  /// A problem at a place.
  public init(place: String, message: String) {
    self.place = place
    self.message = message
  }

  /// The place, then the message.
  public var description: String { "\(place): \(message)" }
}
