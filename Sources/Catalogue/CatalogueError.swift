/// What a person can ask of the catalogue that it cannot answer.
public enum CatalogueError: Error, Equatable, CustomStringConvertible {
  /// An expression that cannot be understood from a character on (columns count from 1).
  case expression(option: String, column: Int, found: String, expected: String, nearest: String?)

  /// The place, what was found, what was expected, the nearest valid name.
  public var description: String {
    switch self {
    case .expression(let option, let column, let found, let expected, let nearest):
      "\(option): column \(column): found \(found), expected \(expected)"
        + (nearest.map { "; did you mean '\($0)'?" } ?? "")
    }
  }
}
