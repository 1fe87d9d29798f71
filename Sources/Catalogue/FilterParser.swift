internal import Foundation
internal import GRDB

/// Turns the words of a filter expression into SQL with bound values.
///
/// ```
/// or         = and ("or" and)*
/// and        = not ("and" not)*
/// not        = "not" not | "(" or ")" | comparison
/// comparison = operand SIGN operand
/// operand    = COLUMN | NUMBER | TEXT | "none"
/// ```
struct FilterParser {
  /// How deep parentheses and `not` may nest.
  static let depthLimit = 64
  /// How many comparisons an expression may have; SQLite's own limit on depth lies beyond.
  static let comparisonLimit = 200

  private let option: String
  private let tokens: [FilterToken]
  private var position = 0
  private var depth = 0
  private var comparisons = 0
  /// The values of the `?`, in order.
  private(set) var values: [DatabaseValue] = []

  /// A parser of words that end with `.end`.
  init(option: String, tokens: [FilterToken]) {
    self.option = option
    self.tokens = tokens
  }

  /// The SQL of the whole text.
  mutating func wholeExpression() throws -> String {
    let sql = try either()
    guard current.kind == .end else { throw unexpected("'and', 'or' or the end") }
    return sql
  }

  private var current: FilterToken { tokens[min(position, tokens.count - 1)] }

  private func unexpected(_ expected: String) -> CatalogueError { complaint(current, expected) }

  private func complaint(_ token: FilterToken, _ expected: String) -> CatalogueError {
    .expression(
      option: option, column: token.column, found: token.description, expected: expected,
      nearest: nil)
  }

  private mutating func either() throws -> String {
    var terms = [try both()]
    while current.isWord("or") {
      position += 1
      terms.append(try both())
    }
    return terms.count == 1 ? terms[0] : "(" + terms.joined(separator: " OR ") + ")"
  }

  private mutating func both() throws -> String {
    var terms = [try negation()]
    while current.isWord("and") {
      position += 1
      terms.append(try negation())
    }
    return terms.count == 1 ? terms[0] : "(" + terms.joined(separator: " AND ") + ")"
  }

  private mutating func negation() throws -> String {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else {
      throw unexpected("at most \(Self.depthLimit) parentheses and 'not' within each other")
    }
    if current.isWord("not") {
      position += 1
      return "(NOT " + (try negation()) + ")"
    }
    guard current.kind == .open else { return try comparison() }
    position += 1
    let inner = try either()
    guard current.kind == .close else { throw unexpected("'and', 'or' or ')'") }
    position += 1
    return inner
  }

  // MARK: - Comparisons

  private enum Operand {
    case column(CatalogueColumn)
    case number(Double, text: String)
    case text(String)
    case none
  }

  private mutating func comparison() throws -> String {
    comparisons += 1
    guard comparisons <= Self.comparisonLimit else {
      throw unexpected("at most \(Self.comparisonLimit) comparisons")
    }
    let leftToken = current
    let left = try operand()
    guard case .comparison(let sign) = current.kind else {
      throw unexpected(
        "a comparison: " + FilterToken.Comparison.allCases.map(\.rawValue).joined(separator: " "))
    }
    position += 1
    let rightToken = current
    let right = try operand()
    switch (left, right) {
    case (.column(let a), .column(let b)):
      guard a.kind == b.kind, a.kind != .words else {
        throw complaint(rightToken, "a column of the same kind as '\(a.name)'")
      }
      let condition =
        switch sign {
        case .contains: "instr(lower(\(b.sql)), lower(\(a.sql))) > 0"
        case .like: "\(a.sql) LIKE \(b.sql)"
        default: "\(a.sql) \(sign.rawValue) \(b.sql)"
        }
      return "ifnull(\(condition), 0)"
    case (.column(let column), _):
      return try compare(column, sign, right, rightToken)
    case (_, .column(let column)):
      guard let mirrored = sign.mirrored else {
        throw complaint(leftToken, "a column on the left of '\(sign.rawValue)'")
      }
      return try compare(column, mirrored, left, leftToken)
    default:
      throw complaint(leftToken, "a column on one side of '\(sign.rawValue)'")
    }
  }

  private mutating func operand() throws -> Operand {
    let token = current
    switch token.kind {
    case .number(let value, let text):
      position += 1
      return .number(value, text: text)
    case .text(let text):
      position += 1
      return .text(text)
    case .name(let name):
      if token.isWord("none") {
        position += 1
        return .none
      }
      guard let column = CatalogueColumn.named(name) else {
        throw CatalogueColumn.unknown(name, at: token.column, option: option)
      }
      position += 1
      return .column(column)
    default:
      throw unexpected("a column, a number or a 'text'")
    }
  }

  /// A column on the left, a value on the right.
  private mutating func compare(
    _ column: CatalogueColumn, _ sign: FilterToken.Comparison, _ operand: Operand,
    _ token: FilterToken
  ) throws -> String {
    if case .none = operand {
      switch sign {
      case .equal: return "\(column.sql) IS NULL"
      case .notEqual: return "\(column.sql) IS NOT NULL"
      default: throw complaint(token, "'=' or '!=' before 'none'")
      }
    }
    let isText = column.kind == .text || column.kind == .words
    guard isText || (sign != .like && sign != .contains) else {
      throw complaint(
        token, "a number: '\(column.name)' is not text, which '\(sign.rawValue)' needs")
    }
    values.append(try value(of: operand, for: column, token))
    guard column.kind == .words else {
      return "ifnull(\(Self.condition(column.sql, sign)), 0)"
    }
    // A run has a tag or it has not: `!=` is the absence of an equal one.
    let positive = sign == .notEqual ? .equal : sign
    let exists =
      "EXISTS (SELECT 1 FROM word WHERE word.run = run.name AND "
      + Self.condition("word.text", positive) + ")"
    return sign == .notEqual ? "(NOT \(exists))" : exists
  }

  private static func condition(_ place: String, _ sign: FilterToken.Comparison) -> String {
    switch sign {
    case .contains: "instr(lower(\(place)), lower(?)) > 0"
    case .like: "\(place) LIKE ?"
    default: "\(place) \(sign.rawValue) ?"
    }
  }

  private func value(
    of operand: Operand, for column: CatalogueColumn, _ token: FilterToken
  ) throws -> DatabaseValue {
    switch (column.kind, operand) {
    case (.number, .number(let value, _)), (.time, .number(let value, _)):
      return value.databaseValue
    case (.unsigned, .number(_, let text)):
      guard let value = UInt64(text) else {
        throw complaint(token, "a whole number from 0 to \(UInt64.max)")
      }
      return CatalogueColumn.digits(value).databaseValue
    case (.time, .text(let text)):
      guard let time = Self.time(text) else {
        throw complaint(token, "a date such as '2026-01-30' or '2026-01-30T18:00:00Z'")
      }
      return time.databaseValue
    case (.text, .text(let text)), (.words, .text(let text)):
      return text.databaseValue
    case (.text, _), (.words, _):
      throw complaint(token, "a text in quotes, as '\(column.name)' is text")
    default:
      throw complaint(token, "a number, as '\(column.name)' is one")
    }
  }

  /// Seconds since 1970 of a date, or of a date and time in UTC.
  private static func time(_ text: String) -> Double? {
    let whole = Date.ISO8601FormatStyle()
    let day = whole.year().month().day()
    let date = (try? whole.parse(text)) ?? (try? day.parse(text))
    return date?.timeIntervalSince1970
  }
}
