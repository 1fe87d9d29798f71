/// What is wrong with a person's settings, and where.
public enum SettingsError: Error, Hashable, CustomStringConvertible {
  /// It isn't YAML.
  case notYAML(TextPlace, problem: String)
  /// Something else was expected at this place.
  case unexpected(TextPlace, expected: String)
  /// A name that means nothing here.
  case unknownName(TextPlace, kind: String, name: String, nearest: String?)
  /// A text that is no key.
  case wrongKey(TextPlace, text: String)
  /// A key that has a meaning of its own everywhere.
  case reservedKey(TextPlace, key: Key, meaning: String)
  /// A key that would do two things.
  case conflict(TextPlace, key: Key, screen: String, first: String, second: String)
  /// A command that would be out of reach.
  case outOfReach(TextPlace, name: String)

  /// The error in one sentence, its place first.
  public var description: String {
    switch self {
    case .notYAML(let place, let problem): "\(place): \(problem)"
    case .unexpected(let place, let expected): "\(place): expected \(expected)"
    case .unknownName(let place, let kind, let name, let nearest):
      "\(place): unknown \(kind) '\(name)'" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
    case .wrongKey(let place, let text):
      "\(place): '\(text)' is no key; use a character such as p or \"?\", or a name such as Enter, "
        + "Space, PgUp, F5, ctrl-p, alt-x"
    case .reservedKey(let place, let key, let meaning):
      "\(place): \(key) cannot be given to a command: \(meaning)"
    case .conflict(let place, let key, let screen, let first, let second):
      "\(place): \(key) is the key of both '\(first)' and '\(second)' on the \(screen); give one of "
        + "them another key, or none with []"
    case .outOfReach(let place, let name):
      "\(place): '\(name)' needs a key, as there is no other way out"
    }
  }
}
