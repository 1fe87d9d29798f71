internal import GRDB

/// Reads cells of the index strictly: a file that somebody else wrote may hold anything anywhere, and
/// GRDB's own subscripts end the program at a value of another type.
enum CatalogueCell {
  /// A cell; `nil` where it is null.
  /// - Throws: `DatabaseError`, as of a damaged file, if the cell holds no such value.
  static func optional<Value: DatabaseValueConvertible>(
    _ row: Row, _ index: Int, as type: Value.Type = Value.self
  ) throws -> Value? {
    let cell: DatabaseValue = row[index]
    guard !cell.isNull else { return nil }
    guard let value = Value.fromDatabaseValue(cell) else {
      throw damage(found: cell, expected: "\(type)")
    }
    return value
  }

  /// A cell that must not be null.
  /// - Throws: `DatabaseError`, as of a damaged file.
  static func required<Value: DatabaseValueConvertible>(
    _ row: Row, _ index: Int, as type: Value.Type = Value.self
  ) throws -> Value {
    guard let value = try optional(row, index, as: type) else {
      throw damage(found: .null, expected: "\(type)")
    }
    return value
  }

  /// The error of a cell that does not hold what it should.
  static func damage(found: DatabaseValue, expected: String) -> DatabaseError {
    let kind =
      switch found.storage {
      case .null: "null"
      case .int64: "a whole number"
      case .double: "a number"
      case .string: "text"
      case .blob: "bytes"
      }
    return DatabaseError(
      resultCode: .SQLITE_CORRUPT, message: "found \(kind) in a cell, expected \(expected)")
  }
}
