internal import GRDB

/// A condition on runs, such as `sparsity >= 0.75 and not tag = 'draft'`.
///
/// Comparisons `=`, `!=`, `<`, `<=`, `>`, `>=`, and for text `~` (contains) and `like` (a pattern
/// with `%` and `_`), joined by `and`, `or`, `not` and parentheses. A comparison with a figure that
/// is missing does not hold, so its `not` does; `= none` asks whether it is missing.
public struct RunFilter: Sendable {
  /// The condition in SQL; values only as `?`.
  let sql: String
  /// The values, in the order of their places.
  let values: [DatabaseValue]

  /// Reads an expression.
  /// - Parameter option: named in errors.
  /// - Throws: `CatalogueError.expression` with the column of the character.
  public init(parsing text: String, option: String = "--where") throws {
    var parser = FilterParser(
      option: option, tokens: try FilterLexer.tokens(of: text, option: option))
    sql = try parser.wholeExpression()
    values = parser.values
  }
}
