/// Figures as fields of a table.
enum CSVField {
  /// A figure with all its digits; empty where it is not known.
  static func figure(_ value: Double?) -> String {
    guard let value else { return "" }
    return value.isFinite ? "\(value)" : value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
  }

  /// A count; empty where it is not known.
  static func count(_ value: Int?) -> String { value.map(String.init) ?? "" }
}
