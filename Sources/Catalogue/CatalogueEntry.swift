public import Experiments

/// A run as the catalogue lists it.
public struct CatalogueEntry: Sendable, Equatable {
  /// The run's name.
  public var name: String
  /// A value for each of `CatalogueColumn.all`.
  public var values: [CatalogueValue]

  /// The value of a column; missing for a name that is no column's.
  public subscript(column: String) -> CatalogueValue {
    CatalogueColumn.names.firstIndex(of: column).map { values[$0] } ?? .missing
  }

  /// What its subnetworks came to after joint retraining, by what they are judged by.
  public var quality: QualityScore? {
    QualityMetric.allCases.lazy.compactMap { metric in
      self[metric.rawValue].double.map { QualityScore(metric, $0) }
    }.first
  }
}

/// Whether a column orders runs upwards or downwards.
public struct RunOrder: Sendable {
  /// The column.
  let column: CatalogueColumn
  /// Whether the largest comes first; runs without a value come last either way.
  let isDescending: Bool

  /// An order by a column's name.
  /// - Throws: `CatalogueError.expression` with the nearest name.
  public init(by name: String, isDescending: Bool, option: String = "--sort") throws {
    guard let column = CatalogueColumn.named(name) else {
      throw CatalogueColumn.unknown(name, at: 1, option: option)
    }
    self.column = column
    self.isDescending = isDescending
  }

  /// The order in SQL, ties by name.
  var sql: String {
    "\(column.sql) IS NULL, \(column.sql)\(isDescending ? " DESC" : ""), run.name"
  }
}
