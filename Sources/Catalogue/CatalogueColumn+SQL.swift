internal import Experiments
internal import GRDB

extension CatalogueColumn {
  /// The column in SQL.
  var sql: String { "run.\"\(name)\"" }

  /// Its declaration in the table `run`.
  var declaration: String {
    switch kind {
    case .number, .time: "\"\(name)\" NUMERIC"
    case .unsigned, .text, .words: "\"\(name)\" TEXT"
    }
  }

  /// A value as the database keeps it.
  func stored(_ value: CatalogueValue) -> DatabaseValue {
    switch value {
    case .missing: .null
    case .number(let number): number.databaseValue
    case .integer(let number): number.databaseValue
    case .unsigned(let number): Self.digits(number).databaseValue
    case .text(let text): text.databaseValue
    }
  }

  /// A value that the database kept.
  /// - Throws: `DatabaseError`, as of a damaged file, if it cannot have been stored by this program.
  func restored(_ value: DatabaseValue) throws -> CatalogueValue {
    switch (value.storage, kind) {
    case (.null, _): return .missing
    case (.int64(let number), .number), (.int64(let number), .time): return .integer(Int(number))
    case (.double(let number), .number), (.double(let number), .time):
      return CatalogueValue(number)
    case (.string(let text), .text), (.string(let text), .words): return .text(text)
    case (.string(let digits), .unsigned):
      if let number = UInt64(digits) { return .unsigned(number) }
    default: break
    }
    throw CatalogueCell.damage(found: value, expected: "a value of the column \(name)")
  }

  /// Twenty digits: numbers in this form are in the order of their text.
  static func digits(_ value: UInt64) -> String {
    let text = "\(value)"
    return String(repeating: "0", count: 20 - text.count) + text
  }

  /// The error of a name that is no column's.
  static func unknown(_ name: String, at column: Int, option: String) -> CatalogueError {
    let nearest = NearestName.find(name, among: names)
    return .expression(
      option: option, column: column, found: "'\(name)'",
      expected: nearest == nil ? "a column: \(names.joined(separator: ", "))" : "a column",
      nearest: nearest)
  }
}
