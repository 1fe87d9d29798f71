/// What is wrong with a theme file, and where.
public enum ThemeError: Error, Hashable, CustomStringConvertible {
  /// It isn't YAML.
  case notYAML(TextPlace, problem: String)
  /// Something else was expected at this place.
  case unexpected(TextPlace, expected: String)
  /// A value that is no colour.
  case wrongColor(TextPlace, value: String)
  /// The theme it inherits from doesn't exist.
  case unknownParent(TextPlace, name: String, known: [String])
  /// It inherits from itself, by way of others or at once; the names on the way, the first one again
  /// as the last.
  case circle(TextPlace, names: [String])

  /// The error in one sentence, its place first.
  public var description: String {
    switch self {
    case .notYAML(let place, let problem): "\(place): \(problem)"
    case .unexpected(let place, let expected): "\(place): expected \(expected)"
    case .wrongColor(let place, let value):
      "\(place): '\(value)' is no colour; use \"#rrggbb\" in quotes, 0…255, default or a name like "
        + "red or bright-red"
    case .unknownParent(let place, let name, let known):
      "\(place): there is no theme '\(name)' to inherit from; there are "
        + known.joined(separator: ", ")
    case .circle(let place, let names):
      "\(place): a theme cannot inherit from itself: " + names.joined(separator: " inherits ")
    }
  }
}

/// A name in a theme file that means nothing; the rest of the file holds.
public struct ThemeWarning: Hashable, Sendable, CustomStringConvertible {
  /// Where it stands.
  public let place: TextPlace
  /// The name.
  public let name: String
  /// The known name that is nearest to it.
  public let nearest: String?

  /// The warning in one sentence, its place first.
  public var description: String {
    "\(place): unknown name '\(name)'" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
  }
}

/// A place in a text file, counted from 1.
public struct TextPlace: Hashable, Sendable, CustomStringConvertible {
  /// The file's name as it was given.
  public let file: String
  /// Line, from 1.
  public let line: Int
  /// Column, from 1.
  public let column: Int

  /// A place in a file.
  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// `file:line:column`.
  public var description: String { "\(file):\(line):\(column)" }
}
